import { useSyncExternalStore } from "react";
import {
  type AskEvent,
  type AskRequest,
  type Citation,
  type CitedDocument,
  Problem,
  type Schemas,
} from "../api/client";
import { ask, follow } from "../api/lines";

/** An answer while it is being written, whichever page is shown. */
export interface Live {
  key: string;
  chatId: string | null;
  isNew: boolean; // the chat is stored when its first answer is
  turnId: string;
  messageId: string;
  question: string;
  files: string[];
  replaces: string | null;
  queries: string[];
  documents: CitedDocument[] | null;
  text: string;
  citations: Citation[];
  suggestions: string[];
  outcome: Schemas["Outcome"];
  status: "running" | "finished" | "failed" | "stopped";
  problem: string | null;
}

const KEPT = "stook.live";
const answers = new Map<string, { live: Live; stop: AbortController }>();
const listeners = new Set<() => void>();
let shown: readonly Live[] = [];

function tell() {
  shown = [...answers.values()].map(({ live }) => live);
  const running = shown.filter((live) => live.status === "running" && live.turnId);
  const kept = running.map(({ chatId, isNew, turnId, question, files, replaces }) => ({
    chatId,
    isNew,
    turnId,
    question,
    files,
    replaces,
  }));
  sessionStorage.setItem(KEPT, JSON.stringify(kept));
  for (const listener of listeners) listener();
}

function change(key: string, changed: Partial<Live>) {
  const held = answers.get(key);
  if (!held) return;
  held.live = { ...held.live, ...changed };
  tell();
}

/** The newest answer of a chat that is, or was just, being written. */
export function useLive(match: (live: Live) => boolean): Live | undefined {
  const all = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
  return all.findLast(match);
}

type Asked = Pick<Live, "chatId" | "isNew" | "question" | "files" | "replaces">;

function begin(asked: Asked, turnId: string, stop: AbortController): string {
  const key = crypto.randomUUID();
  const live: Live = {
    ...asked,
    key,
    turnId,
    messageId: "",
    queries: [],
    documents: null,
    text: "",
    citations: [],
    suggestions: [],
    outcome: "answered",
    status: "running",
    problem: null,
  };
  answers.set(key, { live, stop });
  tell();
  return key;
}

/** Ask; `started` hears of the chat that the answer belongs to, `ended` when it is stored. */
export function start(body: AskRequest, started: (chatId: string) => void, ended: Ended): string {
  const stop = new AbortController();
  const asked = {
    chatId: body.chat_id ?? null,
    isNew: !body.chat_id,
    question: body.question,
    files: body.files ?? [],
    replaces: body.replaces ?? null,
  };
  const key = begin(asked, "", stop);
  const events = ask(body, stop.signal, (turnId) => change(key, { turnId }));
  void run(key, events, started, ended);
  return key;
}

type Ended = (live: Live) => Promise<unknown>;

async function run(
  key: string,
  events: AsyncGenerator<AskEvent>,
  started: (chatId: string) => void,
  ended: Ended,
) {
  try {
    for await (const event of events) {
      if (event.type === "started" && event.chat_id) started(event.chat_id);
      take(key, event);
    }
  } catch (error) {
    const stopped = answers.get(key)?.stop.signal.aborted;
    const problem = error instanceof Problem ? error.message : String(error);
    if (!stopped) change(key, { status: "failed", problem });
  }
  const held = answers.get(key);
  if (!held) return;
  await ended(held.live).catch(() => undefined);
  if (held.live.status !== "failed") forget(key);
}

function take(key: string, event: AskEvent) {
  const live = answers.get(key)?.live;
  if (!live) return;
  switch (event.type) {
    case "started":
      return change(key, {
        chatId: event.chat_id ?? null,
        turnId: event.turn_id ?? live.turnId,
        messageId: event.message_id ?? "",
      });
    case "searching":
      return change(key, { queries: [...live.queries, event.query ?? ""] });
    case "reading":
      return change(key, { documents: event.documents ?? [] });
    case "text":
      return change(key, { text: live.text + (event.text ?? "") });
    case "citation":
      return event.citation && change(key, { citations: [...live.citations, event.citation] });
    case "suggestions":
      return change(key, { suggestions: event.suggestions ?? [] });
    case "finished":
      return change(key, { status: "finished", outcome: event.outcome ?? "answered" });
    case "failed":
      return change(key, { status: "failed", problem: event.message ?? null });
  }
}

export function forget(key: string) {
  answers.delete(key);
  tell();
}

/** Stop an answer on the server; what it has cited so far is kept there. */
export async function stop(live: Live, ask: (turnId: string) => Promise<unknown>) {
  change(live.key, { status: "stopped" });
  if (live.turnId) await ask(live.turnId).catch(() => undefined);
  answers.get(live.key)?.stop.abort();
}

/** Go on with what was being written when the page was left. */
export function comeBack(ended: Ended) {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]") as (Asked & { turnId: string })[];
  for (const { turnId, ...asked } of kept) {
    const leaving = new AbortController();
    const key = begin(asked, turnId, leaving);
    void run(key, follow(turnId, leaving.signal), () => undefined, ended);
  }
}
