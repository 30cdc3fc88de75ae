import { ArrowUp, Paperclip, Square, X } from "lucide-react";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { type Attachment, isReady, useAttachments } from "./attachments";
import type { Choice } from "./choice";

export interface Question {
  question: string;
  files: string[];
}

interface Props {
  me: Schemas["Me"];
  running: boolean;
  ask: (question: Question) => void;
  stop: () => void;
  choice: Choice;
  choose: (changed: Partial<Choice>) => void;
  isNew: boolean;
  draft?: string | undefined;
}

/** The box to ask in, with its files and choices. */
export function Composer({ me, running, ask, stop, choice, choose, isNew, draft }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(draft ?? "");
  const [dragging, setDragging] = useState(false);
  const attachments = useAttachments();
  const box = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const waits = attachments.held.some((each) => !isReady(each) && !each.problem);
  const canSend = Boolean(text.trim()) && !running && !waits;
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const typing = (event.target as HTMLElement).closest("input, textarea, select");
      if (event.key !== "/" || typing) return;
      event.preventDefault();
      box.current?.focus();
    };
    addEventListener("keydown", focus);
    return () => removeEventListener("keydown", focus);
  }, []);
  const send = () => {
    if (!canSend) return;
    const ready = attachments.held.filter(isReady).flatMap((each) => each.file ?? []);
    ask({ question: text.trim(), files: ready.map((file) => file.id) });
    setText("");
    attachments.clear();
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setDragging(false);
    attachments.add(event.dataTransfer.files);
  };
  return (
    <form
      className="composer"
      data-dragging={dragging || undefined}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onDragOver={(event) => {
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={() => setDragging(false)}
      onDrop={drop}
    >
      {dragging && <p className="drop">{t("composer.drop")}</p>}
      <Attachments held={attachments.held} remove={attachments.remove} />
      <textarea
        ref={box}
        aria-label={t("composer.label")}
        aria-describedby="composer-keys"
        placeholder={t("composer.placeholder")}
        value={text}
        rows={1}
        maxLength={20_000}
        // biome-ignore lint/a11y/noAutofocus: the page is there to ask
        autoFocus
        onChange={(event) => setText(event.target.value)}
        onPaste={(event) => {
          if (event.clipboardData.files.length) {
            event.preventDefault();
            attachments.add(event.clipboardData.files);
          }
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            send();
          }
        }}
      />
      <div className="row">
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-hidden
          tabIndex={-1}
          onChange={(event) => {
            attachments.add(event.target.files ?? []);
            event.target.value = "";
          }}
        />
        <button
          type="button"
          className="icon"
          title={t("composer.attach")}
          onClick={() => picker.current?.click()}
        >
          <Paperclip aria-hidden />
          <span className="hidden">{t("composer.attach")}</span>
        </button>
        {isNew && me.applications.length > 0 && (
          <select
            aria-label={t("composer.application")}
            value={choice.application}
            onChange={(event) => choose({ application: event.target.value })}
          >
            <option value="">{t("composer.noApplication")}</option>
            {me.applications.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
          </select>
        )}
        {me.datasources.length > 1 && (
          <select
            aria-label={t("composer.sources")}
            value={choice.source}
            onChange={(event) => choose({ source: event.target.value })}
          >
            <option value="">{t("composer.allSources")}</option>
            {me.datasources.map((each) => (
              <option key={each.name} value={each.name}>
                {each.display_name}
              </option>
            ))}
          </select>
        )}
        <label className="check">
          <input
            type="checkbox"
            checked={choice.deep}
            onChange={(event) => choose({ deep: event.target.checked })}
          />
          {t("composer.deep")}
        </label>
        <span className="hidden" id="composer-keys">
          {t("composer.keys")}
        </span>
        <span className="space" />
        {running ? (
          <button type="button" className="main round" onClick={stop}>
            <Square aria-hidden />
            <span className="hidden">{t("composer.stop")}</span>
          </button>
        ) : (
          <button type="submit" className="main round" disabled={!canSend}>
            <ArrowUp aria-hidden />
            <span className="hidden">{t("composer.send")}</span>
          </button>
        )}
      </div>
    </form>
  );
}

interface AttachmentsProps {
  held: Attachment[];
  remove: (key: string) => void;
}

function Attachments({ held, remove }: AttachmentsProps) {
  const { t } = useTranslation();
  const state = (each: Attachment) => {
    if (each.problem) return t("composer.failed", { reason: each.problem });
    if (!each.file) return t("composer.uploading", { percent: Math.round(each.share * 100) });
    return isReady(each) ? "" : t("composer.reading");
  };
  return (
    <ul className="attachments" aria-live="polite">
      {held.map((each) => (
        <li key={each.key} data-bad={each.problem ? true : undefined}>
          <Paperclip aria-hidden />
          <span className="title">{each.name}</span>
          <small>{state(each)}</small>
          <button type="button" className="icon" onClick={() => remove(each.key)}>
            <X aria-hidden />
            <span className="hidden">{t("composer.remove", { name: each.name })}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
