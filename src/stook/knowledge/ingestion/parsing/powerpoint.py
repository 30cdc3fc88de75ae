"""Reads PPTX presentations, slide by slide: titles, text, tables, charts, notes, comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stook.errors import UnreadableDocument
from stook.knowledge.ingestion.parsing import charts, places
from stook.knowledge.ingestion.parsing.counting import written
from stook.knowledge.ingestion.parsing.packages import Package
from stook.knowledge.ingestion.parsing.parsed import Read
from stook.knowledge.ingestion.parsing.structured import table

PRESENTATION = "ppt/presentation.xml"
MOST_COLUMNS = 200  # that a cell may say it spans

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_FURNITURE = frozenset({"dt", "ftr", "hdr", "sldNum", "sldImg"})  # what stands on every slide
_AUTHORS = re.compile(r"ppt/(?:commentAuthors|authors)\.xml$")
_NUMBERED = re.compile(r"(alphaLc|alphaUc|arabic|romanLc|romanUc)(ParenBoth|ParenR|Period|Plain)")
_FORMS = {
    "alphaLc": "lowerLetter", "alphaUc": "upperLetter", "arabic": "decimal",
    "romanLc": "lowerRoman", "romanUc": "upperRoman",
}  # fmt: skip
_AROUND = {"ParenBoth": "({})", "ParenR": "{})", "Period": "{}.", "Plain": "{}"}


def read(package: Package) -> Read:
    """A PPTX as Markdown, in the order of its slides. Raises UnreadableDocument."""
    deck = _Deck(package)
    text = "\n\n".join(deck.blocks())
    return Read(text, package.facts("docProps/core.xml"), tuple(deck.notes()), by_name=True)


class _Deck:
    """The slides of one presentation, and what they share."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = package.main_part(PRESENTATION)
        self._root = package.xml(self._main)
        self._related = package.related(self._main)
        self._authors = dict(self._read_authors())
        self._hidden = 0
        self._damaged = 0

    def blocks(self) -> Iterator[str]:
        """The slides, each under its title; the place of each is its number."""
        for number, listed in enumerate(self._root.iter(f"{_P}sldId"), 1):
            name = self._related.get(listed.get(f"{_R}id", ""), "")
            if self._package.has(name):
                yield from self._slide(name, number)

    def notes(self) -> Iterator[str]:
        """What is to be said of the presentation, once its slides were read."""
        if self._hidden:
            yield f"{self._hidden} slides are hidden; they are marked as such"
        if self._damaged:
            yield f"{self._damaged} slides or parts of them are damaged and were not read"

    def _read_authors(self) -> Iterator[tuple[str, str]]:
        for name in filter(_AUTHORS.match, self._related.values()):
            root = self._xml(name)
            for author in () if root is None else root.iter():
                if author.get("name"):
                    yield author.get("id", ""), author.get("name")

    def _xml(self, name: str) -> Any:
        if not self._package.has(name):
            return None
        try:
            return self._package.xml(name)
        except UnreadableDocument:
            self._damaged += 1
            return None

    def _slide(self, name: str, number: int) -> Iterator[str]:
        root = self._xml(name)
        if root is None:
            return
        related = self._package.related(name)
        title, blocks = "", []
        for is_title, block in self._shapes(root, related):
            if is_title and not title:
                title = block
            else:
                blocks.append(block)
        blocks += self._beside(related)
        if not title and not blocks:
            return
        hidden = root.get("show") in ("0", "false")
        self._hidden += hidden
        heading = f"## {title or f'Slide {number}'}{' (hidden)' if hidden else ''}"
        yield places.mark(f"slide {number}") + heading
        yield from blocks

    def _beside(self, related: dict[str, str]) -> Iterator[str]:
        """The speaker's notes and the comments of a slide."""
        for name in related.values():
            if "/notesSlides/" in name:
                root = self._xml(name)
                said = [] if root is None else [words for _, words in self._shapes(root, {})]
                if said:
                    yield "\n\n".join(["Notes: " + said[0], *said[1:]])
            elif "/comments/" in name:
                root = self._xml(name)
                yield from () if root is None else self._comments(root)

    def _comments(self, root: Any) -> Iterator[str]:
        for comment in root.iter("{*}cm", "{*}reply"):
            author = self._authors.get(comment.get("authorId", ""), "")
            own = [part for part in comment if part.tag.rpartition("}")[2] in ("text", "txBody")]
            pieces = (
                part.text or ""
                if len(part) == 0
                else " ".join(map(charts.words, part.iter(f"{_A}p")))
                for part in own
            )
            if words := " ".join(" ".join(pieces).split()):
                yield f"Comment by {author}: {words}" if author else f"Comment: {words}"

    # --- shapes -------------------------------------------------------------------------------

    def _shapes(self, root: Any, related: dict[str, str]) -> Iterator[tuple[bool, str]]:
        """What is on a slide, and whether it is its title."""
        wanted = (f"{_P}sp", f"{_P}pic", f"{_A}tbl", f"{_C}chart", _DIAGRAM)
        for shape in root.iter(*wanted):
            if next(shape.iterancestors(_FALLBACK), None) is not None:
                continue
            if shape.tag == f"{_P}sp":
                yield from _text(shape)
            elif shape.tag == f"{_P}pic":
                yield from ((False, words) for words in _alternative(shape))
            elif shape.tag == f"{_A}tbl":
                yield False, _table(shape)
            elif shape.tag == _DIAGRAM:
                part = self._xml(related.get(shape.get(f"{_R}dm", ""), ""))
                lines = () if part is None else map(charts.words, part.iter(f"{_A}p"))
                if listed := "\n".join(f"- {line}" for line in lines if line):
                    yield False, listed
            else:
                part = related.get(shape.get(f"{_R}id", ""), "")
                yield from ((False, one) for one in charts.chart_part(self._package, part))


