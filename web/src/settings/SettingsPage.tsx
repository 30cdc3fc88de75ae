import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Schemas, take } from "../api/client";
import { chooseLanguage, LANGUAGES, type Language } from "../i18n";
import { useFormat } from "../i18n/format";
import { Keys } from "../parts/Keys";
import { applyTheme, type Theme, theme } from "../theme";
import { Password } from "./Password";

/** One's own account: look, language, where one is signed in, one's chats. */
export default function SettingsPage({ me }: { me: Schemas["Me"] }) {
  const { t, i18n } = useTranslation();
  const [look, setLook] = useState(theme());
  return (
    <main id="conversation" className="settings" tabIndex={-1}>
      <h1>{t("settings.title")}</h1>
      <section>
        <h2>{t("settings.account")}</h2>
        <p>
          {me.name} <span className="faint">{me.email}</span>{" "}
          {me.administrator && <span className="tag">{t("settings.administrator")}</span>}
        </p>
      </section>
      <section>
        <h2>{t("settings.look")}</h2>
        <fieldset className="tabs">
          <legend className="hidden">{t("settings.look")}</legend>
          {(["system", "light", "dark"] as Theme[]).map((each) => (
            <button
              type="button"
              key={each}
              aria-pressed={look === each}
              onClick={() => {
                applyTheme(each);
                setLook(each);
              }}
            >
              {t(`settings.${each}`)}
            </button>
          ))}
        </fieldset>
      </section>
      <section>
        <h2>{t("settings.language")}</h2>
        <select
          aria-label={t("settings.language")}
          value={i18n.language}
          onChange={(event) => void chooseLanguage(event.target.value as Language)}
        >
          {Object.entries(LANGUAGES).map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </section>
      <Password me={me} />
      <Sessions />
      <DeleteChats />
      <section>
        <h2>{t("settings.keys")}</h2>
        <Keys />
      </section>
      <p className="faint">{t("settings.version", { version: me.version })}</p>
    </main>
  );
}

function Sessions() {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const client = useQueryClient();
  const found = useQuery({
    queryKey: ["sessions"],
    queryFn: () => take(api.GET("/api/stook/v1/sessions")),
  });
  const end = useMutation({
    mutationFn: (id: string) =>
      take(
        api.DELETE("/api/stook/v1/sessions/{session_id}", {
          params: { path: { session_id: id } },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ["sessions"] }),
  });
  return (
    <section>
      <h2>{t("settings.sessions")}</h2>
      <ul className="list">
        {found.data?.sessions.map((session) => (
          <li key={session.id}>
            <span className="title">{named(session.browser)}</span>
            <small>
              {session.current
                ? t("settings.current")
                : t("settings.seen", { date: moment(session.seen_at) })}
            </small>
            {!session.current && (
              <button type="button" className="quiet" onClick={() => end.mutate(session.id)}>
                {t("settings.end")}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The browser and system of a user agent, as people call them. */
function named(agent: string): string {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(agent)?.[1] ?? agent.slice(0, 40);
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(agent)?.[1];
  return [{ Edg: "Edge", OPR: "Opera" }[browser] ?? browser, system].filter(Boolean).join(", ");
}

function DeleteChats() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => take(api.DELETE("/api/stook/v1/chats")),
    onSuccess: () => navigate({ to: "/" }),
    onSettled: () => client.invalidateQueries({ queryKey: ["chats"] }),
  });
  return (
    <section>
      <h2>{t("app.menu")}</h2>
      <button
        type="button"
        className="quiet bad"
        onClick={() => confirm(t("chats.confirmAll")) && remove.mutate()}
      >
        {t("chats.deleteAll")}
      </button>
    </section>
  );
}
