import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { Menu } from "lucide-react";
import { createContext, useContext, useEffect, useEffectEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, Problem, type Schemas, take } from "./api/client";
import { comeBack } from "./chat/live";
import { reload } from "./chat/stored";
import { Sidebar } from "./chats/Sidebar";
import { Dialog } from "./parts/Dialog";
import { Keys } from "./parts/Keys";
import { SignIn } from "./SignIn";

const Account = createContext<Schemas["Me"] | null>(null);

/** Who is signed in; for what stands inside the frame. */
export function useMe(): Schemas["Me"] {
  const me = useContext(Account);
  if (!me) throw new Error("used outside of the frame");
  return me;
}

/** The frame of every page: chats beside, the page itself, or signing in. */
export function App() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [isOpen, setOpen] = useState(false);
  const me = useQuery({
    queryKey: ["me"],
    queryFn: () => take(api.GET("/api/stook/v1/me")),
    enabled: !(path === "/sign-in" && location.hash),
    retry: (count, error) => !(error instanceof Problem && error.status === 401) && count < 3,
    staleTime: 60_000,
  });
  const [isHelping, setHelping] = useState(false);
  useShortcuts(() => setHelping(true));
  useComeBack(Boolean(me.data));
  if (!me.data && (me.error || path === "/sign-in")) {
    const stranger = !me.error || (me.error instanceof Problem && me.error.status === 401);
    if (stranger) return <SignIn signedIn={() => void navigate({ to: "/", replace: true })} />;
    return (
      <p className="note bad" role="alert">
        {me.error?.message}
      </p>
    );
  }
  if (!me.data) return <p className="hidden">{t("app.loading")}</p>;
  return (
    <Account value={me.data}>
      <a href="#conversation" className="skip">
        {t("app.skip")}
      </a>
      <div className="frame">
        <Sidebar me={me.data} isOpen={isOpen} close={() => setOpen(false)} />
        {isOpen && (
          <button
            type="button"
            className="scrim narrow-only"
            aria-hidden
            tabIndex={-1}
            onClick={() => setOpen(false)}
          />
        )}
        <div className="page">
          <header className="bar narrow-only">
            <button type="button" className="icon" onClick={() => setOpen(true)}>
              <Menu aria-hidden />
              <span className="hidden">{t("app.menu")}</span>
            </button>
            <span className="brand">Stook</span>
          </header>
          <Outlet />
        </div>
        {isHelping && (
          <Dialog title={t("settings.keys")} close={() => setHelping(false)}>
            <Keys />
          </Dialog>
        )}
      </div>
    </Account>
  );
}

function useComeBack(isSignedIn: boolean) {
  const client = useQueryClient();
  const done = useRef(false);
  useEffect(() => {
    if (!isSignedIn || done.current) return;
    done.current = true;
    comeBack(reload(client));
  }, [isSignedIn, client]);
}

function useShortcuts(help: () => void) {
  const navigate = useNavigate();
  const helping = useEffectEvent(help);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const typing = (event.target as HTMLElement).closest?.("input, textarea, select");
      if (typing || event.metaKey || event.ctrlKey || event.altKey) return;
      if (event.key === "n") void navigate({ to: "/" });
      else if (event.key === "s") void navigate({ to: "/search", search: {} });
      else if (event.key === "?") helping();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [navigate]);
}
