import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";
import type { Live } from "./live";

/** A stored chat with its messages. */
export function storedChat(chatId: string) {
  return queryOptions({
    queryKey: ["chat", chatId],
    retry: false,
    queryFn: () =>
      take(api.GET("/api/stook/v1/chats/{chat_id}", { params: { path: { chat_id: chatId } } })),
  });
}

/** Loads the chat that an answer has just been stored in. */
export function reload(client: QueryClient): (live: Live) => Promise<unknown> {
  return async ({ chatId }) => {
    if (!chatId) return;
    void client.invalidateQueries({ queryKey: ["chats"] });
    await client.fetchQuery({ ...storedChat(chatId), staleTime: 0 });
  };
}
