import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Schemas, take } from "../api/client";
import { DayChart } from "./DayChart";
import { Figures, Loaded, More, Table } from "./parts";
import { useChange } from "./search";
import { WriteAnswer, WritePage } from "./Write";
import { useWords } from "./words";

const PERIODS = [7, 30, 90, 365];
const SHOWN = 3; // questions of a cluster

/** What is asked, how it is answered, what is missing, and which documents are of use. */
export default function Insights() {
  const { t } = useWords();
  const change = useChange();
  const days = Number(useSearch({ from: "/admin/insights" }).days) || 30;
  const found = useQuery({
    queryKey: ["admin", "insights", days],
    placeholderData: keepPreviousData,
    queryFn: () =>
      take(api.GET("/api/stook/v1/administration/insights", { params: { query: { days } } })),
  });
  return (
    <>
      <h1>{t("sections.insights")}</h1>
      <div className="filters">
        <select
          aria-label={t("insights.period")}
          value={days}
          onChange={(event) => change({ days: event.target.value })}
        >
          {PERIODS.map((count) => (
            <option key={count} value={count}>
              {t("insights.days", { count })}
            </option>
          ))}
        </select>
      </div>
      <Loaded found={found}>{(summary) => <Summary summary={summary} />}</Loaded>
      <Unanswered days={days} />
      <Loaded found={found}>{(summary) => <Complaints found={summary.complaints} />}</Loaded>
      <Documents days={days} />
    </>
  );
}

function Summary({ summary }: { summary: Schemas["InsightsSummary"] }) {
  const { t, number, percent, decimal } = useWords();
  const total = (of: (day: Schemas["AnswersOfDay"]) => number) =>
    summary.days.reduce((sum, day) => sum + of(day), 0);
  const answered = total((day) => day.answered);
  const asked = answered + total((day) => day.closest + day.nothing + day.failed);
  const voted = summary.good + summary.bad;
  return (
    <>
      <p className="faint">
        {summary.text_days
          ? t("insights.privacy", { count: summary.text_days })
          : t("insights.noTexts")}
      </p>
      <section>
        <h2>{t("insights.overview")}</h2>
        <Figures
          figures={[
            { name: t("insights.questions"), value: number(asked) },
            { name: t("insights.answered"), value: asked ? percent(answered / asked) : "–" },
            {
              name: t("insights.good"),
              value: voted ? percent(summary.good / voted) : "–",
              note: voted ? `${number(summary.good)} / ${number(voted)}` : undefined,
            },
            ...summary.speed.map((each) => ({
              name: t("insights.speed", { percent: each.percent }),
              value: t("insights.seconds", { seconds: decimal(each.milliseconds / 1000) }),
            })),
          ]}
        />
      </section>
      <section>
        <h2>{t("insights.perDay")}</h2>
        <DayChart days={summary.days} />
      </section>
    </>
  );
}

function Unanswered({ days }: { days: number }) {
  const { t } = useWords();
  const found = useQuery({
    queryKey: ["admin", "unanswered", days],
    placeholderData: keepPreviousData,
    queryFn: () =>
      take(
        api.GET("/api/stook/v1/administration/insights/unanswered", {
          params: { query: { days } },
        }),
      ),
  });
  return (
    <section>
      <h2>{t("insights.unanswered")}</h2>
      <Loaded found={found}>
        {({ clusters }) =>
          clusters.length ? (
            <ol className="clusters">
              {clusters.map((cluster) => (
                <Cluster
                  key={`${cluster.questions[0]?.asked_at}${cluster.questions[0]?.text}`}
                  cluster={cluster}
                />
              ))}
            </ol>
          ) : (
            <p className="note">{t("insights.unansweredNone")}</p>
          )
        }
      </Loaded>
    </section>
  );
}

