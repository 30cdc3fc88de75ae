import type { AskEvent, Citation } from "../api/client";
import { rendered } from "./text";
import style from "./widget.css?inline";
import { words } from "./words";

const MOST_TURNS = 10;
const script = document.currentScript as HTMLScriptElement | null;
const home = new URL(script?.src ?? location.href).origin;
const { tokenUrl = "", title = "" } = script?.dataset ?? {};
const language = document.documentElement.lang || navigator.language;
const said = words(language);
const past: { author: "user" | "assistant"; text: string }[] = [];

/** An element with its properties and what stands in it. */
function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
}

/** What a person's token is, as the host's own backend says; strangers have none. */
async function credentials(): Promise<Record<string, string>> {
  if (!tokenUrl) return {};
  const answer = await fetch(tokenUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) return {};
  const { token } = await answer.json();
  return { Authorization: `Bearer ${token}` };
}

async function* ask(question: string): AsyncGenerator<AskEvent> {
  const answer = await fetch(`${home}/api/stook/v1/widget/ask`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(await credentials()) },
    body: JSON.stringify({
      question,
      history: past.slice(-MOST_TURNS),
      locale: language.slice(0, 35),
      offset_minutes: -new Date().getTimezoneOffset(),
    }),
  });
  if (!answer.ok || !answer.body) throw new Error((await answer.json()).message);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  while (true) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (held + value).split("\n");
    held = lines.pop() ?? "";
    for (const line of lines) if (line.trim()) yield JSON.parse(line);
  }
}

/** Writes an answer into its place as it comes. */
async function answer(question: string, place: HTMLElement) {
  let text = "";
  const citations: Citation[] = [];
  for await (const event of ask(question)) {
    if (event.type === "text") {
      text += event.text ?? "";
      place.replaceChildren(...rendered(text));
    } else if (event.type === "citation" && event.citation) citations.push(event.citation);
    else if (event.type === "finished") place.dataset.outcome = event.outcome ?? "";
    else if (event.type === "failed") throw new Error(event.message ?? "");
  }
  if (citations.length) place.append(sources(citations));
  past.push({ author: "user", text: question }, { author: "assistant", text });
}

function sources(citations: Citation[]): HTMLElement {
  const list = make("ul");
  for (const [url, { document, text }] of new Map(citations.map((c) => [c.document.url, c]))) {
    const name = /^https?:/.test(url)
      ? make("a", { href: url, target: "_blank", rel: "noreferrer", textContent: document.title })
      : make("strong", { textContent: document.title });
    list.append(make("li", {}, name, `: “${text.replaceAll(/[\s|]+/g, " ").trim()}”`));
  }
  return make("details", {}, make("summary", { textContent: said.sources }), list);
}

function mount() {
  const host = make("stook-widget" as "div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style); // a style element would need the host's policy to allow it
  root.adoptedStyleSheets = [sheet];
  const log = make("div", { className: "log", tabIndex: 0, role: "log", ariaLabel: said.title });
  const box = make("textarea", { ariaLabel: said.label, placeholder: said.label, rows: 1 });
  box.maxLength = 4000;
  const send = make("button", { className: "send", textContent: said.send });
  const form = make("form", {}, box, send);
  const panel = make("section", {
    className: "panel",
    hidden: true,
    ariaLabel: title || said.title,
  });
  panel.append(make("h2", { textContent: title || said.title }), log, form);
  const bubble = make("button", { className: "bubble", ariaLabel: said.open, textContent: "?" });
  bubble.ariaExpanded = "false";
  const toggle = (isOpen: boolean) => {
    panel.hidden = !isOpen;
    bubble.ariaExpanded = String(isOpen);
    bubble.ariaLabel = isOpen ? said.close : said.open;
    bubble.textContent = isOpen ? "×" : "?";
    (isOpen ? box : bubble).focus();
  };
  bubble.onclick = () => toggle(panel.hidden);
  panel.onkeydown = (event) => event.key === "Escape" && toggle(false);
  box.onkeydown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  };
  form.onsubmit = async (event) => {
    event.preventDefault();
    const question = box.value.trim();
    if (!question || send.disabled) return;
    const place = make("div", { className: "answer", textContent: said.thinking });
    log.append(make("p", { className: "asked", textContent: question }), place);
    box.value = "";
    send.disabled = true;
    try {
      await answer(question, place);
    } catch (error) {
      const message = error instanceof Error && error.message ? error.message : said.failed;
      place.replaceChildren(make("p", { className: "bad", textContent: message }));
    }
    send.disabled = false;
    log.scrollTop = log.scrollHeight;
  };
  root.append(panel, bubble);
  document.body.append(host);
}

if (document.body) mount();
else addEventListener("DOMContentLoaded", mount);
