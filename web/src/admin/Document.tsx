import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Schemas, take } from "../api/client";
import { Facts, Failed, Find, Loaded, More, Table } from "./parts";
import { useWords } from "./words";

type Details = Schemas["DocumentDetails"];

/** All about one document: its passages, who may see it, and why. */
export default function Document() {
  const { documentId } = useParams({ from: "/admin/documents/$documentId" });
  const path = { document_id: documentId };
  const found = useQuery({
    queryKey: ["admin", "document", documentId],
    queryFn: () =>
      take(api.GET("/api/stook/v1/administration/documents/{document_id}", { params: { path } })),
  });
  return (
    <Loaded found={found}>
      {(details) => (
        <>
          <h1>{details.document.title || documentId}</h1>
          <About details={details} />
          <Permissions found={details.permissions} />
          <Viewers id={documentId} />
          <Passages id={documentId} />
        </>
      )}
    </Loaded>
  );
}

function About({ details }: { details: Details }) {
  const { t, number, moment } = useWords();
  const navigate = useNavigate();
  const { document } = details;
  const remove = useMutation({
    mutationFn: () =>
      take(
        api.DELETE("/api/stook/v1/administration/documents/{document_id}", {
          params: { path: { document_id: document.id } },
        }),
      ),
    onSuccess: () => navigate({ to: "/admin/documents" }),
  });
  const isWeb = /^https?:/.test(document.url);
  return (
    <section>
      <p className="faint">
        {isWeb ? (
          <a href={document.url} target="_blank" rel="noreferrer">
            {document.url}
          </a>
        ) : (
          details.path || details.external_id
        )}
      </p>
      <Facts
        facts={[
          { name: t("documents.datasource"), value: document.datasource },
          { name: t("documents.type"), value: document.mime_type },
          { name: t("documents.passages"), value: number(details.passages) },
          { name: t("documents.version"), value: number(details.version) },
          {
            name: t("documents.changed"),
            value: document.updated_at ? moment(document.updated_at) : "–",
          },
          { name: t("documents.stored"), value: moment(details.stored_at) },
          ...(document.author ? [{ name: t("documents.author"), value: document.author }] : []),
        ]}
      />
      {!details.searchable && <p className="note">{t("documents.notYet")}</p>}
      {details.notes.length > 0 && (
        <>
          <h2>{t("documents.notes")}</h2>
          <ul className="plain">
            {details.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </>
      )}
      <Failed error={remove.error} />
      <p>
        <button
          type="button"
          className="quiet bad"
          onClick={() =>
            confirm(t("documents.confirm", { title: document.title })) && remove.mutate()
          }
        >
          {t("documents.remove")}
        </button>
      </p>
    </section>
  );
}

function Permissions({ found }: { found: Schemas["DocumentPermissions"] }) {
  const { t } = useWords();
  const named = (each: Schemas["NamedSubject"]) =>
    each.realm ? `${each.name} (${each.realm})` : each.name;
  const clauses = found.clauses.map((groups) => groups.map(named).join(` ${t("documents.and")} `));
  const isNobody =
    !found.everyone && !found.realm_members && !found.users.length && !clauses.length;
  return (
    <section>
      <h2>{t("documents.permissions")}</h2>
      <ul className="plain">
        {found.everyone && <li>{t("documents.everyone")}</li>}
        {found.realm_members && (
          <li>{t("documents.realmMembers", { realm: found.realm_members })}</li>
        )}
        {found.users.map((user) => (
          <li key={`u ${named(user)}`}>{named(user)}</li>
        ))}
        {clauses.map((clause) => (
          <li key={`g ${clause}`}>{t("documents.group", { name: clause })}</li>
        ))}
        {isNobody && <li>{t("documents.nobody")}</li>}
      </ul>
    </section>
  );
}

function Viewers({ id }: { id: string }) {
  const { t } = useWords();
  const [words, setWords] = useState("");
  const found = useInfiniteQuery({
    queryKey: ["admin", "viewers", id, words],
    initialPageParam: null as string | null,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/stook/v1/administration/documents/{document_id}/viewers", {
          params: { path: { document_id: id }, query: { query: words, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
  return (
    <section>
      <h2>{t("documents.viewers")}</h2>
      <div className="filters">
        <Find label={t("people.find")} words={words} settled={setWords} />
      </div>
      <Loaded found={{ data: found.data, error: found.error }}>
        {({ pages }) => (
          <>
            <Table
              caption={t("documents.viewers")}
              rows={pages.flatMap((page) => page.people)}
              keyOf={(each) => each.email}
              empty={t("people.none")}
              columns={[
                {
                  id: "person",
                  title: t("people.person"),
                  cell: (each) => (
                    <>
                      {each.name || each.email}
                      {each.name && <small>{each.email}</small>}
                    </>
                  ),
                },
                {
                  id: "allowed",
                  title: t("documents.maySee"),
                  cell: (each) => (each.allowed ? t("yes") : t("no")),
                },
                {
                  id: "why",
                  title: t("documents.why"),
                  cell: (each) => (
                    <ul>
                      {each.reasons.map((reason) => (
                        <li key={reason}>{reason}</li>
                      ))}
                    </ul>
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

function Passages({ id }: { id: string }) {
  const { t } = useWords();
  const found = useInfiniteQuery({
    queryKey: ["admin", "passages", id],
    initialPageParam: -1,
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/stook/v1/administration/documents/{document_id}/passages", {
          params: { path: { document_id: id }, query: { after: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next,
  });
  return (
    <section>
      <h2>{t("documents.passages")}</h2>
      <Loaded found={{ data: found.data, error: found.error }}>
        {({ pages }) => (
          <>
            <ol className="passages">
              {pages
                .flatMap((page) => page.passages)
                .map((passage) => (
                  <li key={passage.ordinal}>
                    <small>
                      {[passage.ordinal + 1, ...passage.heading_path, passage.place]
                        .filter((each) => each !== "")
                        .join(" › ")}
                    </small>
                    <p>{passage.text}</p>
                  </li>
                ))}
            </ol>
            <More found={found} />
          </>
        )}
      </Loaded>
    </section>
  );
}
