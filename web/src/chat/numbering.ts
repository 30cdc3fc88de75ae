import type { Citation } from "../api/client";

/** A citation under the number that the answer shows it by. */
export interface Numbered {
  number: number;
  citation: Citation;
}

const MARKER = "#source-";

/** Citations numbered as they appear; the same words have one number. */
export function numbered(citations: readonly Citation[]): Numbered[] {
  const numbers = new Map<string, number>();
  return [...citations]
    .sort((a, b) => a.answer_range.end - b.answer_range.end)
    .map((citation) => {
      const name = `${citation.document.id} ${citation.start} ${citation.text}`;
      if (!numbers.has(name)) numbers.set(name, numbers.size + 1);
      return { number: numbers.get(name) ?? 0, citation };
    });
}

/** The answer's Markdown, with a link of its own behind each cited range. Counts code points. */
export function withMarkers(text: string, cited: readonly Numbered[]): string {
  const characters = Array.from(text);
  const markers = new Map<number, Set<number>>();
  for (const { number, citation } of cited) {
    const at = place(characters, citation.answer_range.end);
    markers.set(at, (markers.get(at) ?? new Set()).add(number));
  }
  let marked = "";
  for (let at = 0; at <= characters.length; at++) {
    for (const number of markers.get(at) ?? []) marked += `[${number}](${MARKER}${number})`;
    marked += characters[at] ?? "";
  }
  return marked;
}

/** Before white space, and inside the last cell of a table's row. */
function place(characters: readonly string[], end: number): number {
  let at = Math.min(end, characters.length);
  while (at > 0 && /\s/.test(characters[at - 1] ?? "")) at--;
  if (characters[at - 1] === "|") {
    at--;
    while (at > 0 && characters[at - 1] === " ") at--;
  }
  return at;
}

/** The number that a link of the answer stands for, if it is one of ours. */
export function numberOf(href: string | undefined): number | null {
  return href?.startsWith(MARKER) ? Number(href.slice(MARKER.length)) : null;
}

/** The answer and what it rests on, as plain text for elsewhere. */
export function withSources(text: string, cited: readonly Numbered[]): string {
  const plain = withMarkers(text, cited).replaceAll(/\[(\d+)\]\(#source-\d+\)/g, " [$1]");
  const listed = new Map(cited.map(({ number, citation }) => [number, citation]));
  const sources = [...listed].map(
    ([number, { document, text: words }]) =>
      `[${number}] ${document.title} (${document.url}): “${words.replaceAll(/\s+/g, " ")}”`,
  );
  return sources.length ? `${plain}\n\n${sources.join("\n")}` : plain;
}
