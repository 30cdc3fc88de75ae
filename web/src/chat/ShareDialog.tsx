import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, Link2, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Schemas, take } from "../api/client";
import { Dialog } from "../parts/Dialog";

type Sharing = Schemas["ChatSharing"];

/** Whom a chat is shown to; what is changed holds at once. */
export function ShareDialog({ chatId, close }: { chatId: string; close: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [email, setEmail] = useState("");
  const params = { path: { chat_id: chatId } };
  const queryKey = ["sharing", chatId];
  const found = useQuery({
    queryKey,
    queryFn: () => take(api.GET("/api/stook/v1/chats/{chat_id}/sharing", { params })),
  });
  const change = useMutation({
    mutationFn: (body: Sharing) =>
      take(api.PUT("/api/stook/v1/chats/{chat_id}/sharing", { params, body })),
    onSuccess: (sharing) => client.setQueryData(queryKey, sharing),
  });
  const { everyone, people } = found.data ?? { everyone: false, people: [] };
  return (
    <Dialog title={t("share.title")} close={close}>
      <p className="faint">{t("share.hint")}</p>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(
            { everyone, people: [...people, email.trim()] },
            { onSuccess: () => setEmail("") },
          );
        }}
      >
        <input
          type="email"
          required
          aria-label={t("share.email")}
          placeholder={t("share.email")}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <button type="submit" className="main" disabled={!found.data}>
          {t("share.add")}
        </button>
      </form>
      {(change.error ?? found.error) && (
        <p className="bad" role="alert">
          {(change.error ?? found.error)?.message}
        </p>
      )}
      <ul className="list" aria-label={t("share.title")}>
        {people.map((person) => (
          <li key={person}>
            <span className="title">{person}</span>
            <span className="space" />
            <button
              type="button"
              className="icon"
              onClick={() =>
                change.mutate({ everyone, people: people.filter((each) => each !== person) })
              }
            >
              <X aria-hidden />
              <span className="hidden">{t("share.remove", { person })}</span>
            </button>
          </li>
        ))}
      </ul>
      <label className="check">
        <input
          type="checkbox"
          checked={everyone}
          disabled={!found.data}
          onChange={(event) => change.mutate({ everyone: event.target.checked, people })}
        />
        {t("share.everyone")}
      </label>
      <CopyLink />
    </Dialog>
  );
}

function CopyLink() {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(location.href);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <button type="button" className="quiet" onClick={copy}>
      {copied ? <Check aria-hidden /> : <Link2 aria-hidden />}
      {t(copied ? "answer.copied" : "share.link")}
    </button>
  );
}