function Cluster({ cluster }: { cluster: Schemas["QuestionCluster"] }) {
  const { t, date } = useWords();
  const [writing, setWriting] = useState<"answer" | "page" | null>(null);
  const texts = [...new Set(cluster.questions.map((question) => question.text))];
  const [first = "", ...others] = texts;
  const newest = cluster.questions[0];
  return (
    <li>
      <p className="wording">{first}</p>
      {others.slice(0, SHOWN).map((text) => (
        <p key={text}>{text}</p>
      ))}
      {others.length > SHOWN && (
        <p className="faint">{t("insights.others", { count: others.length - SHOWN })}</p>
      )}
      <p className="faint">
        {t("insights.asked", { count: cluster.questions.length })}
        {newest && ` · ${t("insights.last", { date: date(newest.asked_at) })}`}
        {newest && ` · ${t(`insights.outcomes.${newest.outcome}`)}`}
      </p>
      {writing === null && (
        <p className="filters">
          {(["answer", "page"] as const).map((kind) => (
            <button key={kind} type="button" className="quiet" onClick={() => setWriting(kind)}>
              {t(`insights.${kind}`)}
              <span className="hidden"> {first}</span>
            </button>
          ))}
        </p>
      )}
      {writing === "answer" && (
        <WriteAnswer question={first} wordings={others} done={() => setWriting(null)} />
      )}
      {writing === "page" && <WritePage title={first} done={() => setWriting(null)} />}
    </li>
  );
}

function Complaints({ found }: { found: Schemas["AnswerComplaint"][] }) {
  const { t, moment } = useWords();
  return (
    <section>
      <h2>{t("insights.complaints")}</h2>
      <Table
        caption={t("insights.complaints")}
        rows={found}
        keyOf={(each) => each.said_at + each.question + each.comment}
        empty={t("insights.complaintsNone")}
        columns={[
          {
            id: "question",
            title: t("insights.question"),
            cell: (each) =>
              each.question || <span className="faint">{t("insights.forgotten")}</span>,
          },
          { id: "reason", title: t("insights.reason"), cell: (each) => each.reason || "–" },
          { id: "comment", title: t("insights.comment"), cell: (each) => each.comment || "–" },
          { id: "when", title: t("insights.when"), cell: (each) => moment(each.said_at) },
        ]}
      />
    </section>
  );
}

const KINDS = ["most_cited", "never_cited", "stale"] as const;

function Documents({ days }: { days: number }) {
  const { t, number, date } = useWords();
  const wanted = useSearch({ from: "/admin/insights" }).sort;
  const change = useChange();
  const kind = KINDS.find((each) => each === wanted) ?? "most_cited";
  const found = useInfiniteQuery({
    queryKey: ["admin", "used", kind, days],
    initialPageParam: null as string | null,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/stook/v1/administration/insights/documents", {
          params: { query: { kind, days, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
  return (
    <section>
      <h2>{t("insights.documents")}</h2>
      <div className="filters">
        <select
          aria-label={t("insights.which")}
          value={kind}
          onChange={(event) => change({ sort: event.target.value })}
        >
          {KINDS.map((each) => (
            <option key={each} value={each}>
              {t(`insights.kinds.${each}`)}
            </option>
          ))}
        </select>
      </div>
      <Loaded found={{ data: found.data, error: found.error }}>
        {({ pages }) => (
          <>
            <Table
              caption={t("insights.documents")}
              rows={pages.flatMap((page) => page.documents)}
              keyOf={(each) => each.id}
              empty={t("insights.documentsNone")}
              columns={[
                {
                  id: "document",
                  title: t("insights.document"),
                  cell: (each) => (
                    <>
                      <Link to="/admin/documents/$documentId" params={{ documentId: each.id }}>
                        {each.title}
                      </Link>
                      <small>{each.datasource}</small>
                    </>
                  ),
                },
                {
                  id: "citations",
                  title: t("insights.citations"),
                  numeric: true,
                  cell: (each) => number(each.answers),
                },
                {
                  id: "changed",
                  title: t("insights.changed"),
                  cell: (each) => date(each.changed_at),
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
