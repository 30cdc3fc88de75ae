"""Reads OpenDocument sheets: cells as they are displayed, which the file itself says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stook.knowledge.ingestion.parsing.grids import (
    MOST_CELLS,
    Row,
    Sheet,
    hidden_sheets,
    markdown,
)
from stook.knowledge.ingestion.parsing.opendocument.elements import OFFICE, TABLE, TEXT, number
from stook.knowledge.ingestion.parsing.opendocument.styles import Styles
from stook.knowledge.ingestion.parsing.opendocument.words import Words
from stook.knowledge.ingestion.parsing.packages import Package
from stook.knowledge.ingestion.parsing.parsed import Read

MOST_REPEATED = 1000  # rows or columns; more are the empty rest of a sheet
_HIDDEN = ("collapse", "filter")


def spreadsheet(package: Package) -> Read:
    """An ODS as Markdown. Raises UnreadableDocument."""
    root = package.xml("content.xml")
    beside = [package.xml("styles.xml")] if package.has("styles.xml") else []
    book = _Book(Styles([*beside, root]))
    sheets = [book.sheet(grid) for grid in root.iter(f"{TABLE}table") if _is_sheet(grid)]
    notes = hidden_sheets(sum(sheet.hidden for sheet in sheets))
    return Read(markdown(sheets), package.facts("meta.xml"), notes, by_name=True)


def _is_sheet(grid: Any) -> bool:
    return bool(grid.getparent().tag == f"{OFFICE}spreadsheet")


class _Book:
    """What the sheets of one file share."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._words = Words(styles)
        self._spent = 0

    def sheet(self, grid: Any) -> Sheet:
        """One sheet, with what is merged, hidden and said beside its cells."""
        sheet = Sheet(name=grid.get(f"{TABLE}name", ""), rows=[], merged=[])
        properties = self._styles.properties(grid.get(f"{TABLE}style-name", ""), "table")
        sheet.hidden = properties is not None and properties.get(f"{TABLE}display") == "false"
        sheet.hidden_columns = frozenset(_hidden_columns(grid))
        sheet.rows = list(self._rows(grid, sheet))
        return sheet

    def _rows(self, grid: Any, sheet: Sheet) -> Iterator[Row]:
        at = 1
        for row in grid.iter(f"{TABLE}table-row"):
            cells = dict(self._cells(row, at, sheet))
            hidden = row.get(f"{TABLE}visibility") in _HIDDEN
            times = number(row, f"{TABLE}number-rows-repeated")
            for repeated in range(min(times, MOST_REPEATED) if cells else 0):
                self._spent += len(cells)
                if self._spent <= MOST_CELLS:
                    yield Row(at + repeated, dict(cells), hidden)
            at += times

    def _cells(self, row: Any, at: int, sheet: Sheet) -> Iterator[tuple[int, str]]:
        column = 1
        for cell in row.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            times = number(cell, f"{TABLE}number-columns-repeated")
            if len(cell):
                words = " ".join(filter(None, map(self._words.of, cell.iterchildren(f"{TEXT}p"))))
                for comment in cell.iterchildren(f"{OFFICE}annotation"):
                    said = self._words.comment(comment)
                    words = f"{words} ({said})".strip() if said else words
                if words:
                    yield from ((column + n, words) for n in range(min(times, MOST_REPEATED)))
                self._merge(cell, at, column, sheet)
            column += times

    def _merge(self, cell: Any, at: int, column: int, sheet: Sheet) -> None:
        down = number(cell, f"{TABLE}number-rows-spanned")
        across = number(cell, f"{TABLE}number-columns-spanned")
        if down > 1 or across > 1:
            area = (at, at + down - 1, column, column + across - 1)
            sheet.merged = [*sheet.merged, area]


def _hidden_columns(grid: Any) -> Iterator[int]:
    column = 1
    for element in grid.iter(f"{TABLE}table-column"):
        times = number(element, f"{TABLE}number-columns-repeated")
        if element.get(f"{TABLE}visibility") in _HIDDEN:
            yield from range(column, column + min(times, MOST_REPEATED))
        column += times
