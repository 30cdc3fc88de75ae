"""Delimited tables and JSON as Markdown."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

DELIMITERS = ",;\t|"
LONGEST_CELL = 2**31 - 1
TITLE_KEYS = ("title", "name", "subject")
MOST_COLUMNS = 64
SAMPLE = 64 * 1024  # characters, and rows, by which a delimiter is told
SAMPLE_ROWS = 50

_SAID = re.compile(r"\ufeff?sep=([,;\t|])\r?\n", re.IGNORECASE)


def delimited(text: str, delimiter: str = "") -> str:
    """Comma, semicolon, tab or bar separated values as a table; the first row is its header."""
    csv.field_size_limit(LONGEST_CELL)
    if said := _SAID.match(text):  # what spreadsheet programs write above such a table
        delimiter, text = said[1], text[said.end() :]
    delimiter = delimiter or _delimiter(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return table([row for row in rows if any(cell.strip() for cell in row)])


def _delimiter(text: str) -> str:
    """The mark that splits most of the first rows into the same number of columns.

    A comma or point between two digits, in a table that another mark splits as well, is the
    decimal sign: the rows that it splits are then no better split for having more columns.
    """
    sample = text[:SAMPLE].splitlines()[:SAMPLE_ROWS]

    def regularity(mark: str) -> tuple[float, bool, int]:
        counts = [len(row) for row in csv.reader(sample, delimiter=mark) if row]
        usual = max(set(counts), key=counts.count, default=1)
        if usual < 2:
            return 0.0, False, 1
        share = counts.count(usual) / len(counts)
        return round(share, 1), not _is_decimal(mark, sample), usual

    return max(DELIMITERS, key=regularity)


def _is_decimal(mark: str, sample: Sequence[str]) -> bool:
    """Whether most rows hold a mark between digits only, as a decimal or thousands sign does."""
    held = [line for line in sample if mark in line]
    between = re.compile(rf"(?<=\d){re.escape(mark)}(?=\d)")
    return bool(held) and sum(mark not in between.sub("", line) for line in held) * 2 > len(held)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a Markdown table, every row as long as the longest."""
    if not rows:
        return ""
    columns = max(map(len, rows))
    lines = [f"| {' | '.join(map(_cell, row))}{' | ' * (columns - len(row))} |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * columns, *lines[1:]])


def _cell(value: str) -> str:
    if value.isalnum():  # most cells; tables are long
        return value
    return " ".join(value.split()).replace("|", "\\|")


def json_outline(text: str, *, lines: bool = False) -> tuple[str, str]:
    """A title ("" if none) and the values of a JSON text as an outline; bad JSON stays as it is."""
    try:
        parts = [line for line in text.splitlines() if line.strip()] if lines else [text]
        values = [_DECODER.decode(part) for part in parts]
    except (ValueError, RecursionError):
        return "", text
    return outline(values if lines else values[0])


def outline(value: object) -> tuple[str, str]:
    """A title ("" if none) and the text of a value made of records, lists, texts and numbers."""
    return _title(value), "\n\n".join(_outline("", value))


class _Number(str):
    """A number as it is written: 1.10 is not 1.1."""

    __slots__ = ()


class _Repeating(dict[str, object]):
    """An object in which a key is said more than once; ``items`` gives every value."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self._pairs = pairs

    def items(self) -> Any:
        """Every key with every value, in the order in which they are written."""
        return self._pairs


def record(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of some keys, which may repeat, and their values."""
    made = dict(pairs)
    return made if len(made) == len(pairs) else _Repeating(pairs)


_DECODER = json.JSONDecoder(
    parse_float=_Number, parse_int=_Number, parse_constant=_Number, object_pairs_hook=record
)


def _title(value: object) -> str:
    if isinstance(value, dict):
        for key in TITLE_KEYS:
            if type(value.get(key)) is str:
                return str(value[key])
    return ""


def _outline(path: str, value: object) -> Iterator[str]:
    """Scalars as ``path: value``, lists of flat records as tables; without recursion."""
    waiting = [(path, value)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, list) and (rows := _records(value)):
            yield f"{path}:\n\n{table(rows)}" if path else table(rows)
        elif isinstance(value, list) and all(map(_is_scalar, value)):
            yield _labelled(path, ", ".join(map(_written, value)))
        elif isinstance(value, dict | list):
            waiting.extend(reversed(list(_members(path, value))))
        else:
            yield _labelled(path, _written(value))


def _members(path: str, value: dict[str, object] | list[object]) -> Iterable[tuple[str, object]]:
    if isinstance(value, dict):
        return ((f"{path}.{key}" if path else key, member) for key, member in value.items())
    return ((path, member) for member in value)


def _records(value: list[Any]) -> list[list[str]]:
    """Rows with a header, if these are flat objects with few keys; else nothing."""
    keys: dict[str, None] = {}
    for member in value:
        if not isinstance(member, dict) or isinstance(member, _Repeating):
            return []
        if any(isinstance(inner, dict | list) for inner in member.values()):
            return []
        keys |= dict.fromkeys(member)
        if len(keys) > MOST_COLUMNS:
            return []
    rows = [[_written(member.get(key, "")) for key in keys] for member in value if member]
    return [list(keys), *rows] if keys else []


def _is_scalar(value: object) -> bool:
    return not isinstance(value, dict | list)


def _labelled(path: str, written: str) -> str:
    return f"{path}: {written}" if path else written


def _written(value: object) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)
