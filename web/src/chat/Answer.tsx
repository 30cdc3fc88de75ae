import { Link } from "@tanstack/react-router";
import {
  Check,
  Copy,
  EyeOff,
  RotateCcw,
  Search,
  SearchX,
  ThumbsDown,
  ThumbsUp,
} from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Citation, type CitedDocument, type Schemas } from "../api/client";
import { AnswerText } from "./AnswerText";
import { type Numbered, numbered, withSources } from "./numbering";

export interface Shown {
  question?: string | undefined;
  messageId: string;
  text: string;
  citations: Citation[];
  suggestions: string[];
  outcome: Schemas["Outcome"];
  withheld?: boolean;
  status: "running" | "complete" | "cancelled" | "failed";
  problem?: string | null;
  queries?: string[];
  documents?: CitedDocument[] | null;
}

interface Props {
  answer: Shown;
  isLast: boolean;
  isOwn: boolean;
  open: (citation: Citation) => void;
  ask: (question: string) => void;
  again: () => void;
}

/** An answer with its sources, what can be done with it, and what to ask next. */
export function Answer({ answer, isLast, isOwn, open, ask, again }: Props) {
  const { t } = useTranslation();
  const cited = useMemo(() => numbered(answer.citations), [answer.citations]);
  const running = answer.status === "running";
  return (
    <article className="answer" aria-label={t("answer.stook")} aria-busy={running}>
      <div className="said" data-outcome={answer.withheld ? "withheld" : answer.outcome}>
        <Progress answer={answer} />
        {answer.withheld && (
          <p className="outcome">
            <EyeOff aria-hidden /> {t(isOwn ? "answer.withheld" : "share.withheld")}
          </p>
        )}
        {!answer.withheld && answer.outcome !== "answered" && (
          <p className="outcome">
            {answer.outcome === "closest" ? <Search aria-hidden /> : <SearchX aria-hidden />}
            {t(`answer.${answer.outcome}`)}
          </p>
        )}
        {answer.text && !answer.withheld && (
          <AnswerText text={answer.text} cited={cited} open={open} />
        )}
        {answer.outcome === "nothing" && !running && answer.question && (
          <p>
            <Link to="/search" search={{ q: answer.question }} className="quiet">
              <Search aria-hidden /> {t("answer.searchInstead")}
            </Link>
          </p>
        )}
        {answer.status === "cancelled" && <p className="note">{t("answer.stopped")}</p>}
        {answer.status === "failed" && (
          <p className="note bad" role="alert">
            {answer.problem ?? t("answer.failed")}
          </p>
        )}
        <Sources cited={cited} open={open} />
        {!running && (
          <Actions answer={answer} cited={cited} isOwn={isOwn} again={isLast ? again : undefined} />
        )}
      </div>
      {isLast && !running && answer.suggestions.length > 0 && (
        <nav className="suggestions" aria-label={t("answer.follow")}>
          {answer.suggestions.map((question) => (
            <button type="button" key={question} onClick={() => ask(question)}>
              {question}
            </button>
          ))}
        </nav>
      )}
    </article>
  );
}

function Progress({ answer }: { answer: Shown }) {
  const { t } = useTranslation();
  if (!answer.queries) return null;
  const { documents } = answer;
  if (answer.status !== "running" || answer.text)
    return documents?.length ? (
      <details className="progress">
        <summary>{t("answer.read", { count: documents.length })}</summary>
        <ul>
          {documents.map((document) => (
            <li key={document.id}>{document.title}</li>
          ))}
        </ul>
      </details>
    ) : null;
  const query = answer.queries.at(-1);
  return (
    <p className="progress thinking" role="status">
      {documents
        ? t("answer.reading", { count: documents.length })
        : query
          ? t("answer.searching", { query })
          : t("answer.lost")}
    </p>
  );
}

function Sources({ cited, open }: { cited: readonly Numbered[]; open: Props["open"] }) {
  const { t } = useTranslation();
  const byDocument = Map.groupBy(cited, ({ citation }) => citation.document.id);
  if (byDocument.size === 0) return null;
  return (
    <>
      <Printed cited={cited} />
      <ul className="sources" aria-label={t("answer.sources")}>
        {[...byDocument.values()].map((held) => {
          const first = held[0] as Numbered;
          return (
            <li key={first.citation.document.id}>
              <button type="button" onClick={() => open(first.citation)}>
                <span className="numbers">
                  {[...new Set(held.map(({ number }) => number))].join(", ")}
                </span>
                <span className="title">{first.citation.document.title}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** On paper nothing opens: each number with its document and words. */
function Printed({ cited }: { cited: readonly Numbered[] }) {
  const once = new Map(cited.map(({ number, citation }) => [number, citation]));
  return (
    <ul className="printed">
      {[...once].map(([number, { document, text }]) => (
        <li key={number}>
          [{number}] {document.title} ({document.url}): “{text.replaceAll(/[\s|]+/g, " ").trim()}”
        </li>
      ))}
    </ul>
  );
}

interface ActionsProps {
  answer: Shown;
  cited: readonly Numbered[];
  isOwn: boolean;
  again: (() => void) | undefined;
}

function Actions({ answer, cited, isOwn, again }: ActionsProps) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(withSources(answer.text, cited));
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <div className="actions">
      {answer.text && !answer.withheld && (
        <button type="button" className="icon" title={t("answer.copy")} onClick={copy}>
          {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
          <span className="hidden">{copied ? t("answer.copied") : t("answer.copy")}</span>
        </button>
      )}
      {again && (
        <button type="button" className="icon" title={t("answer.retry")} onClick={again}>
          <RotateCcw aria-hidden />
          <span className="hidden">{t("answer.retry")}</span>
        </button>
      )}
      {isOwn && answer.messageId && answer.status === "complete" && (
        <Vote messageId={answer.messageId} />
      )}
    </div>
  );
}

const REASONS = ["wrong", "missing", "source", "old"] as const;

function Vote({ messageId }: { messageId: string }) {
  const { t } = useTranslation();
  const [vote, setVote] = useState<boolean | null>(null);
  const [reason, setReason] = useState("");
  const give = (good: boolean, why = "") => {
    setVote(good);
    setReason(why);
    void api.POST("/api/stook/v1/feedback", {
      body: { message_id: messageId, good, reason: why, comment: "" },
    });
  };
  return (
    <>
      <button
        type="button"
        className="icon"
        title={t("answer.good")}
        aria-pressed={vote === true}
        onClick={() => give(true)}
      >
        <ThumbsUp aria-hidden />
        <span className="hidden">{t("answer.good")}</span>
      </button>
      <button
        type="button"
        className="icon"
        title={t("answer.bad")}
        aria-pressed={vote === false}
        onClick={() => give(false)}
      >
        <ThumbsDown aria-hidden />
        <span className="hidden">{t("answer.bad")}</span>
      </button>
      <span className="thanks" role="status">
        {(vote || reason) && t("answer.thanks")}
      </span>
      {vote === false && !reason && (
        <fieldset className="reasons">
          <legend>{t("answer.why")}</legend>
          {REASONS.map((each) => (
            <button type="button" key={each} onClick={() => give(false, each)}>
              {t(`answer.reasons.${each}`)}
            </button>
          ))}
        </fieldset>
      )}
    </>
  );
}
