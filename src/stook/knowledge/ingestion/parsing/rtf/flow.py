"""Gathers the paragraphs, list items and tables of a flow of text: the body, a note, a header."""

from __future__ import annotations

from collections.abc import Iterator

from stook.knowledge.ingestion.parsing import inline
from stook.knowledge.ingestion.parsing.counting import list_mark
from stook.knowledge.ingestion.parsing.structured import table

PAGE_NUMBER = "\ufdd2"  # stands where the number of the page was; free for use in a program
FEWEST_WORDS = 4  # of a line with the number of the page; fewer say nothing else


class Flow:
    """What was written so far; ``blocks`` ends it."""

    def __init__(self) -> None:
        self._blocks: list[tuple[int, str]] = []  # the depth of an item, -1 of others; its text
        self._pieces: list[str] = []
        self._cells: list[str] = []
        self._cell: list[str] = []  # the paragraphs of the cell that is being read
        self._rows: list[list[str]] = []

    def position(self) -> int:
        """Where in the paragraph that is open the next characters will be."""
        return len(self._pieces)

    def link(self, position: int, target: str) -> None:
        """Make what was written from a position on the words of a link."""
        words = "".join(self._pieces[position:])
        self._pieces[position:] = [inline.linked(words, target)]

    def write(self, text: str) -> None:
        """Add characters to the paragraph that is open."""
        self._pieces.append(text)

    def end_paragraph(
        self, *, level: int = 0, label: str | None = None, depth: int = 0, in_table: bool
    ) -> None:
        """End a paragraph; ``label`` is what stands before an item of a list."""
        words = self._taken()
        if in_table:
            self._cell.append(" ".join(words.split()))
            return
        self._end_table()
        line = " ".join(words.split())
        if not line:
            return
        label = None if label is None else " ".join(label.split())
        if level:
            bare = "" if _is_bullet(label) else f"{label} "
            self._blocks.append((-1, f"{'#' * min(level, 6)} {bare}{line}"))
        elif label is None:
            self._blocks.append((-1, words))
        else:
            mark = "-" if _is_bullet(label) else list_mark(label)
            self._blocks.append((depth if mark else -1, f"{mark or label} {line}"))

    def end_cell(self) -> None:
        """End a cell of a table."""
        words = " ".join([*self._cell, *self._taken().split()])
        self._cells.append(" ".join(words.split()))
        self._cell = []

    def end_row(self) -> None:
        """End a row of a table."""
        self._rows.append(self._cells)
        self._cells = []

    def line(self) -> str:
        """Everything so far on one line."""
        return " ".join(" ".join(self.blocks()).split())

    def blocks(self) -> Iterator[str]:
        """Everything so far; list items in a row are one block."""
        self.end_paragraph(in_table=bool(self._cells or self._cell))
        self._end_table()
        items: list[tuple[int, str]] = []
        for depth, text in [*self._blocks, (-1, "")]:
            if depth >= 0:
                items.append((depth, text))
                continue
            if items:
                least = min(depth for depth, _ in items)
                yield "\n".join("  " * (depth - least) + item for depth, item in items)
                items = []
            if text:
                yield text

    def _taken(self) -> str:
        words = inline.joined("".join(self._pieces))
        self._pieces = []
        lines = (" ".join(line.split()) for line in words.split("\n"))
        return "\n".join(line.replace(PAGE_NUMBER, "") for line in lines if _says_more(line))

    def _end_table(self) -> None:
        if self._cell or self._cells:
            self.end_cell()
            self.end_row()
        if filled := [row for row in self._rows if any(row)]:
            self._blocks.append((-1, table(filled)))
        self._rows = []


def _is_bullet(label: str | None) -> bool:
    return not label or label == "o" or not any(map(str.isalnum, label))


def _says_more(line: str) -> bool:
    """Whether a line says something, and not only the number of the page."""
    return bool(line) and (PAGE_NUMBER not in line or len(line.split()) > FEWEST_WORDS)
