import type { PDFDocumentProxy } from "pdfjs-dist";

/** Where words stand in a PDF: a page, and which of its pieces of text they touch. */
export interface Place {
  page: number;
  items: ReadonlySet<number>;
}

const MOST_PAGES = 2000;

/** The first page that has the words, whatever their spaces, hyphens and markup. */
export async function locate(opened: PDFDocumentProxy, words: string): Promise<Place | null> {
  const wanted = letters(words);
  if (!wanted) return null;
  for (let number = 1; number <= Math.min(opened.numPages, MOST_PAGES); number++) {
    const page = await opened.getPage(number);
    const { items } = await page.getTextContent();
    const texts = items.flatMap((item) => ("str" in item ? [item.str] : []));
    const found = touched(texts, wanted);
    if (found) return { page: number, items: found };
  }
  return null;
}

/** Which texts the letters run through, or null where they do not stand there. */
export function touched(texts: readonly string[], wanted: string): Set<number> | null {
  const owners: number[] = [];
  let page = "";
  texts.forEach((text, at) => {
    const held = letters(text);
    page += held;
    for (let count = 0; count < held.length; count++) owners.push(at);
  });
  const start = page.indexOf(wanted);
  return start < 0 ? null : new Set(owners.slice(start, start + wanted.length));
}

function letters(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");
}
