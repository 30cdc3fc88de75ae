"""Makes Markdown of a DOC file: headings, tables, notes, comments, headers and footers."""

from __future__ import annotations

import itertools
import re
import struct
from collections.abc import Iterable, Iterator, Sequence

import olefile

from stook.errors import UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion.parsing.old_word.binary import Paragraph, Text, text
from stook.knowledge.ingestion.parsing.parsed import Facts, Read
from stook.knowledge.ingestion.parsing.structured import table

HEADINGS = 9  # the styles 1 to 9 are those of headings
LONGEST_INSTRUCTION = 100  # characters of what a field is, that are looked at
STORIES = 6  # of headers and footers of a section; the first six are lines above notes

_SIGNS = {
    "\t": " ", "\x0b": "\n", "\x0c": "\n", "\x0e": "\n", "\x1e": "-", "\x1f": "", "\x01": "",
    "\x03": "", "\x04": "", "\x08": "", "\0": "",
}  # fmt: skip
_PAGE_NUMBER = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b", re.IGNORECASE)
_FEWEST_WORDS = 4  # of a line of a header with a page number; fewer say nothing else


def read(content: bytes, facts: Facts) -> Read:
    """A document as Markdown. Raises UnreadableDocument."""
    try:
        with olefile.OleFileIO(content) as container:
            document = container.openstream("WordDocument").read()
            tables = [
                container.openstream(name).read() if container.exists(name) else b""
                for name in ("0Table", "1Table")
            ]
        found = text(document, tables)
        return Read("\n\n".join(_Document(found).blocks()), facts)
    except (struct.error, IndexError, ValueError, OSError, AttributeError) as error:
        raise UnreadableDocument(UnreadableReason.BROKEN) from error


class _Document:
    """Walks the parts of one file."""

    def __init__(self, found: Text) -> None:
        self._text = found
        self._hides = found.hides()
        self._beside: dict[int, str] = {}  # what notes and comments say, by their places
        for kind, form in (("footnotes", "{}"), ("endnotes", "{}"), ("comments", "comment: {}")):
            for at, words in zip(found.marks[kind], self._stories(kind), strict=False):
                self._beside[at] = f" ({form.format(words)}) " if words else ""

    def blocks(self) -> Iterator[str]:
        """The document between its headers and its footers, and then its text boxes."""
        headers, footers = self._around()
        yield from (f"Header: {words}" for words in headers)
        yield from self._part(self._text.parts["main"])
        yield from self._part(self._text.parts["boxes"])
        yield from (f"Footer: {words}" for words in footers)

    def _stories(self, kind: str) -> Iterator[str]:
        """The notes or comments of a part: each begins with the mark that refers to it."""
        mark = "\x05" if kind == "comments" else "\x02"
        part = self._text.parts[kind]
        starts = [at for at in part if self._text.characters[at] == mark]
        for start, end in itertools.pairwise([*starts, part.stop]):
            yield " ".join(self._words(start + 1, end).split())

    def _around(self) -> tuple[list[str], list[str]]:
        """The headers and the footers of all sections, each text once."""
        begin = self._text.parts["headers"].start
        found: tuple[dict[str, None], dict[str, None]] = ({}, {})
        positions = self._text.marks["headers"]
        for number in range(STORIES, len(positions) - 1):
            story = self._words(begin + positions[number], begin + positions[number + 1])
            lines = (" ".join(line.split()) for line in story.split("\n"))
            words = "\n".join(line for line in lines if line)
            found[number % STORIES in (2, 3, 5)].setdefault(words)
        headers, footers = ([words for words in some if words] for some in found)
        return headers, footers

    def _part(self, part: range) -> Iterator[str]:
        """The paragraphs and tables of a part, row by row."""
        rows: list[list[str]] = []
        cells: list[str] = []
        cell: list[str] = []  # the paragraphs of the cell that is being read
        for start, end in self._paragraphs(part):
            properties = self._text.paragraph(end)
            words = self._words(start, end)
            ends_cell = self._text.characters[end : end + 1] == "\x07"
            if properties.ends_row:
                rows.append(cells)
                cells = []
            elif ends_cell:
                cells.append(" ".join(" ".join([*cell, words]).split()))
                cell = []
            elif properties.in_table:
                cell.append(words)
            else:
                yield from _grid(rows)
                rows = []
                yield from _block(words, properties)
        yield from _grid([*rows, cells])

    def _paragraphs(self, part: range) -> Iterator[tuple[int, int]]:
        """Where paragraphs begin, and where the mark is that ends each."""
        start = part.start
        for found in re.finditer("[\r\x07\x0c]", self._text.characters[: part.stop]):
            if found.start() >= start:
                yield start, found.start()
                start = found.end()
        if start < part.stop:
            yield start, part.stop

    # --- characters ---------------------------------------------------------------------------

    def _words(self, start: int, end: int) -> str:
        """The characters of a range that are displayed: without the instructions of fields."""
        pieces: list[str] = []
        fields: list[tuple[str, bool]] = []  # the instruction of each open field; whether it ended
        numbered = False
        for at in range(start, min(end, len(self._text.characters))):
            character = self._text.characters[at]
            if character == "\x13":
                fields.append(("", False))
            elif character == "\x14" and fields:
                fields[-1] = (fields[-1][0], True)
            elif character == "\x15" and fields:
                numbered = bool(_PAGE_NUMBER.match(fields.pop()[0])) or numbered
            elif fields and not fields[-1][1]:
                fields[-1] = ((fields[-1][0] + character)[:LONGEST_INSTRUCTION], False)
            elif fields and _PAGE_NUMBER.match(fields[-1][0]):
                continue
            elif not self._hides or self._text.is_shown(at):
                pieces.append(self._sign(at, character))
        words = _paired("".join(pieces))
        return "" if numbered and len(words.split()) < _FEWEST_WORDS else words

    def _sign(self, at: int, character: str) -> str:
        if character in "\x02\x05":
            return self._beside.get(at, "")
        if character == "\r":
            return "\n"
        return _SIGNS.get(character, character)


def _paired(words: str) -> str:
    """Words in which the halves of characters that take two units are put together."""
    if words.isascii() or not any("\ud800" <= one <= "\udfff" for one in words):
        return words
    return words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _block(words: str, properties: Paragraph) -> Iterator[str]:
    lines = [" ".join(line.split()) for line in words.split("\n")]
    level = properties.style if 1 <= properties.style <= HEADINGS else 0
    if properties.outline is not None:
        level = properties.outline + 1 if properties.outline < HEADINGS else 0
    shown = "\n".join(line for line in lines if line)
    if shown and level:
        yield f"{'#' * min(level, 6)} {' '.join(shown.split())}"
    elif shown:
        yield shown


def _grid(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    filled = [row for row in rows if any(row)]
    if filled:
        yield table(filled)
