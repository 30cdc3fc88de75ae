import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { api, type Schemas, take } from "../api/client";
import { Find, Loaded, More, Table } from "./parts";
import { useChange } from "./search";
import { useWords } from "./words";

const PATH = "/api/stook/v1/administration/audit";

/** Who did what: filtered and paged by the server, exported as it is filtered. */
export default function Audit() {
  const { t } = useWords();
  return (
    <>
      <h1>{t("sections.audit")}</h1>
      <p className="faint">{t("audit.intro")}</p>
      <List />
    </>
  );
}

function List() {
  const { t, moment } = useWords();
  const wanted = useSearch({ from: "/admin/audit" });
  const query = {
    actor: wanted.actor ?? "",
    action: wanted.action ?? "",
    subject: wanted.q ?? "",
    since: startOf(wanted.since),
    until: startOf(wanted.until),
  };
  const found = useInfiniteQuery({
    queryKey: ["admin", "audit", query],
    initialPageParam: null as string | null,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) =>
      take(api.GET(PATH, { params: { query: { ...query, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor,
  });
  return (
    <section>
      <h2>{t("audit.list")}</h2>
      <Filters actions={found.data?.pages[0]?.actions ?? []} />
      <p className="exports">
        {t("audit.export")}
        {(["csv", "jsonl"] as const).map((kind) => (
          <a key={kind} download href={`${PATH}/export?${new URLSearchParams({ ...query, kind })}`}>
            {t(`audit.${kind}`)}
          </a>
        ))}
      </p>
      <Loaded found={{ data: found.data, error: found.error }}>
        {({ pages }) => (
          <>
            <Table
              caption={t("audit.list")}
              rows={pages.flatMap((page) => page.events)}
              keyOf={(each) => String(each.id)}
              empty={t("audit.none")}
              columns={[
                { id: "when", title: t("audit.when"), cell: (each) => moment(each.at) },
                {
                  id: "who",
                  title: t("audit.who"),
                  cell: (each) => (
                    <>
                      {each.actor}
                      {each.credential && (
                        <small>{t("audit.credential", { id: each.credential })}</small>
                      )}
                    </>
                  ),
                },
                {
                  id: "what",
                  title: t("audit.what"),
                  cell: (each) => t(`audit.actions.${each.action}`, each.action),
                },
                { id: "whom", title: t("audit.whom"), cell: (each) => <Subject event={each} /> },
              ]}
            />
            <More found={found} />
          </>
        )}
      </Loaded>
    </section>
  );
}

/** The moment at which a day begins where the reader is. */
function startOf(day: string | undefined): string {
  const at = day ? new Date(`${day}T00:00`) : null;
  return at && !Number.isNaN(at.valueOf()) ? at.toISOString() : "";
}

function Filters({ actions }: { actions: string[] }) {
  const { t } = useWords();
  const wanted = useSearch({ from: "/admin/audit" });
  const change = useChange();
  const kinds = Map.groupBy(actions, (action) => action.split(".", 1)[0] ?? "");
  return (
    <div className="filters">
      <Find
        label={t("audit.actor")}
        words={wanted.actor ?? ""}
        settled={(actor) => change({ actor })}
      />
      <Find label={t("audit.subject")} words={wanted.q ?? ""} settled={(q) => change({ q })} />
      <select
        aria-label={t("audit.what")}
        value={wanted.action ?? ""}
        onChange={(event) => change({ action: event.target.value })}
      >
        <option value="">{t("audit.any")}</option>
        {[...kinds].map(([kind, below]) => (
          <optgroup key={kind} label={t(`audit.kinds.${kind}`)}>
            {below.length > 1 && (
              <option value={kind}>
                {t(`audit.kinds.${kind}`)}: {t("audit.every")}
              </option>
            )}
            {below.map((action) => (
              <option key={action} value={action}>
                {t(`audit.actions.${action}`)}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      {(["since", "until"] as const).map((end) => (
        <label className="day" key={end}>
          {t(`audit.${end}`)}
          <input
            type="date"
            value={wanted[end] ?? ""}
            onChange={(event) => change({ [end]: event.target.value })}
          />
        </label>
      ))}
    </div>
  );
}

function Subject({ event }: { event: Schemas["AuditEvent"] }) {
  const { t } = useWords();
  const details = Object.entries(event.details);
  return (
    <>
      {event.subject}
      {details.length > 0 && (
        <details>
          <summary>{t("audit.details")}</summary>
          <dl className="facts">
            {details.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{typeof value === "string" ? value || "–" : JSON.stringify(value)}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </>
  );
}
