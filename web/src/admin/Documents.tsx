import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { api, type Schemas, take } from "../api/client";
import { Failed, Find, Loaded, More, Table } from "./parts";
import { useChange, type Wanted } from "./search";
import { useWords } from "./words";

type Sort = "title" | "datasource" | "changed" | "stored";
type State = "" | "pending" | "noted";

/** Datasources, and all documents, or those that one person sees. */
export default function Documents() {
  const { t } = useWords();
  const { person } = useSearch({ from: "/admin/documents" });
  return (
    <>
      <h1>{person ? t("documents.seenBy", { person }) : t("sections.documents")}</h1>
      {person && (
        <p className="note">
          <Link to="/admin/documents">{t("documents.all")}</Link>
        </p>
      )}
      <Datasources person={person ?? ""} />
      <List />
    </>
  );
}

function Datasources({ person }: { person: string }) {
  const { t, number, moment } = useWords();
  const client = useQueryClient();
  const found = useQuery({
    queryKey: ["admin", "datasources", person],
    queryFn: () =>
      take(api.GET("/api/stook/v1/administration/datasources", { params: { query: { person } } })),
  });
  const remove = useMutation({
    mutationFn: (name: string) =>
      take(
        api.DELETE("/api/stook/v1/administration/datasources/{name}", {
          params: { path: { name } },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ["admin"] }),
  });
  const ask = (each: Schemas["DatasourceHolding"]) =>
    confirm(t("documents.confirmDatasource", { name: each.name, count: each.documents })) &&
    remove.mutate(each.name);
  return (
    <section>
      <h2>{t("documents.datasources")}</h2>
      <Failed error={remove.error} />
      {remove.data && !remove.data.complete && (
        <p className="note" role="status">
          {t("documents.goesOn", { name: remove.variables })}
        </p>
      )}
      <Loaded found={found}>
        {({ datasources }) => (
          <Table
            caption={t("documents.datasources")}
            rows={datasources}
            keyOf={(each) => each.name}
            empty={t("documents.noDatasources")}
            columns={[
              {
                id: "name",
                title: t("documents.name"),
                cell: (each) => (
                  <Link
                    to="/admin/documents"
                    search={(before: Wanted) => ({ ...before, datasource: each.name })}
                  >
                    {each.display_name}
                  </Link>
                ),
              },
              {
                id: "documents",
                title: t("sections.documents"),
                numeric: true,
                cell: (each) => number(each.documents),
              },
              {
                id: "pending",
                title: t("documents.pending"),
                numeric: true,
                cell: (each) => number(each.pending),
              },
              {
                id: "stored",
                title: t("documents.lastChange"),
                cell: (each) => (each.stored_at ? moment(each.stored_at) : "–"),
              },
              ...(person
                ? []
                : [
                    {
                      id: "remove",
                      title: t("actions"),
                      cell: (each: Schemas["DatasourceHolding"]) => (
                        <button
                          type="button"
                          className="link bad"
                          disabled={remove.isPending}
                          onClick={() => ask(each)}
                        >
                          {t("remove")}
                          <span className="hidden"> {each.name}</span>
                        </button>
                      ),
                    },
                  ]),
            ]}
          />
        )}
      </Loaded>
    </section>
  );
}

function List() {
  const { t, number, date } = useWords();
  const wanted = useSearch({ from: "/admin/documents" });
  const change = useChange();
  const sort = (wanted.sort ?? "title") as Sort;
  const descending = Boolean(wanted.down);
  const query = {
    query: wanted.q ?? "",
    datasource: wanted.datasource ?? "",
    state: (wanted.state ?? "") as State,
    person: wanted.person ?? "",
    sort,
    descending,
  };
  const found = useInfiniteQuery({
    queryKey: ["admin", "documents", query],
    initialPageParam: null as string | null,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/stook/v1/administration/documents", {
          params: { query: { ...query, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
  return (
    <section>
      <h2>{t("documents.list")}</h2>
      <div className="filters">
        <Find label={t("documents.find")} words={query.query} settled={(q) => change({ q })} />
        <select
          aria-label={t("documents.state")}
          value={query.state}
          onChange={(event) => change({ state: event.target.value })}
        >
          <option value="">{t("documents.states.any")}</option>
          <option value="pending">{t("documents.states.pending")}</option>
          <option value="noted">{t("documents.states.noted")}</option>
        </select>
        {query.datasource && (
          <button type="button" className="quiet" onClick={() => change({ datasource: "" })}>
            {t("documents.only", { name: query.datasource })} ×
          </button>
        )}
      </div>
      <Loaded found={{ data: found.data, error: found.error }}>
        {({ pages }) => (
          <>
            <p className="note" role="status">
              {t("documents.count", {
                count: pages[0]?.total ?? 0,
                shown: number(pages[0]?.total ?? 0),
              })}
            </p>
            <Table
              caption={t("documents.list")}
              rows={pages.flatMap((page) => page.documents)}
              keyOf={(each) => each.id}
              empty={t("documents.none")}
              sorted={{ by: sort, descending }}
              sort={(by, down) => change({ sort: by, down: down ? "1" : "" })}
              columns={[
                {
                  id: "title",
                  title: t("documents.title"),
                  sorts: true,
                  cell: (each) => (
                    <>
                      <Link to="/admin/documents/$documentId" params={{ documentId: each.id }}>
                        {each.title || each.id}
                      </Link>
                      {each.pending && <small>{t("documents.states.pending")}</small>}
                    </>
                  ),
                },
                {
                  id: "datasource",
                  title: t("documents.datasource"),
                  sorts: true,
                  cell: (each) => each.datasource,
                },
                {
                  id: "changed",
                  title: t("documents.changed"),
                  sorts: true,
                  cell: (each) => date(each.changed_at),
                },
                {
                  id: "stored",
                  title: t("documents.stored"),
                  sorts: true,
                  cell: (each) => date(each.stored_at),
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
