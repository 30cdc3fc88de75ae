import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api, take } from "../api/client";
import { Failed, Find, Loaded, More, Once, Table } from "./parts";
import { useChange } from "./search";
import { signInLink } from "./signInLink";
import { useWords } from "./words";

/** Everybody: found, let in, invited. */
export default function People() {
  const { t } = useWords();
  return (
    <>
      <h1>{t("sections.people")}</h1>
      <Add />
      <List />
    </>
  );
}

function Add() {
  const { t } = useWords();
  const client = useQueryClient();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const add = useMutation({
    mutationFn: () =>
      take(
        api.POST("/api/stook/v1/administration/people", { body: { email, name, invite: true } }),
      ),
    onSuccess: () => {
      setEmail("");
      setName("");
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["admin", "people"] }),
  });
  return (
    <section>
      <h2>{t("people.add")}</h2>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <input
          type="email"
          required
          aria-label={t("people.email")}
          placeholder={t("people.email")}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <input
          aria-label={t("people.name")}
          placeholder={t("people.name")}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <button type="submit" className="main" disabled={add.isPending}>
          {t("people.invite")}
        </button>
      </form>
      <Failed error={add.error} />
      {add.data?.link && (
        <Once
          value={signInLink(add.data.link)}
          says={t("people.link", { email: add.data.email })}
        />
      )}
    </section>
  );
}

function List() {
  const { t, date } = useWords();
  const wanted = useSearch({ from: "/admin/people" });
  const change = useChange();
  const active = wanted.state ? wanted.state === "active" : null;
  const query = { query: wanted.q ?? "", active };
  const found = useInfiniteQuery({
    queryKey: ["admin", "people", query],
    initialPageParam: null as string | null,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/stook/v1/administration/people", {
          params: { query: { ...query, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
  return (
    <section>
      <h2>{t("people.list")}</h2>
      <div className="filters">
        <Find label={t("people.find")} words={query.query} settled={(q) => change({ q })} />
        <select
          aria-label={t("documents.state")}
          value={wanted.state ?? ""}
          onChange={(event) => change({ state: event.target.value })}
        >
          <option value="">{t("people.states.any")}</option>
          <option value="active">{t("people.states.active")}</option>
          <option value="shut-out">{t("people.states.inactive")}</option>
        </select>
      </div>
      <Loaded found={{ data: found.data, error: found.error }}>
        {({ pages }) => (
          <>
            <Table
              caption={t("people.list")}
              rows={pages.flatMap((page) => page.people)}
              keyOf={(each) => each.email}
              empty={t("people.none")}
              columns={[
                {
                  id: "person",
                  title: t("people.person"),
                  cell: (each) => (
                    <>
                      <Link to="/admin/person" search={{ name: each.email }}>
                        {each.name || each.email}
                      </Link>
                      {each.name && <small>{each.email}</small>}
                    </>
                  ),
                },
                {
                  id: "role",
                  title: t("people.role"),
                  cell: (each) =>
                    !each.active
                      ? t("people.states.inactive")
                      : t(each.administrator ? "people.administrator" : "people.user"),
                },
                {
                  id: "since",
                  title: t("people.since"),
                  cell: (each) => date(each.created_at),
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
