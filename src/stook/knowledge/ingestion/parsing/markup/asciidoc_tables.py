"""Reads the tables of AsciiDoc."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from stook.knowledge.ingestion.parsing import structured

LARGEST_SPAN = 100

_CELL = re.compile(r"(?<!\S)(?:(\d{1,4})?(?:\.(\d{1,4}))?([+*]))?[<^>]?(?:\.[<^>])?([aehlmsdv])?$")
_REPEATED = re.compile(r"(\d{1,3})\*")
_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class _Cell:
    words: str
    across: int = 1
    down: int = 1


def read(
    lines: Sequence[str], mark: str, style: Sequence[str], inline: Callable[[str], str]
) -> str:
    """A table as Markdown; the first row is its header."""
    said = dict(part.split("=", 1) for part in style if "=" in part)
    kind = said.get("format", "").strip('"')
    if mark in ",:" or kind in ("csv", "dsv", "tsv"):
        delimiter = {",": ",", ":": ":"}.get(mark) or {"csv": ",", "dsv": ":", "tsv": "\t"}[kind]
        return structured.delimited("\n".join(lines), delimiter)
    cells = list(_cells(lines, mark))
    columns = _columns(style) or _first_row(lines, mark)
    if not cells or not columns:
        return ""
    return structured.table([[inline(cell) for cell in row] for row in _rows(cells, columns)])


def _cells(lines: Sequence[str], mark: str) -> Iterator[_Cell]:
    """The cells one after another; what stands before a bar says how far it spans."""
    bar = _BAR if mark == "|" else re.compile(re.escape(mark))
    parts = bar.split("\n".join(lines))
    across, down, times = 1, 1, 1
    for number, part in enumerate(parts):
        head, last = part[:-20], part[-20:]
        found = _CELL.search(last) if number < len(parts) - 1 else None
        if number:
            words = head + (last[: found.start()] if found else last)
            plain = " ".join(words.replace("\\|", "|").split())
            yield from [_Cell(plain, across, down)] * times
        across = down = times = 1
        if found and found[3] == "*":
            times = min(int(found[1] or 1), LARGEST_SPAN)
        elif found and found[3]:
            across = min(int(found[1] or 1), LARGEST_SPAN)
            down = min(int(found[2] or 1), LARGEST_SPAN)


def _columns(style: Sequence[str]) -> int:
    """How many columns ``cols`` says there are; its value may hold commas, and so be in parts."""
    for number, part in enumerate(style):
        if part.startswith("cols="):
            first = part.removeprefix("cols=").strip('"')
            rest = list(_until_named(style[number + 1 :]))
            counts = [_REPEATED.match(one.strip()) for one in (first, *rest)]
            return sum(int(hit[1]) if hit else 1 for hit in counts)
    return 0


def _until_named(parts: Sequence[str]) -> Iterator[str]:
    for part in parts:
        if "=" in part or part.startswith("%"):
            return
        yield part


def _first_row(lines: Sequence[str], mark: str) -> int:
    """Without ``cols``, the cells of the first line are the columns."""
    first = next((line for line in lines if line.strip()), "")
    return sum(max(cell.across, 1) for cell in _cells([first], mark))


def _rows(cells: Sequence[_Cell], columns: int) -> Iterator[list[str]]:
    """The rows, cells that span repeated in each column and row."""
    below: dict[int, tuple[int, str]] = {}
    row: list[str] = []
    for cell in cells:
        while len(row) in below and len(row) < columns:
            _take_down(row, below)
        for _ in range(min(cell.across, columns - len(row))):
            if cell.down > 1:
                below[len(row)] = (cell.down - 1, cell.words)
            row.append(cell.words)
        while len(row) in below and len(row) < columns and row:
            if below[len(row)][1] == cell.words and cell.down > 1:
                break
            _take_down(row, below)
        if len(row) >= columns:
            yield row
            row = []
    if row:
        yield row


def _take_down(row: list[str], below: dict[int, tuple[int, str]]) -> None:
    left, words = below.pop(len(row))
    if left > 1:
        below[len(row)] = (left - 1, words)
    row.append(words)
