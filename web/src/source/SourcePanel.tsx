import { useQuery } from "@tanstack/react-query";
import { ExternalLink, X } from "lucide-react";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import Markdown from "react-markdown";
import remarkGfm from "remark-gfm";
import { api, type Citation, type Schemas, take } from "../api/client";
import { useFormat } from "../i18n/format";
import { rehypeMarks, withSigns } from "./marked";

const PdfPages = lazy(() => import("./PdfPages"));

export type Wanted = Pick<Citation, "document" | "text" | "start">;

interface Props {
  wanted: Wanted;
  close: () => void;
}

/** A source beside the answer, with the cited words in view. */
export function SourcePanel({ wanted, close }: Props) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { document } = wanted;
  const heading = useRef<HTMLHeadingElement>(null);
  const found = useQuery({
    queryKey: ["source", document.id, wanted.text, wanted.start],
    queryFn: () =>
      take(
        api.GET("/api/stook/v1/documents/{document_id}", {
          params: {
            path: { document_id: document.id },
            query: { words: wanted.text, near: wanted.start },
          },
        }),
      ),
  });
  useEffect(() => heading.current?.focus(), [wanted]);
  useEffect(() => {
    const leave = (event: KeyboardEvent) => event.key === "Escape" && close();
    addEventListener("keydown", leave);
    return () => removeEventListener("keydown", leave);
  }, [close]);
  const changed = document.updated_at && date(document.updated_at);
  return (
    <aside className="source" aria-label={t("source.title")}>
      <header>
        <h2 ref={heading} tabIndex={-1}>
          {document.title}
        </h2>
        <button type="button" className="icon" title={t("app.close")} onClick={close}>
          <X aria-hidden />
          <span className="hidden">{t("app.close")}</span>
        </button>
        <p className="about">
          {[
            document.author && t("source.by", { author: document.author }),
            changed && t("source.changed", { date: changed }),
          ]
            .filter(Boolean)
            .join(" · ")}{" "}
          {/^https?:/.test(document.url) && (
            <a href={document.url} target="_blank" rel="noreferrer">
              <ExternalLink aria-hidden /> {t("source.link")}
            </a>
          )}
        </p>
      </header>
      {found.isPending && <p className="note">{t("app.loading")}</p>}
      {found.error && (
        <p className="note bad" role="alert">
          {found.error.message}
        </p>
      )}
      {found.data && <Held source={found.data} words={wanted.text} />}
    </aside>
  );
}

function Held({ source, words }: { source: Schemas["SourceText"]; words: string }) {
  const { t } = useTranslation();
  const drawn = source.has_original && source.document.mime_type === "application/pdf";
  const [view, setView] = useState<"page" | "text">(drawn ? "page" : "text");
  return (
    <>
      {drawn && (
        <fieldset className="tabs">
          <legend className="hidden">{t("source.title")}</legend>
          {(["page", "text"] as const).map((each) => (
            <button
              type="button"
              key={each}
              aria-pressed={view === each}
              onClick={() => setView(each)}
            >
              {t(`source.${each}`)}
            </button>
          ))}
        </fieldset>
      )}
      {words && !source.cited && <p className="note">{t("source.gone")}</p>}
      {view === "page" ? (
        <Suspense fallback={<p className="note">{t("app.loading")}</p>}>
          <PdfPages documentId={source.document.id} words={words} />
        </Suspense>
      ) : (
        <SourceText source={source} />
      )}
    </>
  );
}

function SourceText({ source }: { source: Schemas["SourceText"] }) {
  const { t } = useTranslation();
  const body = useRef<HTMLDivElement>(null);
  const { text, start, cited } = source;
  const signed = useMemo(
    () => (cited ? withSigns(text, cited.start - start, cited.end - start) : text),
    [text, start, cited],
  );
  useEffect(() => {
    body.current?.querySelector("mark")?.scrollIntoView({ block: "center" });
  }, [signed]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached
    <section className="body prose" ref={body} tabIndex={0} aria-label={t("source.text")}>
      {Array.from(text).length < source.length && <p className="note">{t("source.part")}</p>}
      <Markdown
        remarkPlugins={[remarkGfm]}
        rehypePlugins={[rehypeMarks]}
        skipHtml
        components={{
          a: ({ href, children }) => (
            <a href={href} target="_blank" rel="noreferrer">
              {children}
            </a>
          ),
          img: ({ alt }) => <>{alt}</>,
        }}
      >
        {signed}
      </Markdown>
    </section>
  );
}
