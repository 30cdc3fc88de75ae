"""Puts the tables of spreadsheets in order: one table for each filled area of rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stook.knowledge.ingestion.parsing.structured import table

_DELIMITER = re.compile(r"\|(?: --- \|)+")
_BAR = re.compile(r"(?<!\\)\|")


def regrouped(markdown: str) -> str:
    """Tables cut at empty rows, without empty columns; a row of one cell is a line of text."""
    return "\n".join(_lines(markdown.split("\n")))


def _lines(lines: list[str]) -> Iterator[str]:
    rows: list[list[str]] = []
    for line in [*lines, ""]:
        if line.startswith("|") and line.endswith("|"):
            if not _DELIMITER.fullmatch(line):
                rows.append([cell.strip() for cell in _BAR.split(line)[1:-1]])
            continue
        yield from _areas(rows)
        rows = []
        yield line


def _areas(rows: list[list[str]]) -> Iterator[str]:
    area: list[list[str]] = []
    for row in [*rows, []]:
        filled = sum(bool(cell) for cell in row)
        if filled > 1 or (filled and area):
            area.append(row)
            continue
        if area:
            yield from ("", _without_empty_columns(area), "")
            area = []
        yield from (cell for cell in row if cell)


def _without_empty_columns(area: list[list[str]]) -> str:
    width = max(map(len, area))
    rows = [[cell.replace("\\|", "|") for cell in row] + [""] * (width - len(row)) for row in area]
    used = [column for column in range(width) if any(row[column] for row in rows)]
    return table([[row[column] for column in used] for row in rows])
