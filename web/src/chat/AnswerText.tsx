import { Check, Copy } from "lucide-react";
import { HoverCard } from "radix-ui";
import { type ComponentProps, memo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import Markdown from "react-markdown";
import remarkGfm from "remark-gfm";
import type { Citation } from "../api/client";
import { placeName } from "../source/place";
import { type Numbered, numberOf, withMarkers } from "./numbering";

interface Props {
  text: string;
  cited: readonly Numbered[];
  open: (citation: Citation) => void;
}

/** An answer: Markdown without any HTML of its own, its citations as buttons. */
export const AnswerText = memo(function AnswerText({ text, cited, open }: Props) {
  const { t } = useTranslation();
  return (
    <div className="prose">
      <Markdown
        remarkPlugins={[remarkGfm]}
        skipHtml
        components={{
          a: ({ href, children }) => {
            const number = numberOf(href);
            const found = cited.find((each) => each.number === number);
            if (found) return <Mark {...found} open={open} />;
            return (
              <a href={href} target="_blank" rel="noreferrer">
                {children}
              </a>
            );
          },
          img: ({ alt }) => <>{alt}</>,
          pre: Code,
          table: (table) => (
            // biome-ignore lint/a11y: what scrolls must be reached; several are no landmarks
            <div className="scrolls" role="group" tabIndex={0} aria-label={t("answer.table")}>
              <table>{table.children}</table>
            </div>
          ),
        }}
      >
        {withMarkers(text, cited)}
      </Markdown>
    </div>
  );
});

function Mark({ number, citation, open }: Numbered & { open: Props["open"] }) {
  const { t } = useTranslation();
  const { document } = citation;
  const [isShown, show] = useState(false);
  const quietUntil = useRef(0);
  const where = [...citation.heading_path, placeName(citation.place, t)].filter(Boolean);
  return (
    <HoverCard.Root
      openDelay={250}
      closeDelay={100}
      open={isShown}
      onOpenChange={(open) => show(open && performance.now() > quietUntil.current)}
    >
      <HoverCard.Trigger asChild>
        <button
          type="button"
          className="mark"
          aria-label={t("answer.source", { number, title: document.title })}
          onClick={() => {
            quietUntil.current = performance.now() + 1000; // a card would lie over the source
            show(false);
            open(citation);
          }}
        >
          {number}
        </button>
      </HoverCard.Trigger>
      <HoverCard.Portal>
        <HoverCard.Content className="card" sideOffset={6} collisionPadding={12}>
          <strong>{document.title}</strong>
          {where.length > 0 && <small>{where.join(" › ")}</small>}
          <blockquote>{citation.text}</blockquote>
        </HoverCard.Content>
      </HoverCard.Portal>
    </HoverCard.Root>
  );
}

function Code({ children }: ComponentProps<"pre">) {
  const { t } = useTranslation();
  const code = useRef<HTMLPreElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(code.current?.textContent ?? "");
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <div className="code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached */}
      <pre ref={code} tabIndex={0}>
        {children}
      </pre>
      <button type="button" className="icon" aria-label={t("answer.copyCode")} onClick={copy}>
        {copied ? <Check /> : <Copy />}
      </button>
    </div>
  );
}
