"""Reads OpenDocument texts and presentations: numbers as printed, notes, comments, charts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from stook.errors import UnreadableDocument
from stook.knowledge.ingestion.parsing import places
from stook.knowledge.ingestion.parsing.counting import list_mark
from stook.knowledge.ingestion.parsing.opendocument.elements import (
    DRAW,
    LINK,
    OFFICE,
    PRESENTATION,
    STYLE,
    TABLE,
    TEXT,
    number,
)
from stook.knowledge.ingestion.parsing.opendocument.lists import Counter
from stook.knowledge.ingestion.parsing.opendocument.styles import Styles
from stook.knowledge.ingestion.parsing.opendocument.words import NOT_SHOWN, Words
from stook.knowledge.ingestion.parsing.packages import Package
from stook.knowledge.ingestion.parsing.parsed import Read
from stook.knowledge.ingestion.parsing.structured import table

WIDEST = 200  # how often a cell may be repeated; more are the empty rest of a sheet
_HEADERS = ("header", "header-left", "header-first", "footer", "footer-left", "footer-first")
_NUMBERS = (f"{TEXT}page-number", f"{TEXT}page-count")
_FEWEST_WORDS = 4  # of a line of a header with a page number; fewer say nothing else


def text(package: Package) -> Read:
    """An ODT as Markdown. Raises UnreadableDocument."""
    reader = _Reader(package)
    blocks = [*reader.around("header"), *reader.body(), *reader.around("footer")]
    return Read("\n\n".join(blocks), package.facts("meta.xml"))


def presentation(package: Package) -> Read:
    """An ODP as Markdown, slide by slide. Raises UnreadableDocument."""
    reader = _Reader(package)
    blocks = [block for page in reader.pages() for block in page]
    hidden = reader.hidden_pages
    notes = (f"{hidden} slides are hidden; they are marked as such",) if hidden else ()
    return Read("\n\n".join(blocks), package.facts("meta.xml"), notes, by_name=True)


class _Reader:
    """Walks the elements of one file."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._root = package.xml("content.xml")
        beside = [package.xml("styles.xml")] if package.has("styles.xml") else []
        self._beside = beside
        self._styles = Styles([*beside, self._root])
        self._words = Words(self._styles)
        self._lists = Counter(self._styles)
        self.hidden_pages = 0
        self._readers: dict[str, Callable[[Any, int], Iterator[str]]] = {
            f"{TEXT}p": self._paragraph,
            f"{TEXT}h": self._heading,
            f"{TEXT}list": self._list,
            f"{TABLE}table": self._table,
            f"{DRAW}frame": self._frame,
            f"{TEXT}section": self._section,
            f"{OFFICE}annotation": self._annotation,
        }

    def body(self) -> Iterator[str]:
        """The blocks of a text."""
        body = self._root.find(f"{OFFICE}body")
        self._words.counts_pages = next(body.iter(f"{TEXT}soft-page-break"), None) is not None
        first = self._words.counts_pages
        for block in () if body is None else self._blocks(body, 0):
            yield places.mark("page 1") + block if first else block
            first = False

    def pages(self) -> Iterator[list[str]]:
        """The blocks of each slide, its title first, the speaker's notes last."""
        for at, page in enumerate(self._root.iter(f"{DRAW}page"), 1):
            blocks = list(self._blocks(page, 0))
            titles = [at for at, block in enumerate(blocks) if block.startswith("## ")]
            title = blocks.pop(titles[0]) if titles else f"## Slide {at}"
            for notes in page.iterchildren(f"{PRESENTATION}notes"):
                said = list(self._blocks(notes, 0))
                blocks += [f"Notes: {said[0]}", *said[1:]] if said else []
            if not blocks and not titles:
                continue
            hidden = self._styles.is_hidden_page(page.get(f"{DRAW}style-name", ""))
            self.hidden_pages += hidden
            mark = " (hidden)" if hidden else ""
            yield [f"{places.mark(f'slide {at}')}{title}{mark}", *blocks]

    def around(self, kind: str) -> Iterator[str]:
        """The headers or footers of all pages, each text once."""
        found: dict[str, None] = {}
        for root in self._beside:
            for name in _HEADERS:
                if name.startswith(kind):
                    for element in root.iter(STYLE + name):
                        found.setdefault("\n".join(self._lines(element)))
        for words in found:
            if words:
                yield f"{kind.capitalize()}: {words}"

    def _lines(self, element: Any) -> Iterator[str]:
        for paragraph in element.iter(f"{TEXT}p", f"{TEXT}h"):
            words = self._words.of(paragraph)
            numbered = next(paragraph.iter(*_NUMBERS), None) is not None
            if words and not (numbered and len(words.split()) < _FEWEST_WORDS):
                yield words

    # --- blocks -------------------------------------------------------------------------------

    def _blocks(self, parent: Any, depth: int) -> Iterator[str]:
        """The blocks inside an element; ``depth`` counts the lists around it."""
        for element in parent.iterchildren(tag=None):
            if not isinstance(element.tag, str) or element.tag in NOT_SHOWN:
                continue
            if read := self._readers.get(element.tag):
                yield from read(element, depth)
            else:
                yield from self._blocks(element, depth)

    def _paragraph(self, element: Any, depth: int) -> Iterator[str]:
        if words := self._words.of(element):
            yield words
        yield from self._within(element, depth)

    def _within(self, element: Any, depth: int) -> Iterator[str]:
        """What is anchored in a paragraph: text boxes, charts."""
        for frame in element.iter(f"{DRAW}frame"):
            if next(frame.iterancestors(f"{DRAW}frame"), None) is None:
                yield from self._inside(frame, depth)

    def _heading(self, element: Any, depth: int) -> Iterator[str]:
        level = max(number(element, f"{TEXT}outline-level"), 1)
        label = self._lists.heading(element, level)
        if words := self._words.of(element):
            yield f"{'#' * min(level, 6)} {label} {words}".replace("  ", " ")
        yield from self._within(element, depth)

    def _section(self, element: Any, depth: int) -> Iterator[str]:
        if element.get(f"{TEXT}display") != "none":
            yield from self._blocks(element, depth)

    def _annotation(self, element: Any, _depth: int) -> Iterator[str]:
        if words := self._words.comment(element):
            yield words[:1].upper() + words[1:]

    def _list(self, element: Any, depth: int) -> Iterator[str]:
        self._lists.begin(element, depth)
        lines = [line for item in element.iterchildren() for line in self._item(item, depth)]
        self._lists.end()
        if lines:
            yield "\n".join(lines)

    def _item(self, item: Any, depth: int) -> Iterator[str]:
        if item.tag not in (f"{TEXT}list-item", f"{TEXT}list-header"):
            return
        label = self._lists.next(item)
        mark = f"{list_mark(label) or f'- {label}'.strip()} "
        indent = "  " * depth
        for block in self._blocks(item, depth + 1):
            if block.startswith("  " * (depth + 1)):
                yield block
            else:
                yield f"{indent}{mark}{block}"
                mark, indent = "", "  " * (depth + 1)

    # --- tables -------------------------------------------------------------------------------

    def _table(self, element: Any, _depth: int) -> Iterator[str]:
        rows: list[list[str]] = []
        waiting: dict[int, tuple[int, str]] = {}  # rows still to fill, and the words, by column
        for row in element.iter(f"{TABLE}table-row"):
            if next(row.iterancestors(f"{TABLE}table"), None) is element:
                cells = self._cells(row, waiting)
                rows.append(cells)
        if filled := [row for row in rows if any(row)]:
            yield table(filled)

    def _cells(self, row: Any, waiting: dict[int, tuple[int, str]]) -> list[str]:
        """The cells of a row; one that spans others stands in each of them."""
        cells: list[str] = []
        across = ""  # what a cell to the left says in the columns that it covers
        for cell in row.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            times = min(number(cell, f"{TABLE}number-columns-repeated"), WIDEST)
            if cell.tag == f"{TABLE}table-cell":
                words = self._cell(cell)
                down = min(number(cell, f"{TABLE}number-rows-spanned"), WIDEST)
                wide = min(number(cell, f"{TABLE}number-columns-spanned"), WIDEST)
                across = words if wide > 1 else ""
                for column in range(len(cells), len(cells) + wide if down > 1 else 0):
                    waiting[column] = (down - 1, words)
                cells += [words] * times
                continue
            for _ in range(times):
                left, words = waiting.get(len(cells), (0, ""))
                if left and not across:
                    waiting[len(cells)] = (left - 1, words)
                cells.append(across or (words if left else ""))
        return cells

    def _cell(self, cell: Any) -> str:
        return " ".join(" ".join(self._blocks(cell, 0)).split())

    # --- frames -------------------------------------------------------------------------------

    def _frame(self, element: Any, depth: int) -> Iterator[str]:
        """A picture's alternative text, or what is in it; a slide's title is a heading."""
        kind = element.get(f"{PRESENTATION}class", "")
        if kind in ("page-number", "date-time", "header", "footer"):
            return
        blocks = list(self._words.alternative(element)) + list(self._inside(element, depth))
        if kind == "title" and blocks:
            yield "## " + " ".join(" ".join(blocks).split())
        else:
            yield from blocks

    def _inside(self, frame: Any, depth: int) -> Iterator[str]:
        for element in frame.iterchildren(f"{DRAW}text-box", f"{TABLE}table", f"{DRAW}object"):
            if element.tag == f"{TABLE}table":
                yield from self._table(element, depth)
            elif element.tag == f"{DRAW}object":
                yield from self._object(element)
                return  # what follows is but its picture
            else:
                yield from self._blocks(element, depth)

    def _object(self, element: Any) -> Iterator[str]:
        """A chart, by the table that it is drawn from, or a formula."""
        name = element.get(LINK, "").removeprefix("./").rstrip("/") + "/content.xml"
        if not self._package.has(name):
            return
        try:
            root = self._package.xml(name)
        except UnreadableDocument:
            return
        for title in root.iter("{*}title"):
            if words := " ".join(filter(None, map(self._words.of, title.iter(f"{TEXT}p")))):
                yield words
        for grid in root.iter(f"{TABLE}table"):
            yield from self._table(grid, 0)
        for formula in root.iter("{*}annotation"):
            if formula.text and formula.text.strip():
                yield formula.text.strip()
