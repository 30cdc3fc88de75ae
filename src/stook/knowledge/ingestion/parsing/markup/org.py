"""Reads Org mode, line by line, into Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from stook.knowledge.ingestion.parsing import canonical, structured, symbols
from stook.knowledge.ingestion.parsing.dates import microseconds
from stook.knowledge.ingestion.parsing.markup.writing import fenced
from stook.knowledge.ingestion.parsing.parsed import Facts, Read

_HEADING = re.compile(r"(\*{1,30})[ \t]+(.*)$")
_KEYWORD = re.compile(r"[ \t]*#\+([A-Za-z_-]{1,40})(?:\[[^\]]{0,200}\])?:[ \t]*(.*)$")
_BEGIN = re.compile(r"[ \t]*#\+begin_(\w{1,40})[ \t]*(.*)$", re.IGNORECASE)
_END = re.compile(r"[ \t]*#\+end_(\w{1,40})[ \t]*$", re.IGNORECASE)
_COMMENT = re.compile(r"[ \t]*#(?: .*)?$")
_DRAWER = re.compile(r"[ \t]*:[\w-]{1,40}:[ \t]*$")
_PLANNED = re.compile(r"[ \t]*(?:SCHEDULED|DEADLINE|CLOSED):")
_TAGS = re.compile(r"(?<![ \t])[ \t]++:([\w@#%:]{1,200}):[ \t]*+$")
_TABLE_RULE = re.compile(r"[ \t]*\|-[-+|]*[ \t]*$")
_FIXED = re.compile(r"[ \t]*:(?: (.*))?$")
_ITEM = re.compile(r"([ \t]*)([-+]|\d{1,9}[.)]|(?<=[ \t])\*)[ \t]+(.*)$")
_TERM = re.compile(r"(\S.{0,200}?)[ \t]+::(?:[ \t]+|$)")
_BOX = re.compile(r"\[([ X-])\][ \t]+")
_NOTE = re.compile(r"\[fn:([\w-]{1,50})\][ \t]+(.*)$")

_BEGINS = re.compile(  # what ends a paragraph
    r"[ \t]*(?:$|[|#]|[-+*][ \t]|\d{1,9}[.)][ \t]|:[ \w-]{0,40}:?[ \t]*$|: |\[fn:)|\*{2,30}[ \t]"
)
_LINK = re.compile(r"\[\[([^\[\]\n]{1,1000})\](?:\[([^\[\]\n]{1,1000})\])?\]")
_REFERENCE = re.compile(r"\[fn:([\w-]{1,50})\]")
_STAMP = re.compile(r"[<\[](\d{4}-\d\d-\d\d(?: [^<>\[\]\n]{1,40})?)[>\]]")
_RAISED = re.compile(r"(?<=[\w)])\^(?:\{([\d+-]{1,20})\}|([+-]?\d{1,20}))")
_LOWERED = re.compile(r"(?<=[\w)])_\{([^{}\n]{1,100})\}")
_EMPHASIS = re.compile(
    r"(?<![^\s({'\"\-—])([*/=~+_])(?=\S)([^\n*/=~+_]{0,300}(?:[/_=+*~][^\n\s*/=~+_]{1,300}){0,5})"
    r"(?<=\S)\1(?=[\s.,:!?;'\")}\-—]|$)"
)
_MARKS = {"*": "**", "/": "*", "=": "`", "~": "`", "+": "~~", "_": ""}
_DROPPED_BLOCKS = frozenset(("comment",))
_CODE_BLOCKS = frozenset(("src", "example", "export"))


def read(written: str) -> Read:
    """An Org file as Markdown."""
    reading = _Reading(canonical.tidy(written).split("\n"))
    text = "\n".join(reading.lines())
    return Read(canonical.close_up(text), reading.facts(), tuple(reading.notes()))


class _Reading:
    """The lines that are left, and what was said of the whole text."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._at = 0
        self._said: dict[str, str] = {}
        self._included: list[str] = []
        keywords = (_KEYWORD.match(line) for line in lines)
        self._deeper = int(any(found and found[1].upper() == "TITLE" for found in keywords))

    def facts(self) -> Facts:
        """What the keywords at its head say."""
        date = _STAMP.sub(r"\1", self._said.get("DATE", ""))[:10]
        return Facts(
            self._said.get("TITLE", ""), self._said.get("AUTHOR", ""), updated_at=microseconds(date)
        )

    def notes(self) -> Iterator[str]:
        if self._included:
            shown = ", ".join(self._included[:20])
            yield f"it includes other files, which are not part of its text: {shown}"

    def lines(self) -> Iterator[str]:
        """The text as lines of Markdown."""
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            yield from self._line(line)

    def _line(self, line: str) -> Iterator[str]:
        if heading := _HEADING.match(line):
            yield from self._heading(len(heading[1]), heading[2])
        elif begin := _BEGIN.match(line):
            yield from self._block(begin[1].lower(), begin[2])
        elif keyword := _KEYWORD.match(line):
            yield from self._keyword(keyword[1].upper(), keyword[2].strip())
        elif _COMMENT.match(line) or (_DRAWER.match(line) and self._skip_drawer()):
            return
        elif _PLANNED.match(line):
            yield from (_inline(line.strip()), "")
        elif _is_row(line):
            yield from ("", self._table(line), "")
        elif _FIXED.match(line):
            yield from ("", fenced("\n".join(self._fixed(line))), "")
        elif note := _NOTE.match(line):
            yield from ("", f"[{note[1]}] {_inline(note[2])}")
        else:
            yield from self._prose(line)

    def _prose(self, line: str) -> Iterator[str]:
        """A list item or a paragraph, with the lines that go on with it, as one line."""
        words = [line.rstrip()]
        while self._at < len(self._lines) and not _BEGINS.match(self._lines[self._at]):
            words.append(self._lines[self._at].strip())
            self._at += 1
        joined = " ".join(filter(None, words))
        yield _item(joined) or _inline(joined.strip())

    def _heading(self, depth: int, words: str) -> Iterator[str]:
        if words.startswith("COMMENT"):
            self._skip_section(depth)
            return
        tags = _TAGS.search(words)
        shown = _inline(words[: tags.start()] if tags else words)
        yield from ("", f"{'#' * min(6, depth + self._deeper)} {shown}", "")
        if tags:
            yield from (f"Tags: {tags[1].replace(':', ', ')}", "")

    def _skip_section(self, depth: int) -> None:
        while self._at < len(self._lines):
            found = _HEADING.match(self._lines[self._at])
            if found and len(found[1]) <= depth:
                return
            self._at += 1

    def _keyword(self, name: str, value: str) -> Iterator[str]:
        if name in ("TITLE", "AUTHOR", "DATE"):
            self._said[name] = " ".join(filter(None, (self._said.get(name), value)))
            yield from (("# " if name == "TITLE" else "") + _inline(value), "")
        elif name == "CAPTION":
            yield from (f"*{_inline(value)}*", "")
        elif name == "INCLUDE":
            self._included.append(value.split('"')[1] if '"' in value else value)

    def _block(self, kind: str, argument: str) -> Iterator[str]:
        inside: list[str] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            end = _END.match(line)
            if end and end[1].lower() == kind:
                break
            inside.append(line)
        if kind in _DROPPED_BLOCKS:
            return
        if kind in _CODE_BLOCKS:
            language = argument.split()[0] if argument.split() else ""
            yield from ("", fenced("\n".join(inside), language), "")
            return
        mark = "> " if kind == "quote" else ""
        yield from ("", *(f"{mark}{_inline(line.strip())}" for line in inside), "")

    def _skip_drawer(self) -> bool:
        """Skip to the end of a drawer; whether there is one."""
        for number in range(self._at, min(len(self._lines), self._at + 500)):
            if self._lines[number].strip().upper() == ":END:":
                self._at = number + 1
                return True
        return False

    def _run(self, first: str, goes_on: Callable[[str], object]) -> Iterator[str]:
        yield first
        while self._at < len(self._lines) and goes_on(self._lines[self._at]):
            yield self._lines[self._at]
            self._at += 1

    def _table(self, first: str) -> str:
        rows = [line for line in self._run(first, _is_row) if not _TABLE_RULE.match(line)]
        cells = [row.strip().strip("|").split("|") for row in rows]
        return structured.table([[_inline(cell.strip()) for cell in row] for row in cells])

    def _fixed(self, first: str) -> Iterator[str]:
        for line in self._run(first, _FIXED.match):
            found = _FIXED.match(line)
            yield (found[1] or "") if found else ""


