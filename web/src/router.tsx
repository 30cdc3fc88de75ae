import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { lazy } from "react";
import { App, useMe } from "./App";
import { wantedFrom } from "./admin/search";
import { ChatPage } from "./chat/ChatPage";

const SearchPage = lazy(() => import("./search/SearchPage"));
const SettingsPage = lazy(() => import("./settings/SettingsPage"));
const AdminPage = lazy(() => import("./admin/AdminPage"));
const Overview = lazy(() => import("./admin/Overview"));
const Documents = lazy(() => import("./admin/Documents"));
const Document = lazy(() => import("./admin/Document"));
const People = lazy(() => import("./admin/People"));
const Person = lazy(() => import("./admin/Person"));
const Groups = lazy(() => import("./admin/Groups"));
const Group = lazy(() => import("./admin/Group"));
const Tokens = lazy(() => import("./admin/Tokens"));
const Explain = lazy(() => import("./admin/Explain"));
const Insights = lazy(() => import("./admin/Insights"));
const Answers = lazy(() => import("./admin/Answers"));
const Audit = lazy(() => import("./admin/Audit"));

const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);
const root = createRootRoute({ component: App });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: (search): { about?: string } => {
    const about = text(search.about);
    return about ? { about } : {};
  },
  component: function Home() {
    const { about } = home.useSearch();
    return <ChatPage key="new" me={useMe()} chatId={null} draft={about && `${about}: `} />;
  },
});

const chat = createRoute({
  getParentRoute: () => root,
  path: "/chat/$chatId",
  component: function Chat() {
    const { chatId } = chat.useParams();
    return <ChatPage key={chatId} me={useMe()} chatId={chatId} />;
  },
});

const search = createRoute({
  getParentRoute: () => root,
  path: "/search",
  validateSearch: (given): { q?: string } => {
    const q = text(given.q);
    return q ? { q } : {};
  },
  component: function Search() {
    return <SearchPage query={search.useSearch().q ?? ""} />;
  },
});

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: function Settings() {
    return <SettingsPage me={useMe()} />;
  },
});

const admin = createRoute({
  getParentRoute: () => root,
  path: "/admin",
  component: AdminPage,
  validateSearch: wantedFrom,
});

const overview = createRoute({ getParentRoute: () => admin, path: "/", component: Overview });
const administration = [
  overview,
  createRoute({ getParentRoute: () => admin, path: "/documents", component: Documents }),
  createRoute({ getParentRoute: () => admin, path: "/documents/$documentId", component: Document }),
  createRoute({ getParentRoute: () => admin, path: "/people", component: People }),
  createRoute({ getParentRoute: () => admin, path: "/person", component: Person }),
  createRoute({ getParentRoute: () => admin, path: "/groups", component: Groups }),
  createRoute({ getParentRoute: () => admin, path: "/group", component: Group }),
  createRoute({ getParentRoute: () => admin, path: "/tokens", component: Tokens }),
  createRoute({ getParentRoute: () => admin, path: "/explain", component: Explain }),
  createRoute({ getParentRoute: () => admin, path: "/audit", component: Audit }),
  createRoute({ getParentRoute: () => admin, path: "/insights", component: Insights }),
  createRoute({ getParentRoute: () => admin, path: "/answers", component: Answers }),
] as const;

const signIn = createRoute({ getParentRoute: () => root, path: "/sign-in", component: () => null });

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    chat,
    search,
    settings,
    admin.addChildren(administration),
    signIn,
  ]),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