def _text(shape: Any) -> Iterator[tuple[bool, str]]:
    place = shape.find(f"{_P}nvSpPr/{_P}nvPr/{_P}ph")
    kind = place.get("type", "body") if place is not None else ""
    drawn = shape.find(f"{_P}nvSpPr/{_P}cNvPr")
    if kind in _FURNITURE or (drawn is not None and drawn.get("hidden") in ("1", "true")):
        return
    paragraphs = list(shape.iter(f"{_A}p"))
    if kind in ("title", "ctrTitle"):
        if title := " ".join(filter(None, map(charts.words, paragraphs))):
            yield True, title
        return
    counts: dict[int, int] = {}
    for paragraph in paragraphs:
        if words := charts.words(paragraph):
            yield False, _bullet(paragraph, kind, counts) + words


def _bullet(paragraph: Any, kind: str, counts: dict[int, int]) -> str:
    """The number or the list mark of a paragraph that has one, or lies below the first level."""
    properties = paragraph.find(f"{_A}pPr")
    said = "" if properties is None else properties.get("lvl", "")
    level = min(int(said), 8) if said.isdigit() else 0
    automatic = None if properties is None else properties.find(f"{_A}buAutoNum")
    form = None if automatic is None else _NUMBERED.fullmatch(automatic.get("type", ""))
    for deeper in [at for at in counts if at > level or (at == level and not form)]:
        del counts[deeper]
    if automatic is not None and form:
        start = automatic.get("startAt", "1")
        first = int(start) if start.isdigit() and len(start) < 6 else 1
        counts[level] = counts.get(level, first - 1) + 1
        return f"{'  ' * level}{_AROUND[form[2]].format(written(counts[level], _FORMS[form[1]]))} "
    if properties is None or properties.find(f"{_A}buNone") is not None:
        return ""
    marked = automatic is not None or properties.find(f"{_A}buChar") is not None
    return f"{'  ' * level}- " if marked or (level and kind == "body") else ""


def _table(grid: Any) -> str:
    """A table; a cell that spans others stands in each of them."""
    rows: list[list[str]] = []
    for row in grid.iter(f"{_A}tr"):
        cells: list[str] = []
        for at, cell in enumerate(row.iterchildren(f"{_A}tc")):
            if cell.get("hMerge") in ("1", "true") and cells:
                cells.append(cells[-1])
            elif cell.get("vMerge") in ("1", "true") and rows and at < len(rows[-1]):
                cells.append(rows[-1][at])
            elif at < MOST_COLUMNS:
                cells.append(" ".join(filter(None, map(charts.words, cell.iter(f"{_A}p")))))
        rows.append(cells)
    return table([row for row in rows if any(row)])


def _alternative(picture: Any) -> Iterator[str]:
    properties = picture.find(f".//{_P}cNvPr")
    words = " ".join((properties.get("descr") or "").split()) if properties is not None else ""
    if words:
        yield words
