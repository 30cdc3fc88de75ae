"""Reads manual pages in the macros of man and of mdoc; gives HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from stook.knowledge.ingestion.parsing import canonical
from stook.knowledge.ingestion.parsing.dates import microseconds
from stook.knowledge.ingestion.parsing.markup import mdoc
from stook.knowledge.ingestion.parsing.markup.page import Page
from stook.knowledge.ingestion.parsing.markup.troff import arguments, plain
from stook.knowledge.ingestion.parsing.parsed import Facts

_MACRO = re.compile(r"[.'][ \t]*([A-Za-z%][A-Za-z0-9]{0,9})\b[ \t]*(.*)$")
_SKIPPED = re.compile(r"[.'][ \t]*(?:\\[\"#].*|$)|[.'][ \t]*\\\".*")
_CONDITION = re.compile(r"(?:if|ie|el|while)(?:\\\{.*)?$")
_FONTS = frozenset("B I SM SB R".split())
_JOINED = frozenset("BR BI IB IR RB RI".split())


def read(written: str) -> Page:
    """A manual page as a page; its title is its name and what it is for."""
    source = canonical.tidy(written).replace("\\\n", "")
    lines = [line for line in _kept(source.split("\n")) if not _SKIPPED.fullmatch(line)]
    page = _Manual(mdoc.translated(lines) if mdoc.is_mdoc(lines) else lines)
    body = page.markup()
    return Page(f"<html><body>{body}</body></html>", page.facts(), tuple(page.notes()))


def _kept(lines: list[str]) -> Iterator[str]:
    """The lines but for definitions, ignored parts and conditions, which speak to a printer."""
    until = ""
    depth = 0
    for line in lines:
        if until:
            until = "" if line.strip().replace(" ", "").startswith(until) else until
            continue
        if depth:
            depth += line.count("\\{") - line.count("\\}")
            continue
        word = line[1:].split()[:1] if line[:1] in (".", "'") else []
        if word and word[0] in ("de", "de1", "am", "ig"):
            ends = line.split()
            until = f".{ends[2]}" if len(ends) > 2 and word[0] != "ig" else ".."
        elif word and _CONDITION.match(word[0]):
            depth = max(0, line.count("\\{") - line.count("\\}"))
        else:
            yield line


class _Manual:
    """A page in the macros of man, on its way to HTML."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._at = 0
        self._head: list[str] = []
        self._section = ""
        self._about: list[str] = []
        self._elsewhere: list[str] = []
        self._open = ""  # the tag of the list that is open

    def facts(self) -> Facts:
        """Title and date; the first line of a page says them."""
        title = self._name()
        about = " ".join(self._about).strip()
        _, _, purpose = about.partition(" - ")
        title = ": ".join(filter(None, (title, purpose.strip())))
        date = self._head[2] if len(self._head) > 2 else ""
        return Facts(title, updated_at=microseconds(date))

    def notes(self) -> Iterator[str]:
        if self._elsewhere:
            yield f"it includes {', '.join(self._elsewhere[:5])}, which is not part of its text"

    def _name(self) -> str:
        name, number = [*self._head, "", ""][:2]
        shown = name.lower() if name.isupper() else name
        return f"{shown}({number})" if number else shown

    def markup(self) -> str:
        """The page as HTML, below its name."""
        body = "".join(self._pieces())
        return f"<h1>{escape(self._name())}</h1>{body}{self._closed()}" if self._head else body

    def _next(self) -> str | None:
        if self._at >= len(self._lines):
            return None
        self._at += 1
        return self._lines[self._at - 1]

    def _pieces(self) -> Iterator[str]:
        while (line := self._next()) is not None:
            found = _MACRO.match(line)
            if found:
                yield self._macro(found[1], found[2])
            elif line.strip():
                yield self._words(plain(line))
            else:
                yield self._closed("p") + "<p>"

    def _words(self, words: str) -> str:
        if self._section == "NAME":
            self._about.append(words)
        return escape(words) + "\n"

    def _macro(self, name: str, rest: str) -> str:
        given = arguments(rest)
        if name == "TH":
            self._head = given
            return ""
        if name in ("SH", "SS"):
            return self._heading(name, given)
        if name in ("PP", "P", "LP", "HP", "sp", "RS", "RE", "YS"):
            return ("" if name in ("sp", "RS", "RE") else self._closed()) + "<p>"
        if name in ("TP", "TQ"):
            return self._term(self._line())
        if name == "IP":
            return self._indented(given)
        if name in ("nf", "EX", "Vb"):
            return self._literal()
        if name == "TS":
            return self._table()
        if name in _JOINED:
            return self._words("".join(given) if given else self._line())
        if name in _FONTS:
            return self._words(" ".join(given) if given else self._line())
        return self._other(name, given)

    def _other(self, name: str, given: list[str]) -> str:
        if name == "so":
            self._elsewhere.append(" ".join(given))
        if name in ("UR", "MT"):
            return self._link(given)
        if name == "SY":
            return "<p>" + self._words(" ".join(given))
        if name == "OP":
            return self._words(f"[{' '.join(given)}]")
        return "<br>" if name == "br" else ""

    def _line(self) -> str:
        """The words of the next line, whatever font it asks for."""
        line = self._next() or ""
        found = _MACRO.match(line)
        if not found:
            return plain(line)
        given = arguments(found[2])
        if found[1] in _JOINED or found[1] in _FONTS:
            return ("" if found[1] in _JOINED else " ").join(given) or self._line()
        return " ".join(given)

    def _heading(self, name: str, given: list[str]) -> str:
        words = " ".join(given) if given else self._line()
        if name == "SH":
            self._section = words.upper()
        level = 2 if name == "SH" else 3
        return f"{self._closed()}<h{level}>{escape(words)}</h{level}><p>"

    def _opened(self, tag: str) -> str:
        if self._open == tag:
            return ""
        closed = self._closed()
        self._open = tag
        return f"{closed}<{tag}>"

    def _closed(self, kept: str = "") -> str:
        """The end of what is open; nothing where it may go on after an empty line."""
        if not self._open or kept:
            return ""
        tag, self._open = self._open, ""
        return f"</{tag}>"

    def _term(self, words: str) -> str:
        return f"{self._opened('dl')}<dt>{escape(words)}</dt><dd>"

    def _indented(self, given: list[str]) -> str:
        tag = given[0].strip() if given else ""
        if tag in ("•", "*", "-", "–", "o"):
            return f"{self._opened('ul')}<li>"
        if tag.rstrip(".)").isdigit():
            number = tag.rstrip(".)")
            return f"{self._opened('ol')}<li value='{number}'>"
        return self._term(tag) if tag else "<p>"

    def _literal(self) -> str:
        inside: list[str] = []
        while (line := self._next()) is not None:
            found = _MACRO.match(line)
            if found and found[1] in ("fi", "EE", "Ve"):
                break
            if found and found[1] in ("SH", "SS", "TH"):
                self._at -= 1
                break
            inside.append(" ".join(arguments(found[2])) if found else plain(line))
        return f"<pre><code>{escape(chr(10).join(inside))}</code></pre><p>"

    def _link(self, given: list[str]) -> str:
        words: list[str] = []
        while (line := self._next()) is not None:
            found = _MACRO.match(line)
            if found and found[1] in ("UE", "ME"):
                break
            words.append(" ".join(arguments(found[2])) if found else plain(line))
        target = [*given, ""][0]
        return f'<a href="{escape(target)}">{escape(" ".join(words) or target)}</a>\n'

    def _table(self) -> str:
        """A table of tbl: options, formats up to a point, rows with tabs, blocks in T{ and T}."""
        rows: list[list[str]] = []
        in_head, separator = True, "\t"
        while (line := self._next()) is not None and not line.startswith(".TE"):
            if in_head:
                if "tab(" in line or "tab (" in line:
                    separator = line.partition("tab")[2].lstrip()[1:2]
                in_head = not line.rstrip().endswith(".")
            elif line.strip() in ("_", "=") or _MACRO.match(line):
                continue
            else:
                rows.append([plain(cell) for cell in self._blocks(line).split(separator)])
        cells = [
            "".join(f"<{tag}>{escape(cell.strip())}</{tag}>" for cell in row)
            for row, tag in zip(rows, ["th"] + ["td"] * len(rows), strict=False)
        ]
        return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table><p>"

    def _blocks(self, line: str) -> str:
        while line.rstrip().endswith("T{"):
            inside: list[str] = []
            while (more := self._next()) is not None and not more.startswith("T}"):
                inside.append(more)
            line = line.rstrip()[:-2] + " ".join(inside) + (more or "")[2:]
        return line
