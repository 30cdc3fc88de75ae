"""Makes Markdown of the sheets of a workbook: one table for each filled area of rows.

An area ends at an empty row. Rows of a single cell above a table are its titles; a header that an
empty row parts from its data is put back to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from stook.knowledge.ingestion.parsing import places
from stook.knowledge.ingestion.parsing.structured import table

MOST_CELLS = 5_000_000  # of a workbook, counting those that merged cells repeat
MOST_COLUMNS = 16_384
LEAST_FILLED = 0.5  # of a header's cells; a row above it that fills fewer is a title of the table

_NUMBER = re.compile(r"[^\w]*+\d[\d.,:%/ ()+-]*+\W{0,3}$")


@dataclass(slots=True)
class Row:
    """The filled cells of a row by their column, as they are displayed."""

    number: int
    cells: dict[int, str]
    hidden: bool = False


@dataclass(slots=True)
class Sheet:
    """A sheet as a reader found it. ``merged`` are areas: first and last row, then column."""

    name: str
    rows: Iterable[Row]
    hidden: bool = False
    merged: Sequence[tuple[int, int, int, int]] = ()
    hidden_columns: frozenset[int] = frozenset()
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    beside: Sequence[str] = ()  # what lies over the cells: charts, text boxes


def hidden_sheets(count: int) -> tuple[str, ...]:
    """What is to be said of a workbook with hidden sheets."""
    return (f"{count} sheets are hidden; they are marked as such",) if count else ()


def markdown(sheets: Iterable[Sheet]) -> str:
    """The sheets, each under its name."""
    return "\n\n".join(block for sheet in sheets for block in _blocks(sheet))


def _blocks(sheet: Sheet) -> Iterator[str]:
    blocks = [block for area in _areas(_complete(sheet)) for block in _area(area, sheet)]
    blocks += sheet.beside
    if blocks:
        name = " ".join(sheet.name.split()) or "Sheet"
        marked = f"## {name} (hidden)" if sheet.hidden else f"## {name}"
        yield places.mark(f"sheet {name}") + marked
        yield from blocks


def _complete(sheet: Sheet) -> list[Row]:
    """The rows with merged cells repeated and comments behind their cells."""
    rows = {row.number: row for row in sheet.rows}
    for row_at, _ in sheet.comments:
        rows.setdefault(row_at, Row(row_at, {}))
    for (row_at, column), comment in sheet.comments.items():
        cells = rows[row_at].cells
        cells[column] = f"{cells.get(column, '')} (comment: {comment})".strip()
    spent = 0
    for first, last, left, right in sheet.merged:
        words = rows[first].cells.get(left, "") if first in rows else ""
        spent += (last - first + 1) * (right - left + 1)
        if words and spent <= MOST_CELLS:
            for number in range(first, last + 1):
                if number in rows or number > first:
                    cells = rows.setdefault(number, Row(number, {})).cells
                    cells.update(dict.fromkeys(range(left, min(right, MOST_COLUMNS) + 1), words))
    return [rows[number] for number in sorted(rows) if any(rows[number].cells.values())]


def _areas(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Runs of rows without an empty one; a header joins the data that follows it."""
    area: list[Row] = []
    for row in rows:
        gap = row.number - area[-1].number - 1 if area else 0
        if area and gap and not (gap <= 2 and _is_header_of(area, row)):
            yield area
            area = []
        area.append(row)
    if area:
        yield area


def _is_header_of(area: Sequence[Row], row: Row) -> bool:
    """Whether an area is but the header of the table that begins with a row after a gap."""
    head = area[-1].cells
    if len(area) > 3 or len(_filled(head)) < 2 or any(map(_has_number, area)):
        return False
    columns = _filled(row.cells)
    shared = len(columns & _filled(head))
    return shared >= 2 and shared >= len(columns) - 1 and _has_number(row)


def _filled(cells: dict[int, str]) -> set[int]:
    return {column for column, words in cells.items() if words}


def _has_number(row: Row) -> bool:
    """Whether a row holds data, by a number behind its first cell."""
    return any(_NUMBER.match(row.cells[column]) for column in sorted(_filled(row.cells))[1:])


def _area(area: Sequence[Row], sheet: Sheet) -> Iterator[str]:
    start = _header_at(area)
    yield from (" ".join(_distinct(row)) for row in area[:start])
    if start < len(area):
        rows = area[start:]
        columns = sorted({column for row in rows for column in _filled(row.cells)})
        cells = [[row.cells.get(column, "") for column in columns] for row in rows]
        for row, written in zip(rows, cells, strict=True):
            written[0] = f"{written[0]} (hidden row)".strip() if row.hidden else written[0]
        for at, column in enumerate(columns):
            if column in sheet.hidden_columns:
                cells[0][at] = f"{cells[0][at]} (hidden column)".strip()
        yield table(cells)


def _header_at(area: Sequence[Row]) -> int:
    """The row at which the table begins: rows of one cell, or of few, above it are titles."""
    if max(len(_distinct(row)) for row in area) == 1:
        return len(area)
    for number, row in enumerate(area):
        distinct = len(_distinct(row))
        below = len(_distinct(area[number + 1])) if number + 1 < len(area) else 0
        is_title = distinct == 1 or (
            distinct <= LEAST_FILLED * below and not _has_number(row) and number < 5
        )
        if not is_title:
            return number
    return 0


def _distinct(row: Row) -> list[str]:
    """The words of a row from the left, those of merged cells once."""
    cells = (" ".join(row.cells[column].split()) for column in sorted(_filled(row.cells)))
    return list(dict.fromkeys(cells))
