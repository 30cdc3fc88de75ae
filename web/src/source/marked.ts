import type { Element, ElementContent, Root, RootContent } from "hast";

// Private-use characters, which no document that is shown can do without.
const BEGIN = "\uE000";
const END = "\uE001";
const LINE_MARKUP = /^\s*(?:(?:[-*+]|\d+[.)]|#{1,6}|>)\s+|\|\s*)*/;
const TABLE_RULE = /^\s*\|?[\s:|-]+\|?\s*$/;

/** Markdown with signs around what stands between two code points, line by line. */
export function withSigns(text: string, start: number, end: number): string {
  const characters = Array.from(text.replaceAll(BEGIN, " ").replaceAll(END, " "));
  const lines = characters.slice(start, end).join("").split("\n");
  const before = characters.slice(0, start).join("");
  const signed = lines.map((line, at) => signs(line, at === 0 ? lastLine(before) : ""));
  return before + signed.join("\n") + characters.slice(end).join("");
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf("\n") + 1);
}

function signs(line: string, before: string): string {
  if (!line.trim() || TABLE_RULE.test(line)) return line;
  const markup = before.trim() ? "" : (LINE_MARKUP.exec(line)?.[0] ?? "");
  const rest = line.slice(markup.length);
  const body = rest.replace(/[\s|]+$/, "");
  return `${markup}${BEGIN}${body}${END}${rest.slice(body.length)}`;
}

/** A rehype plugin: what stands between the signs becomes a mark. */
export function rehypeMarks() {
  return (tree: Root) => {
    let inside = false;
    const wrap = (text: string): ElementContent[] =>
      text.split(/([\uE000\uE001])/).flatMap((part): ElementContent[] => {
        if (part === BEGIN || part === END) {
          inside = part === BEGIN;
          return [];
        }
        if (!part) return [];
        const value: ElementContent = { type: "text", value: part };
        if (!inside || !part.trim()) return [value];
        return [{ type: "element", tagName: "mark", properties: {}, children: [value] }];
      });
    const walk = (node: Root | Element) => {
      node.children = (node.children as ElementContent[]).flatMap((child) => {
        if (child.type === "text") return wrap(child.value);
        if (child.type === "element") walk(child);
        return [child];
      }) as ElementContent[] & RootContent[];
    };
    walk(tree);
  };
}
