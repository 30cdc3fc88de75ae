import { Link, Outlet } from "@tanstack/react-router";
import { useMe } from "../App";
import "./admin.css";
import { useWords } from "./words";

const SECTIONS = [
  ["overview", "/admin"],
  ["insights", "/admin/insights"],
  ["answers", "/admin/answers"],
  ["documents", "/admin/documents"],
  ["people", "/admin/people"],
  ["groups", "/admin/groups"],
  ["tokens", "/admin/tokens"],
  ["explain", "/admin/explain"],
  ["audit", "/admin/audit"],
] as const;

/** The frame of administration: its sections, and the one that is open. */
export default function AdminPage() {
  const { t } = useWords();
  const me = useMe();
  if (!me.administrator)
    return (
      <main id="conversation" className="admin" tabIndex={-1}>
        <h1>{t("title")}</h1>
        <p className="note">{t("denied")}</p>
      </main>
    );
  return (
    <main id="conversation" className="admin" tabIndex={-1}>
      <nav className="sections" aria-label={t("title")}>
        {SECTIONS.map(([name, path]) => (
          <Link
            key={name}
            to={path}
            activeOptions={{ exact: path === "/admin", includeSearch: false }}
            activeProps={{ className: "active", "aria-current": "page" }}
          >
            {t(`sections.${name}`)}
          </Link>
        ))}
      </nav>
      <Outlet />
    </main>
  );
}
