"""Delimited tables and JSON as Markdown."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

DELIMITERS = ",;\t|"
LONGEST_CELL = 2**31 - 1
TITLE_KEYS = ("title", "name", "subject")
MOST_COLUMNS = 64


def delimited(text: str, delimiter: str = "") -> str:
    """Comma, semicolon, tab or bar separated values as a table; the first row is its header."""
    csv.field_size_limit(LONGEST_CELL)
    delimiter = delimiter or _delimiter(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return table([row for row in rows if any(cell.strip() for cell in row)])


def _delimiter(text: str) -> str:
    """The mark that splits the first lines into most columns of the same number."""
    sample = text[:20_000].splitlines()[:20]

    def regularity(mark: str) -> tuple[bool, int]:
        counts = [len(row) for row in csv.reader(sample, delimiter=mark) if row]
        usual = max(set(counts), key=counts.count, default=1)
        return counts.count(usual) * 10 >= len(counts) * 6 and usual > 1, usual

    return max(DELIMITERS, key=regularity)


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
        value = [json.loads(line) for line in text.splitlines() if line.strip()] if lines else None
        value = json.loads(text) if value is None else value
    except (ValueError, RecursionError):
        return "", text
    return _title(value), "\n\n".join(_outline("", value))


def _title(value: object) -> str:
    if isinstance(value, dict):
        for key in TITLE_KEYS:
            if isinstance(value.get(key), str):
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
        if not isinstance(member, dict):
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
