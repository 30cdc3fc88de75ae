import type { TFunction } from "i18next";

const KNOWN = ["page", "slide", "sheet"] as const;

/** A place in a document, "page 3" or "00:01:20", in the language of the page. */
export function placeName(place: string, t: TFunction): string {
  const kind = KNOWN.find((each) => place.startsWith(`${each} `));
  return kind ? t(`place.${kind}`, { name: place.slice(kind.length + 1) }) : place;
}
