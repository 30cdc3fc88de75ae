import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Schemas, take } from "../api/client";
import { Failed, Find, Loaded, More, Once, Table } from "./parts";
import { useChange } from "./search";
import { useWords } from "./words";

type Scope = Schemas["Scope"];
const SCOPES: Scope[] = [
  "CHAT",
  "SEARCH",
  "AGENTS",
  "DOCUMENTS",
  "FEEDBACK",
  "PEOPLE",
  "SUMMARIZE",
  "TOOLS",
  "ADMIN",
];
const DAYS = [30, 90, 365];

/** API tokens: made for programs, shown once, revoked. */
export default function Tokens() {
  const { t } = useWords();
  return (
    <>
      <h1>{t("sections.tokens")}</h1>
      <Make />
      <List />
    </>
  );
}

function Make() {
  const { t } = useWords();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [days, setDays] = useState<number | null>(90);
  const [scopes, setScopes] = useState<Scope[]>(["CHAT", "SEARCH"]);
  const make = useMutation({
    mutationFn: () =>
      take(
        api.POST("/api/stook/v1/administration/tokens", {
          body: { name, email: email.trim(), days, scopes },
        }),
      ),
    onSuccess: () => setName(""),
    onSettled: () => client.invalidateQueries({ queryKey: ["admin", "tokens"] }),
  });
  return (
    <section>
      <h2>{t("tokens.make")}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <div className="filters">
          <input
            required
            aria-label={t("tokens.name")}
            placeholder={t("tokens.name")}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <input
            type="email"
            required
            aria-label={t("tokens.owner")}
            placeholder={t("tokens.owner")}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
          <select
            aria-label={t("tokens.lives")}
            value={days ?? ""}
            onChange={(event) => setDays(event.target.value ? Number(event.target.value) : null)}
          >
            {DAYS.map((each) => (
              <option key={each} value={each}>
                {t("tokens.days", { count: each })}
              </option>
            ))}
            <option value="">{t("tokens.forever")}</option>
          </select>
        </div>
        <fieldset className="scopes">
          <legend>{t("tokens.scopes")}</legend>
          {SCOPES.map((scope) => (
            <label className="check" key={scope}>
              <input
                type="checkbox"
                checked={scopes.includes(scope)}
                onChange={(event) =>
                  setScopes(
                    event.target.checked
                      ? [...scopes, scope]
                      : scopes.filter((each) => each !== scope),
                  )
                }
              />
              {scope}
            </label>
          ))}
        </fieldset>
        <button type="submit" className="main" disabled={make.isPending || !scopes.length}>
          {t("tokens.submit")}
        </button>
      </form>
      <Failed error={make.error} />
      {make.data && <Once value={make.data.token} says={t("tokens.made")} />}
    </section>
  );
}

function List() {
  const { t, moment } = useWords();
  const client = useQueryClient();
  const wanted = useSearch({ from: "/admin/tokens" });
  const change = useChange();
  const query = { query: wanted.q ?? "", alive: wanted.state !== "all" };
  const found = useInfiniteQuery({
    queryKey: ["admin", "tokens", query],
    initialPageParam: null as string | null,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/stook/v1/administration/tokens", {
          params: { query: { ...query, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
  const revoke = useMutation({
    mutationFn: (id: string) =>
      take(
        api.DELETE("/api/stook/v1/administration/tokens/{token_id}", {
          params: { path: { token_id: id } },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ["admin", "tokens"] }),
  });
  const now = new Date().toISOString();
  const ended = (token: Schemas["ListedToken"]) =>
    token.revoked_at
      ? t("tokens.revoked", { date: moment(token.revoked_at) })
      : token.expires_at && token.expires_at <= now
        ? t("tokens.expired", { date: moment(token.expires_at) })
        : "";
  return (
    <section>
      <h2>{t("tokens.list")}</h2>
      <div className="filters">
        <Find label={t("tokens.find")} words={query.query} settled={(q) => change({ q })} />
        <label className="check">
          <input
            type="checkbox"
            checked={!query.alive}
            onChange={(event) => change({ state: event.target.checked ? "all" : "" })}
          />
          {t("tokens.ended")}
        </label>
      </div>
      <Failed error={revoke.error} />
      <Loaded found={{ data: found.data, error: found.error }}>
        {({ pages }) => (
          <>
            <Table
              caption={t("tokens.list")}
              rows={pages.flatMap((page) => page.tokens)}
              keyOf={(each) => each.id}
              empty={t("tokens.none")}
              columns={[
                {
                  id: "name",
                  title: t("tokens.name"),
                  cell: (each) => (
                    <>
                      {each.name}
                      <small>{each.scopes.join(", ")}</small>
                    </>
                  ),
                },
                {
                  id: "owner",
                  title: t("tokens.for"),
                  cell: (each) => each.email ?? t("tokens.anybody"),
                },
                {
                  id: "used",
                  title: t("tokens.used"),
                  cell: (each) =>
                    each.last_used_at ? moment(each.last_used_at) : t("tokens.never"),
                },
                {
                  id: "ends",
                  title: t("tokens.ends"),
                  cell: (each) =>
                    ended(each) || (each.expires_at ? moment(each.expires_at) : t("tokens.never")),
                },
                {
                  id: "revoke",
                  title: t("actions"),
                  cell: (each) =>
                    !ended(each) && (
                      <button
                        type="button"
                        className="link bad"
                        onClick={() =>
                          confirm(t("tokens.confirm", { name: each.name })) &&
                          revoke.mutate(each.id)
                        }
                      >
                        {t("tokens.revoke")}
                        <span className="hidden"> {each.name}</span>
                      </button>
                    ),
                },
              ]}
            />
            <More found={found} />
          </>
        )}
      </Loaded>
    </section>
  );
}
