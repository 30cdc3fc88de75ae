/** An answer's Markdown as elements: lists, tables, bold and plain words; nothing else, no HTML. */
export function rendered(text: string): HTMLElement[] {
  const made: HTMLElement[] = [];
  for (const block of text.split(/\n{2,}/)) {
    const lines = block.split("\n").filter((line) => line.trim());
    let open = null as HTMLElement | null;
    for (const line of lines) {
      const item = /^\s*(?:[-*+]|\d+[.)])\s+/.exec(line);
      const row = line.trimStart().startsWith("|");
      const kind = item ? "UL" : row ? "TABLE" : "P";
      if (open?.tagName !== kind) {
        open = document.createElement(kind);
        made.push(open);
      }
      if (item) open.append(filled("li", line.slice(item[0].length)));
      else if (!row) open.append(...inline(`${line.replace(/^#+\s*/, "")} `));
      else if (!/^[\s|:-]+$/.test(line)) open.append(tableRow(line));
    }
  }
  return made;
}

function tableRow(line: string): HTMLElement {
  const row = document.createElement("tr");
  const cells = line.trim().replace(/^\|/, "").replace(/\|$/, "").split("|");
  row.append(...cells.map((cell) => filled("td", cell.trim())));
  return row;
}

function filled(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.append(...inline(text));
  return element;
}

function inline(text: string): (Node | string)[] {
  return text.split("**").map((part, at) => {
    if (at % 2 === 0) return part;
    const bold = document.createElement("strong");
    bold.textContent = part;
    return bold;
  });
}
