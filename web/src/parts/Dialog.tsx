import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  title: string;
  close: () => void;
  children: ReactNode;
}

/** Something that is looked at or filled in before anything else; Escape leaves it. */
export function Dialog({ title, close, children }: Props) {
  const { t } = useTranslation();
  const name = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opened = dialog.current;
    opened?.showModal();
    return () => opened?.close();
  }, []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={name} onClose={close}>
      <header className="row">
        <h2 id={name}>{title}</h2>
        <span className="space" />
        <button type="button" className="icon" title={t("app.close")} onClick={close}>
          <X aria-hidden />
          <span className="hidden">{t("app.close")}</span>
        </button>
      </header>
      {children}
    </dialog>
  );
}
