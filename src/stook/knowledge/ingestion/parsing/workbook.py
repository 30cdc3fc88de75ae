"""Reads XLSX workbooks: cells as they are displayed, comments, what is hidden, charts."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from stook.knowledge.ingestion.parsing import charts, number_formats
from stook.knowledge.ingestion.parsing.dates import microseconds
from stook.knowledge.ingestion.parsing.grids import (
    MOST_COLUMNS,
    Row,
    Sheet,
    hidden_sheets,
    markdown,
)
from stook.knowledge.ingestion.parsing.packages import Package
from stook.knowledge.ingestion.parsing.parsed import Read

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_ID = re.compile(r"\{http://[^}]*/relationships\}id")
_DIGITS = "0123456789"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_EPOCH = datetime.datetime(1899, 12, 30, tzinfo=datetime.UTC)


def read(package: Package) -> Read:
    """A workbook as Markdown. Raises UnreadableDocument."""
    book = _Book(package)
    text = markdown(book.sheets())
    return Read(text, package.facts("docProps/core.xml"), tuple(book.notes()), by_name=True)


class _Book:
    """The parts of one workbook that its sheets share."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = package.main_part("xl/workbook.xml")
        self._root = package.xml(self._main)
        self._related = package.related(self._main)
        properties = next(self._root.iter("{*}workbookPr"), None)
        dated = properties.get("date1904", "") if properties is not None else ""
        self._since_1904 = dated in ("1", "true")
        self._formats = self._read_formats()
        self._strings = self._read_strings()
        self._without_value = 0
        self._hidden = 0

    def notes(self) -> Iterator[str]:
        """What is to be said of the workbook, once its sheets were read."""
        yield from hidden_sheets(self._hidden)
        if self._without_value:
            yield f"{self._without_value} formulas hold no result: no program calculated them yet"

    def sheets(self) -> Iterator[Sheet]:
        """The sheets in the order of their tabs."""
        for listed in self._root.iter("{*}sheet"):
            key = next((listed.get(name) for name in listed.attrib if _ID.match(name)), "")
            part = self._related.get(key or "")
            if part and self._package.has(part):
                yield self._sheet(part, listed)

    def _sheet(self, part: str, listed: Any) -> Sheet:
        root = self._package.xml(part)
        related = self._package.related(part)
        hidden = listed.get("state", "visible") != "visible"
        self._hidden += hidden
        merged = (_area(cell.get("ref", "")) for cell in root.iter("{*}mergeCell"))
        return Sheet(
            name=listed.get("name", ""),
            rows=list(self._rows(root)) or [Row(1, {})],
            hidden=hidden,
            merged=[area for area in merged if area],
            hidden_columns=frozenset(_hidden_columns(root)),
            comments=dict(self._comments(related)),
            beside=list(self._drawn(related)),
        )

    # --- parts ------------------------------------------------------------------------------

    def _part(self, file: str) -> Any:
        name = next((name for name in self._related.values() if name.endswith(file)), "")
        return self._package.xml(name) if self._package.has(name) else None

    def _read_formats(self) -> list[str]:
        """The format codes by the number that cells give their style."""
        root = self._part("styles.xml")
        if root is None:
            return []
        codes = dict(number_formats.BUILT_IN)
        for custom in root.iter("{*}numFmt"):
            if custom.get("numFmtId", "").isdigit():
                codes[int(custom.get("numFmtId"))] = custom.get("formatCode", "")
        styles = root.find("{*}cellXfs")
        numbers = [style.get("numFmtId", "0") for style in styles] if styles is not None else []
        return [codes.get(int(n) if n.isdigit() else 0, "General") for n in numbers]

    def _read_strings(self) -> list[str]:
        root = self._part("haredStrings.xml")
        return [] if root is None else [_text(item) for item in root.iter("{*}si")]

    def _comments(self, related: dict[str, str]) -> Iterator[tuple[tuple[int, int], str]]:
        for name in related.values():
            if re.search(r"/(?:threadedC|c)omments?[^/]*\.xml$", name) and self._package.has(name):
                for one in self._package.xml(name).iter("{*}comment", "{*}threadedComment"):
                    place = _place(one.get("ref", ""))
                    words = " ".join(_text(one).split())
                    if place and words and "[Threaded comment]" not in words:
                        yield place, words

    def _drawn(self, related: dict[str, str]) -> Iterator[str]:
        for name in related.values():
            if "/drawings/" in name and name.endswith(".xml") and self._package.has(name):
                yield from charts.drawn(self._package, name)

    # --- cells ------------------------------------------------------------------------------

    def _rows(self, root: Any) -> Iterator[Row]:
        number = 0
        for row in root.iter("{*}row"):
            written = row.get("r", "")
            number = int(written) if written.isdigit() else number + 1
            hidden = row.get("hidden") in ("1", "true")
            yield Row(number, dict(self._cells(row)), hidden)

    def _cells(self, row: Any) -> Iterator[tuple[int, str]]:
        column = 0
        for cell in row.iterchildren("{*}c"):
            column = _column(cell.get("r", "").rstrip(_DIGITS)) or column + 1
            if column <= MOST_COLUMNS and (words := self._shown(cell)):
                yield column, words

    def _shown(self, cell: Any) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _text(cell)
        value = next((part.text or "" for part in cell.iterchildren("{*}v")), "")
        if not value:
            self._without_value += cell.find("{*}f") is not None and kind != "str"
            return ""
        style = cell.get("s", "")
        number = int(style) if style.isdigit() else 0
        code = self._formats[number] if number < len(self._formats) else "General"
        return self._written(kind, value, code)

    def _written(self, kind: str, value: str, code: str) -> str:
        if kind == "s":
            known = value.isdigit() and int(value) < len(self._strings)
            text = self._strings[int(value)] if known else ""
            return text if code == "General" else number_formats.shown_text(text, code)
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind == "d":
            return self._dated(value, code)
        if kind in ("str", "e"):
            return _unescaped(value)
        return self._number(value, code)

    def _number(self, value: str, code: str) -> str:
        try:
            if code == "General":  # most cells, and they are many
                is_short = value.isdecimal() and len(value) < 15 and value[0] != "0"
                return value if is_short else number_formats.general(float(value))
            return number_formats.shown(float(value), code, since_1904=self._since_1904)
        except (ValueError, OverflowError, ArithmeticError):
            return value

    def _dated(self, value: str, code: str) -> str:
        moment = microseconds(value)
        if moment is None:
            return value
        past = (
            moment / 86_400e6 + (datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC) - _EPOCH).days
        )
        return number_formats.shown(past, code) if number_formats.is_moment(code) else value


