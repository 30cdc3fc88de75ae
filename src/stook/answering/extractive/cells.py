"""The cells of a table's rows, with the names of their columns."""

from __future__ import annotations

import re

from stook.answering.markdown import inline
from stook.knowledge.text.units import Structure, Unit

_BAR = re.compile(r"(?<!\\)\|")


def cells(raw: str) -> list[str]:
    """The cells of one line of a Markdown table."""
    line = raw.strip().removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    return [inline(cell.replace("\\|", "|")).strip() for cell in _BAR.split(line)]


def columns(structure: Structure, row: Unit) -> list[str]:
    """The names of the columns of a row's table; none where it has no header."""
    header = structure.header(row)
    return cells(header.split("\n", 1)[0]) if header else []


def row_words(structure: Structure, row: Unit) -> str:
    """A row on one line that can stand alone: each cell behind the name of its column."""
    values, names = cells(structure.raw(row)), columns(structure, row)
    if len(names) != len(values):
        return "; ".join(value for value in values if value)
    return "; ".join(
        f"{name}: {value}" if name else value
        for name, value in zip(names, values, strict=True)
        if value
    )