def _is_row(line: str) -> bool:
    return line.lstrip().startswith("|")


def _item(line: str) -> str:
    """A list item as Markdown writes it; "" where the line is none."""
    found = _ITEM.match(line)
    if not found:
        return ""
    words = _BOX.sub(lambda box: {"X": "☒ ", " ": "☐ "}.get(box[1], "☐ "), found[3], count=1)
    words = _TERM.sub(lambda term: f"{term[1]}: ", words, count=1)
    mark = found[2] if found[2][0].isdigit() else "-"
    return f"{found[1]}{mark} {_inline(words)}"


def _inline(words: str) -> str:
    """Links, marks of emphasis and notes within a line."""
    words = _LINK.sub(_link, words)
    words = _REFERENCE.sub(r"[\1]", words)
    words = _STAMP.sub(r"\1", words)
    words = _RAISED.sub(lambda hit: symbols.raised(hit[1] or hit[2]), words)
    words = _LOWERED.sub(r"\1", words)
    return _EMPHASIS.sub(lambda hit: f"{_MARKS[hit[1]]}{hit[2]}{_MARKS[hit[1]]}", words)


def _link(hit: re.Match[str]) -> str:
    target, words = hit[1], hit[2]
    if target.startswith(("http://", "https://", "mailto:")):
        return f"[{words}]({target})" if words else target
    return words or target.removeprefix("*").removeprefix("file:")
