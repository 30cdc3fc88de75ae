import type { Chat } from "../api/client";

const GROUPS = ["today", "yesterday", "week", "month", "older"] as const;
export type Group = (typeof GROUPS)[number];

/** Chats by how long ago they were written to, in the reader's own days. */
export function grouped(chats: readonly Chat[], now: Date): [Group, Chat[]][] {
  const held = Map.groupBy(chats, (chat) => groupOf(new Date(chat.updated_at), now));
  return GROUPS.flatMap((name): [Group, Chat[]][] => {
    const found = held.get(name);
    return found ? [[name, found]] : [];
  });
}

function groupOf(at: Date, now: Date): Group {
  const since = (days: number) =>
    at >= new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
  if (since(0)) return "today";
  if (since(1)) return "yesterday";
  if (since(7)) return "week";
  return since(30) ? "month" : "older";
}
