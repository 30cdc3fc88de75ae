import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { api, type Schemas, take } from "../api/client";
import { Failed } from "./parts";
import { useWords } from "./words";

interface AnswerProps {
  question: string;
  wordings?: string[];
  before?: Schemas["CuratedAnswer"];
  done?: () => void;
}

/** An answer to a question, with the ways to ask it and who may see it. */
export function WriteAnswer(given: AnswerProps) {
  const { t } = useWords();
  const [question, setQuestion] = useState(given.question);
  const [wordings, setWordings] = useState((given.wordings ?? []).join("\n"));
  const write = useWriting((text, allow) =>
    api.POST("/api/stook/v1/administration/answers", {
      body: {
        question,
        text,
        allow,
        wordings: lines(wordings),
        ...(given.before && { document_id: given.before.document_id }),
      },
    }),
  );
  return (
    <WritingForm
      write={write}
      says="answers"
      text={given.before?.text ?? ""}
      done={given.done}
      title={{ label: t("answers.question"), value: question, set: setQuestion }}
    >
      <Field label={t("answers.wordings")}>
        {(id) => (
          <textarea
            id={id}
            rows={2}
            value={wordings}
            onChange={(event) => setWordings(event.target.value)}
          />
        )}
      </Field>
    </WritingForm>
  );
}

/** A page that is found and cited as any document. */
export function WritePage({ title: first, done }: { title: string; done?: () => void }) {
  const { t } = useWords();
  const [title, setTitle] = useState(first);
  const write = useWriting((text, allow) =>
    api.POST("/api/stook/v1/administration/pages", { body: { title, text, allow } }),
  );
  return (
    <WritingForm
      write={write}
      says="answers.page"
      text=""
      done={done}
      title={{ label: t("answers.page.title"), value: title, set: setTitle }}
    />
  );
}

type Call = (
  text: string,
  allow: string[],
) => Promise<{ data?: unknown; error?: unknown; response: Response }>;

function useWriting(call: Call) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ text, allow }: { text: string; allow: string }) =>
      take(call(text, lines(allow.replaceAll(",", "\n")))),
    onSettled: () => client.invalidateQueries({ queryKey: ["admin"] }),
  });
}

const lines = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

interface FormProps {
  write: ReturnType<typeof useWriting>;
  says: "answers" | "answers.page";
  title: { label: string; value: string; set: (value: string) => void };
  text: string;
  done?: (() => void) | undefined;
  children?: React.ReactNode;
}

function WritingForm({ write, says, title, text: first, done, children }: FormProps) {
  const { t } = useWords();
  const [text, setText] = useState(first);
  const [allow, setAllow] = useState("everyone");
  if (write.isSuccess)
    return (
      <p className="note" role="status">
        {t(`${says}.saved`)}
      </p>
    );
  return (
    <form
      className="writing"
      onSubmit={(event) => {
        event.preventDefault();
        write.mutate({ text, allow });
      }}
    >
      <Field label={title.label}>
        {(id) => (
          <input
            id={id}
            required
            value={title.value}
            onChange={(event) => title.set(event.target.value)}
          />
        )}
      </Field>
      {children}
      <Field label={t(`${says}.text`)} hint={t(`${says}.textHint`)}>
        {(id) => (
          <textarea
            id={id}
            required
            rows={6}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <Field label={t("answers.allow")} hint={t("answers.allowHint")}>
        {(id) => (
          <input
            id={id}
            required
            value={allow}
            onChange={(event) => setAllow(event.target.value)}
          />
        )}
      </Field>
      <Failed error={write.error} />
      <p className="filters">
        <button type="submit" className="main" disabled={write.isPending}>
          {t(`${says}.save`)}
        </button>
        {done && (
          <button type="button" className="quiet" onClick={done}>
            {t("answers.cancel")}
          </button>
        )}
      </p>
    </form>
  );
}

function Field({
  label,
  hint,
  children,
}: {
  label: string;
  hint?: string;
  children: (id: string) => React.ReactNode;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {hint && <small>{hint}</small>}
    </div>
  );
}
