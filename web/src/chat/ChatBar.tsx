import { MoreHorizontal, Share2 } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { ShareDialog } from "./ShareDialog";

interface Props {
  chat: Schemas["ChatSummary"];
  sharedBy: string;
}

/** A chat's title, whose it is, and what can be done with all of it. */
export function ChatBar({ chat, sharedBy }: Props) {
  const { t } = useTranslation();
  const [isSharing, setSharing] = useState(false);
  const file = `/api/stook/v1/chats/${chat.id}/export`;
  return (
    <header className="chat-bar">
      <h1 className="title">{chat.title}</h1>
      {sharedBy ? (
        <small className="tag">{t("share.by", { name: sharedBy })}</small>
      ) : (
        <button type="button" className="quiet" onClick={() => setSharing(true)}>
          <Share2 aria-hidden /> {t("share.share")}
        </button>
      )}
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger className="icon" title={t("share.keep")}>
          <MoreHorizontal aria-hidden />
          <span className="hidden">{t("share.keep")}</span>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className="menu" align="end" collisionPadding={8}>
            <DropdownMenu.Item asChild>
              <a href={`${file}?format=markdown`} download>
                {t("share.markdown")}
              </a>
            </DropdownMenu.Item>
            <DropdownMenu.Item asChild>
              <a href={`${file}?format=json`} download>
                {t("share.json")}
              </a>
            </DropdownMenu.Item>
            <DropdownMenu.Item onSelect={() => setTimeout(() => print())}>
              {t("share.print")}
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      {isSharing && <ShareDialog chatId={chat.id} close={() => setSharing(false)} />}
    </header>
  );
}
