import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Citation, type Message, Problem, type Schemas, take } from "../api/client";
import { useFormat } from "../i18n/format";
import { SourcePanel } from "../source/SourcePanel";
import { Answer, type Shown } from "./Answer";
import { Asked } from "./Asked";
import { ChatBar } from "./ChatBar";
import { Composer, type Question } from "./Composer";
import { useChoice } from "./choice";
import { forget, type Live, start, stop, useLive } from "./live";
import { reload, storedChat } from "./stored";

interface Props {
  me: Schemas["Me"];
  chatId: string | null;
  draft?: string | undefined;
}

/** One conversation: what was said, the answer being written, the box to ask in, the source. */
export function ChatPage({ me, chatId, draft }: Props) {
  const { t } = useTranslation();
  const { list } = useFormat();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [begunKey, setBegunKey] = useState<string | null>(null);
  const live = useLive((each) => (chatId ? each.chatId === chatId : each.key === begunKey));
  const [source, setSource] = useState<Citation | null>(null);
  const [choice, choose] = useChoice(me);
  const stored = useQuery({
    ...storedChat(chatId ?? ""),
    enabled: chatId !== null && !(live?.isNew && live.status === "running"),
  });
  const messages = withoutReplaced(stored.data?.messages ?? [], live);
  const running = live?.status === "running";
  const ask = (question: Question, replaces?: string) => {
    if (live) forget(live.key);
    const body = {
      ...question,
      datasources: choice.source ? [choice.source] : [],
      effort: choice.deep ? ("deep" as const) : ("quick" as const),
      locale: document.documentElement.lang,
      offset_minutes: -new Date().getTimezoneOffset(),
      ...(chatId ? { chat_id: chatId } : {}),
      ...(!chatId && choice.application ? { application_id: choice.application } : {}),
      ...(replaces ? { replaces } : {}),
    };
    const started = (id: string) => {
      if (!chatId && location.pathname === "/")
        void navigate({ to: "/chat/$chatId", params: { chatId: id }, replace: true });
    };
    setBegunKey(start(body, started, reload(client)));
  };
  const plainly = (question: string, files: string[] = [], replaces?: string) =>
    ask({ question, files }, replaces);
  const halt = () =>
    live &&
    stop(live, (turnId) =>
      take(api.DELETE("/api/stook/v1/turns/{turn_id}", { params: { path: { turn_id: turnId } } })),
    );
  const sharedBy = stored.data?.shared_by ?? "";
  const missing = stored.error instanceof Problem && !live;
  const isEmpty = !chatId && !live;
  const application = me.applications.find((each) => each.id === choice.application);
  const fileNames = useFileNames([
    ...messages.flatMap((each) => each.files),
    ...(live?.files ?? []),
  ]);
  const lastAsked = useLastAsked(messages.length > 0, live?.key);
  return (
    <div className="split" data-source={source ? true : undefined}>
      <main id="conversation" className="conversation" tabIndex={-1}>
        {isEmpty && (
          <header className="home">
            <h1>{t("home.title")}</h1>
            <p>{application?.description || t("home.hint")}</p>
            {me.datasources.length > 0 && (
              <p>
                {t("home.sources", {
                  names: list(me.datasources.map((each) => each.display_name)),
                })}
              </p>
            )}
          </header>
        )}
        {missing && (
          <p className="note bad" role="alert">
            {stored.error?.message}
          </p>
        )}
        {stored.data ? (
          <ChatBar chat={stored.data.chat} sharedBy={sharedBy} />
        ) : (
          !isEmpty && <h1 className="hidden">{live?.question}</h1>
        )}
        <div className="messages" aria-live="polite" aria-relevant="additions">
          {messages.map((message, at) =>
            message.author === "user" ? (
              <Asked
                key={message.id}
                place={at >= messages.length - 2 && !live ? lastAsked : undefined}
                text={message.text}
                fileNames={fileNames(message.files)}
                edit={
                  running || sharedBy
                    ? undefined
                    : (text) => plainly(text, message.files, message.turn_id)
                }
              />
            ) : (
              <Answer
                key={message.id}
                answer={shownMessage(message, questionOf(messages, message))}
                isLast={at === messages.length - 1 && !live && !sharedBy}
                isOwn={!sharedBy}
                open={setSource}
                ask={plainly}
                again={() => {
                  const asked = questionOf(messages, message);
                  if (asked) plainly(asked.text, asked.files, asked.turn_id);
                }}
              />
            ),
          )}
          {live && (
            <>
              <Asked
                place={lastAsked}
                text={live.question}
                fileNames={fileNames(live.files)}
                edit={undefined}
              />
              <Answer
                answer={shownLive(live)}
                isLast
                isOwn
                open={setSource}
                ask={plainly}
                again={() => plainly(live.question, live.files, live.replaces ?? undefined)}
              />
            </>
          )}
        </div>
        {sharedBy ? (
          <p className="note reading">{t("share.reading")}</p>
        ) : (
          <Composer
            key={draft}
            me={me}
            running={running}
            draft={draft}
            ask={ask}
            stop={halt}
            choice={choice}
            choose={choose}
            isNew={isEmpty}
          />
        )}
        {isEmpty && application && (
          <nav className="suggestions starters" aria-label={t("home.starters")}>
            {application.starters.map((question) => (
              <button type="button" key={question} onClick={() => plainly(question)}>
                {question}
              </button>
            ))}
          </nav>
        )}
      </main>
      {source && <SourcePanel wanted={source} close={() => setSource(null)} />}
    </div>
  );
}

/** What is stored, up to the turn that is asked anew, and without what is shown live. */
function withoutReplaced(messages: readonly Message[], live: Live | undefined): Message[] {
  if (!live) return [...messages];
  const cut = messages.findIndex(
    (each) => each.turn_id === live.replaces || each.turn_id === live.turnId,
  );
  return cut < 0 ? [...messages] : messages.slice(0, cut);
}

function questionOf(messages: readonly Message[], answer: Message): Message | undefined {
  return messages.find((each) => each.turn_id === answer.turn_id && each.author === "user");
}

function shownMessage(message: Message, asked: Message | undefined): Shown {
  return { ...message, messageId: message.id, question: asked?.text };
}

function shownLive(live: Live): Shown {
  const status =
    live.status === "finished" ? "complete" : live.status === "stopped" ? "cancelled" : live.status;
  return { ...live, status, messageId: "" }; // what is said of it would go when it is stored
}

/** What the files are called; one that was deleted is left out. */
function useFileNames(ids: string[]): (wanted: readonly string[]) => string[] {
  const known = useQuery({
    queryKey: ["files", ids],
    enabled: ids.length > 0,
    queryFn: () => take(api.GET("/api/stook/v1/files", { params: { query: { ids } } })),
  });
  const names = new Map(known.data?.files.map((file) => [file.id, file.name]));
  return (wanted) => wanted.flatMap((id) => names.get(id) ?? []);
}

/** Brings the last question to the top, once: its answer grows below, and is read from there. */
function useLastAsked(isLoaded: boolean, liveKey: string | undefined) {
  const last = useRef<HTMLDivElement>(null);
  const seen = useRef(false);
  useEffect(() => {
    if (seen.current && !liveKey) return; // an answer that has just been stored
    seen.current = isLoaded || Boolean(liveKey);
    last.current?.scrollIntoView({ block: "start" });
  }, [isLoaded, liveKey]);
  return last;
}
