"""The characters of a DOC file and their properties, as [MS-DOC] lays them out."""

from __future__ import annotations

import bisect
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

MOST_PIECES = 1_000_000
PAGE = 512  # bytes of a page of properties

T = TypeVar("T")

_COMPRESSED = 0x4000_0000
_TABLE = 0xD608  # its size takes two bytes
_SUBDOCUMENTS = ("main", "footnotes", "headers", "macros", "comments", "endnotes", "boxes")
_DELETED, _HIDDEN, _IN_TABLE, _ROW_END, _LEVEL = 0x0800, 0x083C, 0x2416, 0x2417, 0x2640


class _Spans(Generic[T]):
    """Values of ranges of a file, by where the ranges begin."""

    def __init__(self, spans: Iterator[tuple[int, T]]) -> None:
        found = sorted(spans, key=lambda span: span[0])
        self._starts = [start for start, _ in found]
        self.values = [value for _, value in found]

    def at(self, offset: int) -> T | None:
        number = bisect.bisect_right(self._starts, offset)
        return self.values[number - 1] if number else None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``style`` is the number of its style, of which 1 to 9 are headings."""

    style: int = 0
    outline: int | None = None
    in_table: bool = False
    ends_row: bool = False


@dataclass(slots=True)
class Text:
    """The characters of a whole file; each part of it, "main" first, is a range of them."""

    characters: str
    parts: dict[str, range]
    marks: dict[str, list[int]]  # where notes, comments and headers are, in characters
    _origins: list[tuple[int, int, int, int]]  # where each piece is in characters and in the file
    _runs: _Spans[bool]
    _paragraphs: _Spans[Paragraph]
    _starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._starts = [first for first, _, _, _ in self._origins]

    def is_shown(self, at: int) -> bool:
        """Whether a character is neither deleted nor hidden."""
        return self._runs.at(self._in_file(at)) is not True

    def paragraph(self, at: int) -> Paragraph:
        """The properties of the paragraph that a character ends."""
        return self._paragraphs.at(self._in_file(at)) or Paragraph()

    def hides(self) -> bool:
        """Whether anything in the file is deleted or hidden."""
        return any(self._runs.values)

    def _in_file(self, at: int) -> int:
        number = max(bisect.bisect_right(self._starts, at) - 1, 0)
        first, _, offset, width = self._origins[number]
        return offset + (at - first) * width


def text(document: bytes, tables: Sequence[bytes]) -> Text:
    """The characters in the streams of a file. Raises struct.error, IndexError on damage.

    ``document`` is the stream "WordDocument", ``tables`` the streams "0Table" and "1Table".
    """
    table = tables[bool(_short(document, 0x0A) & 0x0200)]
    lengths = struct.unpack_from("<8I", document, 0x4C)
    ends = [sum(lengths[: number + 1]) for number in range(len(_SUBDOCUMENTS))]
    parts = {
        name: range(end - length, end)
        for name, end, length in zip(_SUBDOCUMENTS, ends, lengths, strict=False)
    }
    pieces, origins = [], []
    position = 0
    for length, offset, compressed in _pieces(_located(document, table, 0x01A2)):
        width = 1 if compressed else 2
        raw = document[offset : offset + length * width]
        words = raw.decode("cp1252" if compressed else "utf-16-le", "replace")
        words = words if len(words) == length else _one_unit_each(raw)
        origins.append((position, position + length, offset, width))
        pieces.append(words.ljust(length, "\0"))
        position += length
    marks = {
        name: _positions(_located(document, table, at), width)
        for name, at, width in (
            ("footnotes", 0xAA, 2), ("endnotes", 0x20A, 2), ("comments", 0xBA, 30),
            ("headers", 0xF2, 0),
        )
    }  # fmt: skip
    return Text(
        "".join(pieces),
        parts,
        marks,
        origins,
        _Spans(_runs(document, _located(document, table, 0xFA))),
        _Spans(_paragraphs(document, _located(document, table, 0x102))),
    )


def _one_unit_each(raw: bytes) -> str:
    """UTF-16 in which each unit stays one character: offsets count units."""
    return "".join(chr(unit) for (unit,) in struct.iter_unpack("<H", raw[: len(raw) // 2 * 2]))


def _short(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", data, at)[0])


def _located(document: bytes, table: bytes, at: int) -> bytes:
    """The part of a table stream whose place and length stand at an offset of the header."""
    offset, length = struct.unpack_from("<II", document, at)
    return table[offset : offset + length]


def _pieces(clx: bytes) -> Iterator[tuple[int, int, bool]]:
    """The length of each piece in characters, where it begins, and whether it is compressed."""
    at = 0
    while clx[at] == 1:
        at += 3 + _short(clx, at + 1)
    (size,) = struct.unpack_from("<I", clx, at + 1)
    count = min((size - 4) // 12, MOST_PIECES)
    body = clx[at + 5 :]
    positions = struct.unpack_from(f"<{count + 1}I", body)
    for number in range(count):
        (offset,) = struct.unpack_from("<I", body, 4 * (count + 1) + 8 * number + 2)
        compressed = bool(offset & _COMPRESSED)
        offset &= _COMPRESSED - 1
        length = positions[number + 1] - positions[number]
        if length > 0:
            yield length, offset // 2 if compressed else offset, compressed


def _positions(plc: bytes, width: int) -> list[int]:
    """The positions in a list of them, each but the last with so many bytes of data."""
    count = max((len(plc) - 4) // (4 + width), -1) + 1
    return list(struct.unpack_from(f"<{count}I", plc))


# --- properties -------------------------------------------------------------------------------


def _pages(document: bytes, plc: bytes) -> Iterator[bytes]:
    count = max((len(plc) - 4) // 8, 0)
    for (page,) in struct.iter_unpack("<I", plc[4 * (count + 1) : 4 * (count + 1) + 4 * count]):
        start = (page & 0x3F_FFFF) * PAGE
        if len(found := document[start : start + PAGE]) == PAGE:
            yield found


def _runs(document: bytes, plc: bytes) -> Iterator[tuple[int, bool]]:
    """Where runs of characters begin in the file, and whether they are deleted or hidden."""
    for page in _pages(document, plc):
        count = page[-1]
        for number in range(count):
            (start,) = struct.unpack_from("<I", page, 4 * number)
            at = 2 * page[4 * (count + 1) + number]
            said = dict(_properties(page[at + 1 : at + 1 + page[at]])) if at else {}
            yield start, any(said.get(code, b"\0")[:1] == b"\1" for code in (_DELETED, _HIDDEN))


def _paragraphs(document: bytes, plc: bytes) -> Iterator[tuple[int, Paragraph]]:
    """Where paragraphs begin in the file, and their properties."""
    for page in _pages(document, plc):
        count = page[-1]
        for number in range(count):
            (start,) = struct.unpack_from("<I", page, 4 * number)
            at = 2 * page[4 * (count + 1) + 13 * number]
            yield start, _paragraph(page, at) if at else Paragraph()


def _paragraph(page: bytes, at: int) -> Paragraph:
    length = 2 * page[at] - 1 if page[at] else 2 * page[at + 1]
    at += 1 if page[at] else 2
    said = dict(_properties(page[at + 2 : at + length]))
    outline = said.get(_LEVEL)
    return Paragraph(
        style=_short(page, at),
        outline=outline[0] if outline else None,
        in_table=said.get(_IN_TABLE, b"\0")[:1] == b"\1",
        ends_row=said.get(_ROW_END, b"\0")[:1] == b"\1",
    )


def _properties(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The properties (sprm) in some bytes, by their codes; their sizes are in the codes."""
    at = 0
    while at + 2 <= len(data):
        code = _short(data, at)
        at += 2
        size = (1, 1, 2, 4, 2, 2, -1, 3)[code >> 13]
        if size < 0:
            size = _short(data, at) + 1 if code == _TABLE else 1 + data[at]
        yield code, data[at : at + size]
        at += size
