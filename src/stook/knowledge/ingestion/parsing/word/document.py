"""Reads DOCX documents: headings, paragraphs, lists, tables, notes, comments, drawings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from stook.errors import UnreadableDocument
from stook.knowledge.ingestion.parsing import charts, places
from stook.knowledge.ingestion.parsing.counting import list_mark
from stook.knowledge.ingestion.parsing.packages import Package
from stook.knowledge.ingestion.parsing.parsed import Read
from stook.knowledge.ingestion.parsing.structured import table
from stook.knowledge.ingestion.parsing.word.elements import R, W, child, is_on, number, value
from stook.knowledge.ingestion.parsing.word.numbering import BULLET, Numbering
from stook.knowledge.ingestion.parsing.word.runs import Beside, Runs
from stook.knowledge.ingestion.parsing.word.styles import Style, Styles

DOCUMENT = "word/document.xml"
MOST_COLUMNS = 200  # that a cell may say it spans
DEEPEST_TABLES = 8  # tables within tables; deeper ones are read as words

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_SHAPE_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}p"
_LEFT_OUT = frozenset(f"{W}{name}" for name in ("del", "moveFrom", "sectPr", "sdtPr", "pPr"))
_FEWEST_WORDS = 4  # of a line of a header with a page number; fewer say nothing else


@dataclass(frozen=True, slots=True)
class _Block:
    kind: str  # "paragraph", "item", "code"
    words: str
    depth: int = 0  # of an item in its list


def read(package: Package) -> Read:
    """A DOCX as Markdown. Raises UnreadableDocument."""
    reader = _Reader(package)
    text = "\n\n".join(_gathered(reader.blocks()))
    return Read(text, package.facts("docProps/core.xml"), tuple(reader.notes))


def _gathered(blocks: Iterable[_Block]) -> Iterator[str]:
    """The blocks, with lines of code in a row between fences and items of a list together."""
    held: list[_Block] = []
    for block in [*blocks, _Block("", "")]:
        if held and block.kind != held[0].kind:
            yield _together(held)
            held = []
        if block.kind in ("code", "item"):
            held.append(block)
        elif block.words:
            yield block.words


def _together(held: list[_Block]) -> str:
    if held[0].kind == "code":
        lines = "\n".join(block.words for block in held)
        return f"```\n{lines}\n```"
    least = min(block.depth for block in held)
    return "\n".join("  " * (block.depth - least) + block.words for block in held)


class _Reader:
    """Walks the elements of one document."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = package.main_part(DOCUMENT)
        self._root = package.xml(self._main)
        self._related = package.related(self._main)
        self._styles = Styles(self._part("styles.xml"))
        self._numbering = Numbering(self._part("numbering.xml"))
        self._beside = Beside()
        self._runs = Runs(self._styles, self._beside)
        self._pending = ""  # places that begin with the next block
        self.notes: list[str] = []
        self._read_beside()

    def blocks(self) -> Iterator[_Block]:
        """The blocks of the document between its headers and its footers."""
        yield from self._around("header")
        body = child(self._root, "body")
        body = body if body is not None else self._root
        self._runs.counts_pages = next(body.iter(f"{W}lastRenderedPageBreak"), None) is not None
        self._pending = places.mark("page 1") if self._runs.counts_pages else ""
        yield from self._blocks(body, 0)
        self._runs.counts_pages = False
        for comment in list(self._beside.comments.values()):
            yield _Block("paragraph", comment[:1].upper() + comment[1:])
        yield from self._around("footer")

    # --- parts beside the document -------------------------------------------------------------

    def _part(self, file: str) -> Any:
        """A part that this document may have; damage to it is no reason not to read the rest."""
        name = next((name for name in self._related.values() if name.endswith(file)), "")
        return self._root_of(name)

    def _root_of(self, name: str) -> Any:
        if not self._package.has(name):
            return None
        try:
            return self._package.xml(name)
        except UnreadableDocument:
            self.notes.append(f"{name.rpartition('/')[2]} is damaged and was not read")
            return None

    def _read_beside(self) -> None:
        for file, tag in (("footnotes.xml", "footnote"), ("endnotes.xml", "endnote")):
            root = self._part(file)
            for note in () if root is None else root.iter(f"{W}{tag}"):
                if note.get(f"{W}type", "normal") == "normal":
                    self._beside.notes[f"{tag} {note.get(f'{W}id')}"] = self._inside(note)
        root = self._part("/comments.xml")
        for comment in () if root is None else root.iter(f"{W}comment"):
            author = " ".join((comment.get(f"{W}author") or "").split())
            words = self._inside(comment)
            said = f"comment by {author}: {words}" if author else f"comment: {words}"
            self._beside.comments[comment.get(f"{W}id", "")] = said if words else ""
        self._beside.links = self._package.links(self._main)

    def _around(self, kind: str) -> Iterator[_Block]:
        """The headers or footers of all sections, each text once."""
        found: dict[str, None] = {}
        for reference in self._root.iter(f"{W}{kind}Reference"):
            root = self._root_of(self._related.get(reference.get(f"{R}id", ""), ""))
            if root is not None:
                found.setdefault("\n".join(self._lines(root)))
        for words in found:
            if words:
                yield _Block("paragraph", f"{kind.capitalize()}: {words}")

    def _lines(self, root: Any) -> Iterator[str]:
        """The lines of a header, without one that says nothing but the number of the page."""
        for paragraph in root.iter(f"{W}p"):
            before = self._runs.page_numbers
            words = self._words(paragraph)
            numbered = self._runs.page_numbers > before
            copied = next(paragraph.iterancestors(_FALLBACK), None) is not None
            if words and not copied and not (numbered and len(words.split()) < _FEWEST_WORDS):
                yield words

    # --- blocks --------------------------------------------------------------------------------

    def _blocks(self, parent: Any, depth: int) -> Iterator[_Block]:
        for element in parent.iterchildren(tag=None):
            if element.tag == f"{W}p":
                yield from self._paragraph(element, depth)
            elif element.tag == f"{W}tbl":
                yield self._placed("paragraph", self._table(element, depth))
            elif element.tag == f"{W}altChunk":
                self.notes.append("a part that is stored in another format was not read")
            elif isinstance(element.tag, str) and element.tag not in _LEFT_OUT | {_FALLBACK}:
                yield from self._blocks(element, depth)

    def _placed(self, kind: str, words: str, depth: int = 0) -> _Block:
        """A block, with the places that begin with it before its words."""
        found, self._pending = self._pending, ""
        return _Block(kind, found + words, depth)

    def _paragraph(self, paragraph: Any, depth: int) -> Iterator[_Block]:
        style = self._styles.of_paragraph(paragraph)
        characters = self._runs.text(paragraph, style)
        bare, marks = _without_marks(characters)
        hidden = not bare.strip() and is_on(paragraph, "pPr/rPr/vanish")
        listed, label = ("", "") if hidden else self._label(paragraph, style)
        if not bare.strip():
            self._pending += marks
        elif style.is_code:
            yield self._placed("code", bare.strip("\n").rstrip())
            self._pending += marks
        else:
            yield self._written(paragraph, style, characters, listed, label)
        yield from self._drawn(paragraph, depth)

    def _written(
        self, paragraph: Any, style: Style, characters: str, listed: str, label: str
    ) -> _Block:
        outline = number(paragraph, "pPr/outlineLvl")
        level = style.level if outline is None else min(outline + 1, 6) if outline < 9 else 0
        lines = "\n".join(" ".join(line.split()) for line in characters.split("\n")).strip()
        line = " ".join(characters.split())
        if level:
            mark = "" if label == BULLET else f"{label} ".lstrip()
            return self._placed("paragraph", f"{'#' * level} {mark}{line}")
        if not listed or not label:
            return self._placed("paragraph", lines)
        if mark := BULLET if label == BULLET else list_mark(label):
            return self._placed("item", f"{mark} {line}", int(listed))
        return self._placed("paragraph", f"{label} {line}")

    def _label(self, paragraph: Any, style: Style) -> tuple[str, str]:
        """The level of a paragraph in its list, and the number before it; "" where is no list."""
        own = value(paragraph, "pPr/numPr/numId")
        list_id = own or style.list_id
        if own == "0" or not (list_id or style.is_list):
            return "", ""
        level = self._numbering.level_of(list_id, number(paragraph, "pPr/numPr/ilvl"), style)
        return str(level), self._numbering.next(list_id, level)

    def _drawn(self, paragraph: Any, depth: int) -> Iterator[_Block]:
        """Text boxes, charts and diagrams, once each: copies for older programs are passed over."""
        for element in paragraph.iter(f"{W}txbxContent", _CHART, _DIAGRAM):
            if next(element.iterancestors(_FALLBACK), None) is not None:
                continue
            if element.tag == f"{W}txbxContent":
                if depth < DEEPEST_TABLES:
                    yield from self._blocks(element, depth + 1)
            elif element.tag == _CHART:
                part = self._related.get(element.get(f"{R}id", ""), "")
                for words in charts.chart_part(self._package, part):
                    yield self._placed("paragraph", words)
            else:
                root = self._root_of(self._related.get(element.get(f"{R}dm", ""), ""))
                for shape in () if root is None else root.iter(_SHAPE_TEXT):
                    if words := charts.words(shape):
                        yield self._placed("item", f"- {words}")

    def _words(self, paragraph: Any) -> str:
        """A paragraph on one line, with its number."""
        style = self._styles.of_paragraph(paragraph)
        line = " ".join(self._runs.text(paragraph, style).split())
        _, label = self._label(paragraph, style)
        return f"{label} {line}" if line and label not in ("", BULLET) else line

    def _inside(self, parent: Any) -> str:
        return " ".join(filter(None, map(self._words, parent.iter(f"{W}p"))))

    # --- tables --------------------------------------------------------------------------------

    def _table(self, grid: Any, depth: int) -> str:
        rows: list[list[str]] = []
        for row in grid.iter(f"{W}tr"):
            if next(row.iterancestors(f"{W}tbl"), None) is grid and not _is_deleted(row):
                rows.append(self._row(row, rows[-1] if rows else [], depth))
        return table([row for row in rows if any(row)])

    def _row(self, row: Any, above: list[str], depth: int) -> list[str]:
        """The cells of a row; a cell that goes on from the row above repeats its words."""
        cells = [""] * min(number(row, "trPr/gridBefore") or 0, MOST_COLUMNS)
        for cell in row.iter(f"{W}tc"):
            if next(cell.iterancestors(f"{W}tr"), None) is not row:
                continue
            merged = child(cell, "tcPr/vMerge")
            goes_on = merged is not None and merged.get(f"{W}val") != "restart"
            known = goes_on and len(cells) < len(above)
            words = above[len(cells)] if known else self._cell(cell, depth)
            cells += [words] * min(max(number(cell, "tcPr/gridSpan") or 1, 1), MOST_COLUMNS)
        return cells

    def _cell(self, cell: Any, depth: int) -> str:
        if depth >= DEEPEST_TABLES:
            return self._inside(cell)
        pieces = (block.words for block in self._blocks(cell, depth + 1))
        return " ".join(" ".join(pieces).replace("| --- ", "").split())


def _is_deleted(row: Any) -> bool:
    return child(row, "trPr/del") is not None


def _without_marks(characters: str) -> tuple[str, str]:
    """Some characters without the marks of places among them, and those marks."""
    if not places.is_marked(characters):
        return characters, ""
    bare, found = places.taken_out(characters)
    return bare, "".join(places.mark(label) for _, label in found)
