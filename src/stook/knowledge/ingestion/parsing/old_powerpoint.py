"""Reads PPT presentations (PowerPoint 97 to 2003), as [MS-PPT] lays them out.

A presentation is a tree of records. Each save adds what changed at the end of the stream, with a
directory of where the newest record of each object lies; the texts of titles and bodies stand in a
list of the document, to which the shapes of slides refer.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import olefile

from stook.errors import UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion.parsing import ole, places
from stook.knowledge.ingestion.parsing.parsed import Read

DEEPEST = 24  # records within records
MOST_RECORDS = 2_000_000
MOST_EDITS = 5_000

_ENCRYPTED = 0xF3D1C4DF
_SLIDE_LIST, _PERSIST, _SLIDE_ATOM, _SLIDE_INFO = 0x0FF0, 0x03F3, 0x03EF, 0x03F9
_HEADER, _CHARS, _BYTES, _REFERENCE = 0x0F9F, 0x0FA0, 0x0FA8, 0x0F9E
_SHAPE, _PLACEHOLDER, _TAG_DATA, _COMMENT, _STRING = 0xF004, 0x0BC3, 0x138B, 0x2EE0, 0x0FBA
_EDIT, _DIRECTORY = 0x0FF5, 0x1772
_TITLES = (0, 6)
_FURNITURE = (7, 8, 9, 10)  # placeholders of date, number, footer and header


@dataclass(frozen=True, slots=True)
class _Record:
    kind: int
    instance: int
    start: int  # of its content in the stream
    end: int
    is_container: bool


@dataclass(slots=True)
class _Listed:
    """A slide or a page of notes in the list of the document, with the texts it has there."""

    persist: int
    identifier: int
    texts: list[tuple[int, str]] = field(default_factory=list)


def read(content: bytes) -> Read:
    """A presentation as Markdown, slide by slide. Raises UnreadableDocument."""
    try:
        with olefile.OleFileIO(content) as container:
            current = container.openstream("Current User").read()
            stream = container.openstream("PowerPoint Document").read()
        (token,) = struct.unpack_from("<I", current, 12)
        if token == _ENCRYPTED:
            raise UnreadableDocument(UnreadableReason.ENCRYPTED)
        deck = _Deck(stream, struct.unpack_from("<I", current, 16)[0])
        text = "\n\n".join(deck.blocks())
    except (struct.error, IndexError, KeyError, ValueError, OSError) as error:
        raise UnreadableDocument(UnreadableReason.BROKEN) from error
    hidden = (f"{deck.hidden} slides are hidden; they are marked as such",) if deck.hidden else ()
    return Read(text, ole.facts(content), hidden, by_name=True)


class _Deck:
    """The records of one presentation."""

    def __init__(self, stream: bytes, edit: int) -> None:
        self._stream = stream
        self._left = MOST_RECORDS
        self._offsets: dict[int, int] = {}
        document = self._read_edits(edit)
        self.hidden = 0
        self._lists: dict[int, list[_Listed]] = {}
        for record in self._inside(self._record(self._offsets[document])):
            if record.kind == _SLIDE_LIST:
                self._lists[record.instance] = list(self._listed(record))

    def blocks(self) -> Iterator[str]:
        """The slides, each under its title; the place of each is its number."""
        for number, listed in enumerate(self._lists.get(0, ()), 1):
            if listed.persist in self._offsets:
                yield from self._slide(listed, number)

    # --- records ------------------------------------------------------------------------------

    def _record(self, at: int) -> _Record:
        self._left -= 1
        if self._left < 0:
            raise ValueError("too many records")
        flags, kind, length = struct.unpack_from("<HHI", self._stream, at)
        end = min(at + 8 + length, len(self._stream))
        return _Record(kind, flags >> 4, at + 8, end, flags & 0xF == 0xF)

    def _inside(self, record: _Record) -> Iterator[_Record]:
        at = record.start
        while at + 8 <= record.end:
            inner = self._record(at)
            yield inner
            at = inner.end

    def _below(self, record: _Record, depth: int = 0) -> Iterator[_Record]:
        """All records within one, in order; shapes and comments are not entered."""
        for inner in self._inside(record):
            yield inner
            entered = inner.is_container or inner.kind == _TAG_DATA
            if entered and inner.kind not in (_SHAPE, _COMMENT) and depth < DEEPEST:
                yield from self._below(inner, depth + 1)

    def _read_edits(self, at: int) -> int:
        """Fill in where each object lies, the newest first; the number of the document."""
        document = 0
        for _ in range(MOST_EDITS):
            record = self._record(at)
            if record.kind != _EDIT:
                raise ValueError("no edit where one is named")
            _, _, at, directory, number = struct.unpack_from("<5I", self._stream, record.start)
            document = document or number
            self._read_directory(self._record(directory))
            if not at:
                break
        return document

    def _read_directory(self, record: _Record) -> None:
        at = record.start
        while record.kind == _DIRECTORY and at + 4 <= record.end:
            (said,) = struct.unpack_from("<I", self._stream, at)
            first, count = said & 0xF_FFFF, said >> 20
            offsets = struct.unpack_from(f"<{count}I", self._stream, at + 4)
            for number, offset in enumerate(offsets, first):
                self._offsets.setdefault(number, offset)
            at += 4 + 4 * count

    # --- texts --------------------------------------------------------------------------------

    def _text(self, record: _Record) -> str:
        raw = self._stream[record.start : record.end]
        encoding = "latin-1" if record.kind == _BYTES else "utf-16-le"
        return raw.decode(encoding, "replace")

    def _texts(self, record: _Record) -> Iterator[tuple[int, str]]:
        """The texts in a record, with what kind of text each is."""
        kind = -1
        for inner in self._inside(record):
            if inner.kind == _HEADER:
                kind = int.from_bytes(self._stream[inner.start : inner.start + 4], "little")
            elif inner.kind in (_CHARS, _BYTES):
                yield kind, self._text(inner)

    def _listed(self, record: _Record) -> Iterator[_Listed]:
        current: _Listed | None = None
        kind = -1
        for inner in self._inside(record):
            if inner.kind == _PERSIST:
                if current:
                    yield current
                persist, _, _, identifier = struct.unpack_from("<4I", self._stream, inner.start)
                current = _Listed(persist, identifier)
            elif inner.kind == _HEADER and current:
                kind = int.from_bytes(self._stream[inner.start : inner.start + 4], "little")
                current.texts.append((kind, ""))
            elif inner.kind in (_CHARS, _BYTES) and current and current.texts:
                current.texts[-1] = (kind, self._text(inner))
        if current:
            yield current

    # --- slides -------------------------------------------------------------------------------

    def _slide(self, listed: _Listed, number: int) -> Iterator[str]:
        slide = self._record(self._offsets[listed.persist])
        titles: list[str] = []
        blocks: list[str] = []
        notes, hidden = 0, False
        for record in self._below(slide):
            if record.kind == _SLIDE_ATOM:
                (notes,) = struct.unpack_from("<I", self._stream, record.start + 16)
            elif record.kind == _SLIDE_INFO:
                hidden = bool(struct.unpack_from("<H", self._stream, record.start + 10)[0] & 4)
            elif record.kind == _COMMENT:
                blocks += self._comment(record)
            elif record.kind == _SHAPE:
                for kind, lines in self._shape(record, listed):
                    if kind in _TITLES and not titles:
                        titles = [" ".join(lines)]
                    else:
                        blocks += lines
        blocks += self._notes(notes)
        if titles or blocks:
            self.hidden += hidden
            heading = f"## {titles[0] if titles else f'Slide {number}'}"
            yield f"{places.mark(f'slide {number}')}{heading}{' (hidden)' if hidden else ''}"
            yield from blocks

    def _shape(self, shape: _Record, listed: _Listed) -> Iterator[tuple[int, list[str]]]:
        """The lines of a shape's texts, with what kind of text each is."""
        found: list[tuple[int, str]] = []
        for record in self._below(shape):
            if record.kind == _PLACEHOLDER and self._stream[record.start + 4] in _FURNITURE:
                return
            if record.kind == _REFERENCE:
                (at,) = struct.unpack_from("<I", self._stream, record.start)
                found += listed.texts[at : at + 1]
            elif record.is_container:
                found += self._texts(record)
        for kind, text in found:
            lines = [" ".join(line.split()) for line in text.replace("\x0b", "\r").split("\r")]
            if lines := [line for line in lines if line and line != "*"]:
                yield kind, lines

    def _notes(self, identifier: int) -> list[str]:
        """What the speaker's notes of a slide say."""
        pages = [page for page in self._lists.get(2, ()) if identifier == page.identifier]
        if not identifier or not pages or pages[0].persist not in self._offsets:
            return []
        page = self._record(self._offsets[pages[0].persist])
        shapes = [record for record in self._below(page) if record.kind == _SHAPE]
        lines = [
            line for shape in shapes for _, some in self._shape(shape, pages[0]) for line in some
        ]
        return [f"Notes: {lines[0]}", *lines[1:]] if lines else []

    def _comment(self, comment: _Record) -> list[str]:
        said = {
            inner.instance: self._text(inner)
            for inner in self._inside(comment)
            if inner.kind == _STRING
        }
        author, words = (" ".join(said.get(at, "").split()) for at in (0, 1))
        if not words:
            return []
        return [f"Comment by {author}: {words}" if author else f"Comment: {words}"]
