import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Schemas, take } from "../api/client";
import { Failed, Find, Loaded, More, Table } from "./parts";
import { useChange } from "./search";
import { WriteAnswer } from "./Write";
import { useWords } from "./words";

/** Answers that people wrote: they come first wherever their questions are asked. */
export default function Answers() {
  const { t } = useWords();
  const [edited, setEdited] = useState<Schemas["CuratedAnswer"] | null>(null);
  return (
    <>
      <h1>{t("sections.answers")}</h1>
      <p className="faint">{t("answers.intro")}</p>
      <section>
        <h2>{t(edited ? "answers.edit" : "answers.write")}</h2>
        {edited ? (
          <WriteAnswer
            key={edited.document_id + edited.stored_at}
            question={edited.question}
            wordings={edited.wordings}
            before={edited}
            done={() => setEdited(null)}
          />
        ) : (
          <WriteAnswer key="new" question="" />
        )}
      </section>
      <List edit={setEdited} />
    </>
  );
}

function List({ edit }: { edit: (answer: Schemas["CuratedAnswer"]) => void }) {
  const { t, date } = useWords();
  const client = useQueryClient();
  const query = useSearch({ from: "/admin/answers" }).q ?? "";
  const change = useChange();
  const found = useInfiniteQuery({
    queryKey: ["admin", "answers", query],
    initialPageParam: null as string | null,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/stook/v1/administration/answers", {
          params: { query: { query, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
  const remove = useMutation({
    mutationFn: (id: string) =>
      take(
        api.DELETE("/api/stook/v1/administration/answers/{document_id}", {
          params: { path: { document_id: id } },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ["admin", "answers"] }),
  });
  return (
    <section>
      <h2>{t("answers.list")}</h2>
      <div className="filters">
        <Find label={t("answers.find")} words={query} settled={(q) => change({ q })} />
      </div>
      <Failed error={remove.error} />
      <Loaded found={{ data: found.data, error: found.error }}>
        {({ pages }) => (
          <>
            <Table
              caption={t("answers.list")}
              rows={pages.flatMap((page) => page.answers)}
              keyOf={(each) => each.document_id}
              empty={t("answers.none")}
              columns={[
                {
                  id: "question",
                  title: t("answers.question"),
                  cell: (each) => (
                    <>
                      <Link
                        to="/admin/documents/$documentId"
                        params={{ documentId: each.document_id }}
                      >
                        {each.question}
                      </Link>
                      <small>{each.wordings.join(" · ")}</small>
                    </>
                  ),
                },
                { id: "text", title: t("answers.text"), cell: (each) => shortened(each.text) },
                {
                  id: "by",
                  title: t("answers.by"),
                  cell: (each) => (
                    <>
                      {each.author}
                      <small>{date(each.stored_at)}</small>
                    </>
                  ),
                },
                {
                  id: "do",
                  title: t("actions"),
                  cell: (each) => (
                    <span className="filters">
                      <button type="button" className="link" onClick={() => edit(each)}>
                        {t("answers.edit")}
                        <span className="hidden"> {each.question}</span>
                      </button>
                      <button
                        type="button"
                        className="link bad"
                        onClick={() =>
                          confirm(t("answers.confirm", { question: each.question })) &&
                          remove.mutate(each.document_id)
                        }
                      >
                        {t("answers.remove")}
                        <span className="hidden"> {each.question}</span>
                      </button>
                    </span>
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

const SHORT = 160;
const shortened = (text: string) => (text.length > SHORT ? `${text.slice(0, SHORT)}…` : text);
