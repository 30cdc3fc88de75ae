import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { LogOut, MoreHorizontal, Pin, Plus, Search, Settings, ShieldCheck, X } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Chat, type Schemas, take } from "../api/client";
import { grouped } from "./days";

interface Props {
  me: Schemas["Me"];
  isOpen: boolean;
  close: () => void;
}

/** Where to go, and the chats: by day, found by words. */
export function Sidebar({ me, isOpen, close }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => take(api.POST("/api/stook/v1/sign-out")),
    onSettled: () => client.resetQueries(),
  });
  return (
    <nav className="sidebar" data-open={isOpen || undefined} aria-label={t("app.menu")}>
      <div className="row">
        <Link to="/" className="brand" onClick={close}>
          Stook
        </Link>
        <span className="space" />
        <button type="button" className="icon narrow-only" onClick={close}>
          <X aria-hidden />
          <span className="hidden">{t("app.close")}</span>
        </button>
      </div>
      <Link to="/" className="entry" onClick={close}>
        <Plus aria-hidden /> {t("app.new")}
      </Link>
      <Link to="/search" className="entry" onClick={close}>
        <Search aria-hidden /> {t("app.search")}
      </Link>
      {me.administrator && (
        <Link to="/admin" className="entry" onClick={close}>
          <ShieldCheck aria-hidden /> {t("app.admin")}
        </Link>
      )}
      <Chats close={close} />
      <div className="account">
        <span className="who" title={me.email}>
          {me.name || me.email}
        </span>
        <Link to="/settings" className="icon" title={t("app.settings")} onClick={close}>
          <Settings aria-hidden />
          <span className="hidden">{t("app.settings")}</span>
        </Link>
        <button
          type="button"
          className="icon"
          title={t("app.signOut")}
          onClick={() => signOut.mutate()}
        >
          <LogOut aria-hidden />
          <span className="hidden">{t("app.signOut")}</span>
        </button>
      </div>
    </nav>
  );
}

function Chats({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const found = useInfiniteQuery({
    queryKey: ["chats", words],
    initialPageParam: null as string | null,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/stook/v1/chats", { params: { query: { query: words, cursor: pageParam } } }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
  const pinned = found.data?.pages[0]?.pinned ?? [];
  const chats = found.data?.pages.flatMap((page) => page.chats) ?? [];
  const groups = grouped(
    chats.filter((chat) => words || !chat.pinned),
    new Date(),
  );
  return (
    <>
      <input
        type="search"
        className="find"
        aria-label={t("chats.find")}
        placeholder={t("chats.find")}
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      <div className="chats">
        {found.data && !chats.length && !pinned.length && (
          <p className="note">{t(words ? "chats.noneFound" : "chats.none")}</p>
        )}
        <Group title={t("chats.pinned")} chats={words ? [] : pinned} close={close} />
        <SharedGroup chats={words ? [] : (found.data?.pages[0]?.shared ?? [])} close={close} />
        {groups.map(([name, held]) => (
          <Group key={name} title={t(`chats.${name}`)} chats={held} close={close} />
        ))}
        {found.hasNextPage && (
          <button type="button" className="quiet" onClick={() => found.fetchNextPage()}>
            {t("chats.showMore")}
          </button>
        )}
      </div>
    </>
  );
}

function Group({ title, chats, close }: { title: string; chats: Chat[]; close: () => void }) {
  if (!chats.length) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {chats.map((chat) => (
          <Entry key={chat.id} chat={chat} close={close} />
        ))}
      </ul>
    </section>
  );
}

function SharedGroup({ chats, close }: { chats: Chat[]; close: () => void }) {
  const { t } = useTranslation();
  if (!chats.length) return null;
  return (
    <section>
      <h2>{t("chats.shared")}</h2>
      <ul>
        {chats.map((chat) => (
          <li key={chat.id} className="entry-row">
            <Link to="/chat/$chatId" params={{ chatId: chat.id }} className="entry" onClick={close}>
              <span className="title">{chat.title}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Entry({ chat, close }: { chat: Chat; close: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { chatId } = useParams({ strict: false });
  const [title, setTitle] = useState<string | null>(null);
  const path = { chat_id: chat.id };
  const refresh = () => client.invalidateQueries({ queryKey: ["chats"] });
  const change = useMutation({
    mutationFn: (body: { title?: string; pinned?: boolean }) =>
      take(api.PATCH("/api/stook/v1/chats/{chat_id}", { params: { path }, body })),
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: () => take(api.DELETE("/api/stook/v1/chats/{chat_id}", { params: { path } })),
    onSuccess: () => chatId === chat.id && navigate({ to: "/" }),
    onSettled: refresh,
  });
  if (title !== null)
    return (
      <li>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (title.trim()) change.mutate({ title });
            setTitle(null);
          }}
        >
          <input
            aria-label={t("chats.title")}
            value={title}
            // biome-ignore lint/a11y/noAutofocus: the person has just asked for this field
            autoFocus
            onChange={(event) => setTitle(event.target.value)}
            onKeyDown={(event) => event.key === "Escape" && setTitle(null)}
            onBlur={() => setTitle(null)}
          />
        </form>
      </li>
    );
  return (
    <li className="entry-row">
      <Link to="/chat/$chatId" params={{ chatId: chat.id }} className="entry" onClick={close}>
        {chat.pinned && <Pin aria-hidden />}
        <span className="title">{chat.title}</span>
      </Link>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger className="icon">
          <MoreHorizontal aria-hidden />
          <span className="hidden">{t("chats.actions", { title: chat.title })}</span>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className="menu" align="start" collisionPadding={8}>
            <DropdownMenu.Item onSelect={() => setTimeout(() => setTitle(chat.title))}>
              {t("chats.rename")}
            </DropdownMenu.Item>
            <DropdownMenu.Item onSelect={() => change.mutate({ pinned: !chat.pinned })}>
              {t(chat.pinned ? "chats.unpin" : "chats.pin")}
            </DropdownMenu.Item>
            <DropdownMenu.Item
              className="bad"
              onSelect={() => confirm(t("chats.confirm", { title: chat.title })) && remove.mutate()}
            >
              {t("chats.delete")}
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </li>
  );
}