def _text(element: Any) -> str:
    """The words of a cell or comment, without how they are pronounced."""
    pieces = (
        piece.text or ""
        for piece in element.iter("{*}t", "{*}text")
        if not (len(piece) or next(piece.iterancestors("{*}rPh"), None) is not None)
    )
    return _unescaped("".join(pieces))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _place(reference: str) -> tuple[int, int] | None:
    """The row and column of "B7", counted from 1."""
    found = _REFERENCE.fullmatch(reference)
    return (int(found[2]), _column(found[1])) if found else None


@lru_cache(maxsize=MOST_COLUMNS)
def _column(letters: str) -> int:
    """The column of some letters, counted from 1; 0 where they are none."""
    column = 0
    for letter in letters[:4]:
        if not "A" <= letter <= "Z":
            return 0
        column = column * 26 + ord(letter) - 64
    return column


def _area(reference: str) -> tuple[int, int, int, int] | None:
    first, _, last = reference.partition(":")
    one, other = _place(first), _place(last or first)
    return (one[0], other[0], one[1], other[1]) if one and other else None


def _hidden_columns(root: Any) -> Iterator[int]:
    for columns in root.iter("{*}col"):
        first, last = columns.get("min", ""), columns.get("max", "")
        if columns.get("hidden") in ("1", "true") and first.isdigit() and last.isdigit():
            yield from range(int(first), min(int(last), int(first) + 1000) + 1)
