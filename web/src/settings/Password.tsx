import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Schemas, take } from "../api/client";

/** One's own password: set, changed, removed; where the server has passwords at all. */
export function Password({ me }: { me: Schemas["Me"] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [current, setCurrent] = useState("");
  const [fresh, setFresh] = useState("");
  const options = useQuery({
    queryKey: ["sign-in options"],
    queryFn: () => take(api.GET("/api/stook/v1/sign-in/options")),
  });
  const settled = () => {
    setCurrent("");
    setFresh("");
    void client.invalidateQueries({ queryKey: ["me"] });
    void client.invalidateQueries({ queryKey: ["sessions"] });
  };
  const change = useMutation({
    mutationFn: () => take(api.POST("/api/stook/v1/password", { body: { current, new: fresh } })),
    onSuccess: settled,
  });
  const remove = useMutation({
    mutationFn: () => take(api.POST("/api/stook/v1/password/removal", { body: { current } })),
    onSuccess: settled,
  });
  if (!options.data?.passwords) return null;
  const error = change.error ?? remove.error;
  return (
    <section>
      <h2>{t("settings.password.title")}</h2>
      {!me.has_password && <p className="note">{t("settings.password.none")}</p>}
      <form
        className="by-password"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <input type="hidden" autoComplete="username" value={me.email} readOnly />
        {me.has_password && (
          <label>
            {t("settings.password.current")}
            <input
              type="password"
              autoComplete="current-password"
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
            />
          </label>
        )}
        <label>
          {t("settings.password.new")}
          <input
            type="password"
            required
            minLength={12}
            autoComplete="new-password"
            value={fresh}
            onChange={(event) => setFresh(event.target.value)}
          />
        </label>
        <p className="faint">{t("settings.password.hint")}</p>
        {error && (
          <p className="note bad" role="alert">
            {error.message}
          </p>
        )}
        {change.isSuccess && <p role="status">{t("settings.password.done")}</p>}
        <p className="buttons">
          <button type="submit" className="main" disabled={change.isPending}>
            {t(me.has_password ? "settings.password.change" : "settings.password.set")}
          </button>
          {me.has_password && (
            <button
              type="button"
              className="quiet bad"
              onClick={() => confirm(t("settings.password.confirm")) && remove.mutate()}
            >
              {t("settings.password.remove")}
            </button>
          )}
        </p>
      </form>
    </section>
  );
}
