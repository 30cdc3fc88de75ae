import { keepPreviousData, useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api, take } from "../api/client";
import { Failed, Find, Loaded, More, Table } from "./parts";
import { useChange } from "./search";
import { useWords } from "./words";

/** All groups: the organisation's own, and those that datasources brought. */
export default function Groups() {
  const { t, number } = useWords();
  const query = useSearch({ from: "/admin/groups" }).q ?? "";
  const change = useChange();
  const found = useInfiniteQuery({
    queryKey: ["admin", "groups", query],
    initialPageParam: null as string | null,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/stook/v1/administration/groups", {
          params: { query: { query, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
  return (
    <>
      <h1>{t("sections.groups")}</h1>
      <Add />
      <section>
        <h2>{t("groups.list")}</h2>
        <div className="filters">
          <Find label={t("groups.find")} words={query} settled={(q) => change({ q })} />
        </div>
        <Loaded found={{ data: found.data, error: found.error }}>
          {({ pages }) => (
            <>
              <Table
                caption={t("groups.list")}
                rows={pages.flatMap((page) => page.groups)}
                keyOf={(each) => `${each.realm} ${each.name}`}
                empty={t("groups.none")}
                columns={[
                  {
                    id: "name",
                    title: t("groups.name"),
                    cell: (each) => (
                      <Link to="/admin/group" search={{ name: each.name, realm: each.realm }}>
                        {each.name}
                      </Link>
                    ),
                  },
                  {
                    id: "realm",
                    title: t("groups.of"),
                    cell: (each) => each.realm || t("groups.organisation"),
                  },
                  {
                    id: "users",
                    title: t("sections.people"),
                    numeric: true,
                    cell: (each) => number(each.users),
                  },
                  {
                    id: "groups",
                    title: t("sections.groups"),
                    numeric: true,
                    cell: (each) => number(each.groups),
                  },
                ]}
              />
              <More found={found} />
            </>
          )}
        </Loaded>
      </section>
    </>
  );
}

function Add() {
  const { t } = useWords();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const add = useMutation({
    mutationFn: () =>
      take(api.POST("/api/stook/v1/administration/group", { body: { name, members: [] } })),
    onSuccess: () => navigate({ to: "/admin/group", search: { name } }),
  });
  return (
    <section>
      <h2>{t("groups.add")}</h2>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <input
          required
          aria-label={t("groups.name")}
          placeholder={t("groups.name")}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <button type="submit" className="main" disabled={add.isPending}>
          {t("groups.make")}
        </button>
      </form>
      <Failed error={add.error} />
    </section>
  );
}
