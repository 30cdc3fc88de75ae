import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Citation = Schemas["AnswerCitation"];
export type CitedDocument = Schemas["CitedDocument"];
export type Message = Schemas["StoredMessage"];
export type Chat = Schemas["ChatSummary"];
export type UploadedFile = Schemas["UploadedFile"];
export type AskEvent = Schemas["AskEvent"];
export type AskRequest = Schemas["AskRequest"];

/** Tells the server that its own page asks: no other site can set this header. */
export const OWN_HEADERS = { "X-Stook-Page": "1" };

/** What went wrong, as the server says it to people. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const client = createClient<paths>({
  baseUrl: "/",
  headers: OWN_HEADERS,
  fetch: (request) => fetch(request),
});
export const api = client;

export function problemOf(status: number, body: unknown): Problem {
  const said = body as Partial<Schemas["StookProblem"]> | null | undefined;
  return new Problem(status, said?.code ?? "unavailable", said?.message ?? `HTTP ${status}`);
}

/** The body of a good answer; throws a Problem for any other. */
export async function take<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemOf(response.status, error);
  return data as T;
}

/** Uploads one file; tells how much of it is through, from 0 to 1. */
export function upload(file: File, progress: (share: number) => void): Promise<UploadedFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/stook/v1/files");
    request.setRequestHeader("X-Stook-Page", "1");
    request.responseType = "json";
    request.upload.onprogress = (event) => progress(event.loaded / Math.max(1, event.total));
    request.onerror = () => reject(new Problem(0, "unreachable", "The server cannot be reached."));
    request.onload = () => {
      if (request.status === 200) resolve(request.response.files[0]);
      else reject(problemOf(request.status, request.response));
    };
    const form = new FormData();
    form.append("files", file);
    request.send(form);
  });
}
