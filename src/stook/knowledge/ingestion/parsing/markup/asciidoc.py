"""Reads AsciiDoc, line by line, into Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stook.knowledge.ingestion.parsing import canonical
from stook.knowledge.ingestion.parsing.dates import microseconds
from stook.knowledge.ingestion.parsing.markup import asciidoc_tables
from stook.knowledge.ingestion.parsing.markup.asciidoc_inline import Inline
from stook.knowledge.ingestion.parsing.markup.writing import fenced
from stook.knowledge.ingestion.parsing.parsed import Facts, Read

DEEPEST = 20  # blocks in blocks

_TITLE = re.compile(r"=[ \t]+(\S.*)$")
_HEADING = re.compile(r"(={2,6}|#{2,6})[ \t]+(\S.*)$")
_ATTRIBUTE = re.compile(r":!?([\w-]{1,60})!?:(?:[ \t]+(.*))?$")
_AUTHOR = re.compile(
    r"[^\W\d][\w'.-]*+(?:[ \t]++[^\W\d][\w'.-]*+){0,3}[ \t]*+(?:<[^<>\n]{1,200}>)?(?:;.*)?$"
)
_REVISION = re.compile(r"v?\d[\w.]*(?:,[ \t]*([^:\n]{0,100}))?(?::.*)?$")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_BLOCK_LIST = re.compile(r"\[([^\[\]\n]{0,500})\]$")
_ANCHOR = re.compile(r"\[\[([^\[\],\n]{1,200})(?:,[^\[\]\n]{0,200})?\]\]$")
_BLOCK_TITLE = re.compile(r"\.([^\s.].*)$")
_FENCE = re.compile(
    r"(-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|--|`{3,}[\w+-]{0,30}|[|,:!]={3,})$"
)
_ADMONITION = re.compile(r"(NOTE|TIP|WARNING|CAUTION|IMPORTANT):[ \t]+")
_MACRO = re.compile(r"([a-z]{2,12})::(\S*?)\[(.*)\]$")
_ITEM = re.compile(r"[ \t]*(\*{1,6}|-|\.{1,6}|\d{1,9}\.|[a-zA-Z]\.|<(?:\d{1,4}|\.)>)[ \t]+(\S.*)$")
_MARKED_ITEM = re.compile(r"[ \t]*(\*{1,6}|-|\.{1,6})[ \t]+(\S.*)$")
_TERM = re.compile(r"[ \t]*(\S.{0,300}?)(:{2,4}|;;)(?:[ \t]+(\S.*))?$")
_BOX = re.compile(r"\[([ xX*])\][ \t]+")
_CONDITION = re.compile(r"(?:ifdef|ifndef|ifeval|endif)::")
_LABELS = frozenset(("NOTE", "TIP", "WARNING", "CAUTION", "IMPORTANT"))
_LITERAL = frozenset("-.+`")


def read(written: str) -> Read:
    """An AsciiDoc file as Markdown."""
    reading = _Reading(canonical.tidy(written).split("\n"))
    text = canonical.close_up("\n".join(reading.written()))
    return Read(text, reading.facts, tuple(reading.notes()))


class _Reading:
    """The lines still to be read, and what stands before the next block."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = [line.rstrip() for line in lines]
        self._at = 0
        self._inline = Inline(_anchors(self._lines))
        self._style: list[str] = []
        self._caption = ""
        self._included: list[str] = []
        self._depth = 0
        self._levels: list[str] = []  # the marks of the lists that are open
        self._numbers: list[int] = []  # of their last items
        self.facts = Facts()

    def notes(self) -> Iterator[str]:
        if self._included:
            shown = ", ".join(self._included[:20])
            yield f"it includes other files, which are not part of its text: {shown}"

    def written(self) -> Iterator[str]:
        """The text as lines of Markdown."""
        yield from self._header()
        yield from self._blocks(len(self._lines))

    def _header(self) -> Iterator[str]:
        """The title, and what stands right below it: author, revision, attributes."""
        while self._at < len(self._lines) and not self._lines[self._at]:
            self._at += 1
        while self._at < len(self._lines) and self._is_aside(self._lines[self._at]):
            self._at += 1
        found = _TITLE.match(self._lines[self._at]) if self._at < len(self._lines) else None
        if not found:
            return
        self._at += 1
        said = []
        while self._at < len(self._lines) and (line := self._lines[self._at]):
            if not self._is_aside(line):
                said.append(line)
            self._at += 1
        author = said[0] if said and _AUTHOR.match(said[0]) else ""
        revision = next((hit for line in said[:2] if (hit := _REVISION.match(line))), None)
        date = _DATE.search(revision[1] or "") if revision else None
        title = self._inline.written(found[1])
        names = ", ".join(one.partition("<")[0].strip() for one in author.split(";") if one.strip())
        names = names or self._inline.attributes.get("author", "")
        dated = date[0] if date else self._inline.attributes.get("revdate", "")
        self.facts = Facts(canonical.plain(title), names, updated_at=microseconds(dated))
        yield from (f"# {title}", "", *(f"{self._inline.written(line)}\n" for line in said))

    def _is_aside(self, line: str) -> bool:
        """Whether a line is an attribute, which is kept in mind, or a comment."""
        if found := _ATTRIBUTE.match(line):
            self._inline.define(found[1], found[2] or "")
            return True
        return line.startswith("//") and not line.startswith("////")

    # --- blocks ---------------------------------------------------------------------------------

    def _blocks(self, end: int) -> Iterator[str]:
        while self._at < end:
            line = self._lines[self._at]
            self._at += 1
            if not line:
                self._style, self._caption = [], ""
                yield ""
            elif self._is_aside(line) or _CONDITION.match(line) or line in ("<<<", "toc::[]"):
                continue
            elif not self._is_said_before(line):
                yield from self._block(line, end)

    def _is_said_before(self, line: str) -> bool:
        """Whether a line says what the next block is."""
        if _ANCHOR.match(line):
            return True
        if found := _BLOCK_LIST.match(line):
            self._style = [part.strip().strip('"') for part in found[1].split(",")]
            return True
        if found := _BLOCK_TITLE.match(line):
            self._caption = found[1]
            return True
        return False

    def _block(self, line: str, end: int) -> Iterator[str]:
        stands_alone = self._at < 2 or not self._lines[self._at - 2]
        if stands_alone and not (_ITEM.match(line) or _TERM.match(line) or line == "+"):
            self._levels, self._numbers = [], []  # an empty line ends the lists before it
        if heading := _HEADING.match(line):
            depth = min(6, len(heading[1]))
            yield from ("", f"{'#' * depth} {self._inline.written(heading[2])}", "")
        elif fence := _FENCE.match(line):
            yield from self._delimited(fence[1], end)
        elif macro := _MACRO.match(line):
            yield from self._macro(macro[1], macro[2], macro[3])
        elif line == "'''":
            yield from ("", "---", "")
        elif line == "+":
            yield ""
        elif item := _ITEM.match(line):
            yield from self._caption_before()
            yield self._item(item[1], item[2])
        elif term := _TERM.match(line):
            yield from self._term(term[1], term[3] or "")
        elif line[0] in " \t" and not self._levels:
            yield from ("", fenced("\n".join(self._paragraph(line, end))), "")
        else:
            yield from self._prose(line, end)

    def _caption_before(self) -> Iterator[str]:
        caption, self._caption = self._caption, ""
        if caption:
            yield from ("", f"*{self._inline.written(caption)}*", "")

    def _prose(self, line: str, end: int) -> Iterator[str]:
        yield from self._caption_before()
        written = [one.strip() for one in self._paragraph(line, end)]
        as_written = self._style[:1] in (["source"], ["listing"], ["verse"])
        lines = written if as_written else [self._inline.written(one) for one in _joined(written)]
        label = next((name for name in self._style[:1] if name in _LABELS), "")
        lines[0] = _ADMONITION.sub(lambda hit: f"{hit[1].capitalize()}: ", lines[0], count=1)
        lines[0] = (f"{label.capitalize()}: " if label else "") + lines[0]
        if as_written and self._style[0] != "verse":
            yield from ("", fenced("\n".join(lines), [*self._style, ""][1]), "")
        elif self._style[:1] in (["quote"], ["verse"]):
            yield from ("", *(f"> {one}" for one in lines), *self._source())
        else:
            yield from lines
        self._style = []

    def _source(self) -> list[str]:
        said = ", ".join(part for part in self._style[1:3] if part)
        return [">", f"> — {said}", ""] if said else [""]

    def _paragraph(self, first: str, end: int) -> Iterator[str]:
        """The lines up to an empty one, or to what begins another block."""
        yield first
        while self._at < end and (line := self._lines[self._at]):
            item = _ITEM.match(line) if self._levels else _MARKED_ITEM.match(line)
            if line == "+" or item or _FENCE.match(line) or _BLOCK_LIST.match(line):
                return
            self._at += 1
            if not self._is_aside(line) and not _CONDITION.match(line):
                yield line

    def _item(self, mark: str, words: str) -> str:
        """A list item; lists of other marks than those before are inside them."""
        words = _BOX.sub(lambda box: "☐ " if box[1] == " " else "☒ ", words, count=1)
        if mark[0] == "<":
            return f"- {mark.strip('<>')}: {self._inline.written(words)}"
        kind = "1." if mark[0].isdigit() else "a." if mark[0].isalpha() else mark
        if kind in self._levels:
            del self._levels[self._levels.index(kind) + 1 :]
        else:
            self._levels.append(kind)
        depth = len(self._levels) - 1
        del self._numbers[depth + 1 :]
        self._numbers += [0] * (depth + 1 - len(self._numbers))
        self._numbers[depth] = int(mark[:-1]) if mark[0].isdigit() else self._numbers[depth] + 1
        shown = f"{self._numbers[depth]}." if kind[0] in ".1" else mark if kind == "a." else "-"
        return f"{'   ' * depth}{shown} {self._inline.written(words)}"

    def _term(self, term: str, words: str) -> Iterator[str]:
        while not words and self._at < len(self._lines) and (line := self._lines[self._at]):
            if _FENCE.match(line) or _ITEM.match(line) or _BLOCK_LIST.match(line) or line == "+":
                break
            self._at += 1
            words = line.strip()
        yield from ("", f"{self._inline.written(term)}: {self._inline.written(words)}")

    def _macro(self, name: str, target: str, inside: str) -> Iterator[str]:
        if name == "include":
            self._included.append(target)
            return
        yield from self._caption_before()
        if name == "image":
            words = inside.split(",")[0].strip('" ')
            yield from (words if "=" not in words else "", "")
        elif name in ("video", "audio"):
            yield from (target, "")
        elif name != "toc":
            yield from (f"{target} {self._inline.written(inside)}".strip(), "")

    def _delimited(self, fence: str, end: int) -> Iterator[str]:
        start = self._at
        closing = fence[:3] if fence.startswith("```") else fence
        stop = next((n for n in range(start, end) if self._lines[n] == closing), end)
        style, self._style = self._style, []
        caption = list(self._caption_before())
        if fence[0] == "/" or style[:1] == ["comment"]:
            self._at = stop + 1
            return
        yield from ("", *caption)
        if fence[0] in "|,:!" and fence[1] == "=":
            rows = asciidoc_tables.read(
                self._lines[start:stop], fence[0], style, self._inline.written
            )
            yield from (rows, "")
        elif (fence[0] in _LITERAL and fence != "--") or style[:1] == ["source"]:
            language = (
                fence[3:]
                if fence[0] == "`"
                else [*style, "", ""][1]
                if style[:1] == ["source"]
                else ""
            )
            yield from (fenced("\n".join(self._lines[start:stop]), language), "")
        elif self._depth < DEEPEST:
            yield from self._nested(fence, style, stop)
        self._at = stop + 1

    def _nested(self, fence: str, style: list[str], stop: int) -> Iterator[str]:
        """What is in a box, a quotation or an example."""
        self._depth += 1
        inside = "\n".join(self._blocks(stop)).strip("\n").split("\n")
        self._depth -= 1
        if style[:1] and style[0] in _LABELS:
            inside[0] = f"{style[0].capitalize()}: {inside[0]}"
        if fence[0] == "_":
            self._style = style
            inside = [*(f"> {line}" for line in inside), *self._source()]
            self._style = []
        yield from (*inside, "")


def _joined(lines: list[str]) -> list[str]:
    """The lines of a paragraph as one, but for those that end with a break."""
    found = [""]
    for line in lines:
        found[-1] = f"{found[-1]} {line.removesuffix(' +')}".lstrip()
        if line.endswith(" +"):
            found.append("")
    return [line for line in found if line] or [""]


def _anchors(lines: list[str]) -> dict[str, str]:
    """The headings that references may name, by their anchors and by themselves."""
    found: dict[str, str] = {}
    before = ""
    for line in lines:
        if heading := _HEADING.match(line):
            found[heading[2]] = heading[2]
            if before:
                found[before] = heading[2]
        anchor = _ANCHOR.match(line)
        short = _BLOCK_LIST.match(line)
        before = anchor[1] if anchor else short[1][1:] if short and short[1].startswith("#") else ""
    return found
