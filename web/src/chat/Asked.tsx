import { Paperclip, Pencil } from "lucide-react";
import { type Ref, useState } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  place: Ref<HTMLDivElement> | undefined;
  text: string;
  fileNames: string[];
  edit: ((question: string) => void) | undefined;
}

/** A question; it can be changed and asked anew. */
export function Asked({ place, text, fileNames, edit }: Props) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<string | null>(null);
  if (draft !== null && edit)
    return (
      <form
        className="asked editing"
        onSubmit={(event) => {
          event.preventDefault();
          if (draft.trim()) {
            edit(draft.trim());
            setDraft(null);
          }
        }}
      >
        <textarea
          aria-label={t("answer.edit")}
          value={draft}
          // biome-ignore lint/a11y/noAutofocus: the person has just asked for this field
          autoFocus
          rows={3}
          onChange={(event) => setDraft(event.target.value)}
        />
        <div className="row end">
          <button type="button" className="quiet" onClick={() => setDraft(null)}>
            {t("answer.cancel")}
          </button>
          <button type="submit" className="main">
            {t("answer.save")}
          </button>
        </div>
      </form>
    );
  return (
    <article className="asked" aria-label={t("answer.you")} ref={place}>
      {fileNames.map((name) => (
        <p className="attached" key={name}>
          <Paperclip aria-hidden /> {name}
        </p>
      ))}
      <p>{text}</p>
      {edit && (
        <button
          type="button"
          className="icon"
          title={t("answer.edit")}
          onClick={() => setDraft(text)}
        >
          <Pencil aria-hidden />
          <span className="hidden">{t("answer.edit")}</span>
        </button>
      )}
    </article>
  );
}
