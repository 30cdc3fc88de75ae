import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { MessageSquare } from "lucide-react";
import { useDeferredValue, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Schemas, take } from "../api/client";
import { useFormat } from "../i18n/format";
import { placeName } from "../source/place";
import { SourcePanel, type Wanted } from "../source/SourcePanel";
import { Facets, Operators } from "./Facets";

/** Documents found as one types, each with the pieces that show why. */
export default function SearchPage({ query }: { query: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [typed, setTyped] = useState(query);
  const [exact, setExact] = useState(false);
  const [source, setSource] = useState<Wanted | null>(null);
  const words = useDeferredValue(useSettled(typed.trim()));
  const found = useInfiniteQuery({
    queryKey: ["search", words, exact],
    enabled: words.length > 1,
    initialPageParam: null as string | null,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/stook/v1/search", {
          params: {
            query: {
              query: words,
              exact,
              cursor: pageParam,
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
  useEffect(() => {
    void navigate({ to: "/search", search: words ? { q: words } : {}, replace: true });
  }, [words, navigate]);
  const type = (query: string) => {
    setTyped(query);
    setExact(false);
  };
  const first = found.data?.pages[0];
  const hits = found.data?.pages.flatMap((page) => page.results) ?? [];
  return (
    <div className="split" data-source={source ? true : undefined}>
      <main id="conversation" className="search" tabIndex={-1}>
        <h1>{t("search.title")}</h1>
        <search>
          <input
            type="search"
            className="words"
            aria-label={t("search.label")}
            placeholder={t("search.placeholder")}
            value={typed}
            // biome-ignore lint/a11y/noAutofocus: the page is there to search
            autoFocus
            onChange={(event) => type(event.target.value)}
          />
        </search>
        <Operators change={type} />
        {words && first && (
          <Facets facets={first.facets} total={first.total} query={typed} change={type} />
        )}
        <p role="status" className="note">
          {found.error?.message}
          {words && first && !hits.length && t("search.none")}
          {words && first && hits.length > 0 && (
            <span className="count">{t("search.count", { count: first.total })}</span>
          )}
          {words && first?.corrected && (
            <>
              {t("search.corrected", { query: first.searched })}{" "}
              <button type="button" className="link" onClick={() => setExact(true)}>
                {t("search.undo", { query: words })}
              </button>
            </>
          )}
        </p>
        {words && (
          <ol className="hits">
            {hits.map((hit) => (
              <Hit key={hit.document.id} hit={hit} open={setSource} />
            ))}
          </ol>
        )}
        {found.hasNextPage && (
          <button type="button" className="quiet" onClick={() => found.fetchNextPage()}>
            {t("app.more")}
          </button>
        )}
      </main>
      {source && <SourcePanel wanted={source} close={() => setSource(null)} />}
    </div>
  );
}

function Hit({
  hit,
  open,
}: {
  hit: Schemas["FoundDocumentEntry"];
  open: (wanted: Wanted) => void;
}) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const navigate = useNavigate();
  const { document, snippets } = hit;
  const about = [
    document.datasource,
    document.author,
    document.updated_at && date(document.updated_at),
  ];
  return (
    <li>
      <button
        type="button"
        className="title"
        onClick={() => open({ document, text: snippets[0]?.text ?? "", start: 0 })}
      >
        {document.title}
      </button>
      <small>{about.filter(Boolean).join(" · ")}</small>
      {snippets.map((snippet) => (
        <p key={snippet.text}>
          <Highlighted {...snippet} />
          {snippet.place && <small> {placeName(snippet.place, t)}</small>}
        </p>
      ))}
      <button
        type="button"
        className="quiet"
        onClick={() => navigate({ to: "/", search: { about: document.title } })}
      >
        <MessageSquare aria-hidden /> {t("search.ask")}
      </button>
    </li>
  );
}

function Highlighted({ text, highlights }: Schemas["HighlightedText"]) {
  const characters = Array.from(text);
  let at = 0;
  const pieces = highlights.flatMap(({ start, end }) => {
    const before = characters.slice(at, start).join("");
    at = end;
    return [plain(before), <mark key={start}>{characters.slice(start, end).join("")}</mark>];
  });
  return (
    <>
      {pieces}
      {plain(characters.slice(at).join(""))}
    </>
  );
}

/** Without the signs that make a line a heading. */
function plain(text: string): string {
  return text.replaceAll(/(^|\n)\s*#{1,6}\s/g, " · ");
}

/** A text once nobody has typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 250);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
