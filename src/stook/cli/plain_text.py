"""Markdown as a terminal shows it: plain words, and each row of a table with its columns' names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stook.answering.extractive.cells import cells
from stook.answering.markdown import with_addresses, without_emphasis

LONGEST_LINE = 20_000  # characters; a longer line is shown as it is

_HEADING = re.compile(r"^ {0,3}#{1,6} +")
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)")
_ROW = re.compile(r"^ *\|.*\| *$")
_DELIMITER = re.compile(r"^ *\|[-:| ]+\| *$")


class PlainText:
    """Turns Markdown that comes in pieces into plain text, line by line."""

    def __init__(self) -> None:
        self._line = ""
        self._first: list[str] | None = None  # row of a table, until the next line says what it is
        self._columns: list[str] = []  # of the table that is being read, where they have names
        self._in_code = False

    def feed(self, piece: str) -> str:
        """Return what can be shown after another piece: whole lines."""
        *lines, self._line = (self._line + piece).split("\n")
        return "".join(f"{shown}\n" for line in lines for shown in self._shown(line))

    def close(self) -> str:
        """Return the rest."""
        rest, self._line = self._line, ""
        return "\n".join([*self._shown(rest), *self._held()])

    def _shown(self, line: str) -> Iterator[str]:
        """The lines that one line is shown as."""
        if self._first is not None and _DELIMITER.match(line):
            self._columns, self._first = self._first, None
            return
        yield from self._held()
        if _FENCE.match(line):
            self._in_code = not self._in_code
        elif self._in_code or len(line) > LONGEST_LINE:
            yield line
        elif not _ROW.match(line):
            self._columns = []
            yield _plain(_HEADING.sub("", line))
        elif self._columns:
            yield _row(self._columns, _cells(line))
        else:
            self._first = _cells(line)

    def _held(self) -> Iterator[str]:
        """The first row of a table that has no names of columns."""
        if self._first is not None:
            yield _row([], self._first)
            self._first = None


def _row(columns: list[str], found: list[str]) -> str:
    if len(found) != len(columns):
        return "; ".join(filter(None, found))
    named = zip(columns, found, strict=True)
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in named if cell)


def _cells(line: str) -> list[str]:
    return [_plain(cell) for cell in cells(line)]


def _plain(text: str) -> str:
    return without_emphasis(with_addresses(text))


def plain_text(markdown: str) -> str:
    """Return a whole Markdown text as plain text."""
    shown = PlainText()
    return shown.feed(markdown) + shown.close()
