import { type AskEvent, type AskRequest, OWN_HEADERS, Problem, problemOf } from "./client";

const ATTEMPTS = 8;
const TURN_HEADER = "X-Stook-Turn";

/** The events of an answer that is asked for; a lost connection goes on where it was. */
export async function* ask(
  body: AskRequest,
  signal: AbortSignal,
  named: (turnId: string) => void,
): AsyncGenerator<AskEvent> {
  const response = await fetch("/api/stook/v1/ask", {
    method: "POST",
    headers: { ...OWN_HEADERS, "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
  const turnId = response.headers.get(TURN_HEADER) ?? "";
  if (response.ok) named(turnId);
  yield* follow(turnId, signal, response);
}

/** The events of an answer that is, or was just, being written. */
export async function* follow(
  turnId: string,
  signal: AbortSignal,
  begun?: Response,
): AsyncGenerator<AskEvent> {
  let seen = 0;
  let failures = 0;
  let response = begun;
  while (true) {
    try {
      response ??= await fetch(`/api/stook/v1/turns/${turnId}/events?after=${seen}`, { signal });
      if (!response.ok) throw problemOf(response.status, await response.json().catch(() => null));
      for await (const event of lines(response)) {
        seen += 1;
        failures = 0;
        yield event;
        if (event.type === "finished" || event.type === "failed") return;
      }
      failures += 1;
    } catch (error) {
      if (signal.aborted || error instanceof Problem) throw error;
      failures += 1;
    }
    if (failures > ATTEMPTS || !turnId)
      throw new Problem(0, "unreachable", "The server cannot be reached.");
    response = undefined;
    await new Promise((resolve) => setTimeout(resolve, Math.min(250 * 2 ** failures, 8000)));
  }
}

async function* lines(response: Response): AsyncGenerator<AskEvent> {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  while (true) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (held + value).split("\n");
    held = parts.pop() ?? "";
    for (const part of parts) if (part.trim()) yield JSON.parse(part);
  }
}
