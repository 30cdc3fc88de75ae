"""Cuts a document's text into passages, and each passage into windows.

A *passage* (about 200 words at most) is what search returns; a *window* (a run of whole sentences
of about 40 words) is what gets a vector. Sizes are measured in *words' worth*: see ``weight``.
Cuts fall at headings, else between paragraphs, sentences, lines, words, in that order.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from stook.knowledge.store.documents import Chunk, Span
from stook.knowledge.text.blocks import Block, Kind, blocks
from stook.knowledge.text.context import lexical_text, window_text
from stook.knowledge.text.sentences import block_sentences
from stook.knowledge.text.words import UNSPACED

__all__ = ["chunk", "lexical_text", "weight", "window_text"]

PASSAGE = 200.0  # words' worth in a passage, at most
WINDOW = 40.0  # where a window is closed
WINDOW_OVERFULL = 60.0  # a window takes another sentence up to here
SENTENCE = 150.0  # a longer sentence is cut: with its title about 256 tokens of the encoder
SMALL_SECTION = 60.0  # smaller neighbouring sections share a passage …
SHARED_PASSAGE = 120.0  # … up to this size
LONGEST_WORD = 1000  # a longer run of letters is no word of any language and may be cut

_UNSPACED_CHARACTER = re.compile(f"[{UNSPACED}]")
_RUN = rf"[^\s{UNSPACED}]{{1,{LONGEST_WORD}}}"
_TOKEN = re.compile(
    rf"(?:[{UNSPACED}][\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*"
    rf"|{_RUN}(?:(?!\w)|(?<!\w))|{_RUN})\s*"  # a longer run ends between words if it can
)
_PAUSE = re.compile(r"[,;:)\]}|、，；：）】」』\u0e2f\u0e46]\s*$|\s*\n\s*$")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, a table row, or as much of a very long one as a window can hold."""

    start: int
    end: int
    weight: float


@dataclass(slots=True)
class _Part:
    """A run of pieces that is cut only if it must be: a block, with the heading above it."""

    pieces: list[_Piece]
    weight: float = 0.0

    def __post_init__(self) -> None:
        self.weight = sum(piece.weight for piece in self.pieces)


@dataclass(slots=True)
class _Section:
    """What stands under one heading, the heading included. ``bare``: nothing but the heading.

    ``outside`` counts the headings of ``path`` that are not themselves part of the text.
    """

    path: tuple[str, ...]
    outside: int = 0
    parts: list[_Part] = field(default_factory=list)
    bare: bool = True
    weight: float = 0.0

    def add(self, part: _Part, *, is_body: bool) -> None:
        self.parts.append(part)
        self.weight += part.weight
        self.bare = self.bare and not is_body


def chunk(text: str) -> list[Chunk]:
    """The passages of a text, in order; together they hold all of it except white space."""
    passages = (
        (section.path, pieces)
        for section in _share(_sections(text))
        for pieces in _pack(section.parts)
    )
    return [
        Chunk(ordinal, Span(pieces[0].start, pieces[-1].end), path, _windows(pieces))
        for ordinal, (path, pieces) in enumerate(passages)
    ]


def weight(piece: str) -> float:
    """How many words a text is worth to the encoder: about three quarters of its tokens.

    Long words and code cost more than one word; of scripts without spaces, each character
    costs nearly a token.
    """
    worth = max(len(piece.split()), len(piece) / 8)
    if not piece.isascii():
        worth += 0.7 * len(_UNSPACED_CHARACTER.findall(piece))
    return worth


# --- sections and their parts -----------------------------------------------------------------


def _sections(text: str) -> Iterator[_Section]:
    section = _Section(())
    levels: list[tuple[int, str]] = []
    for block in blocks(text):
        if block.kind is Kind.HEADING:
            yield section
            levels = [held for held in levels if held[0] < block.level]
            levels.append((block.level, block.title))
            path = tuple(title for _, title in levels if title)
            section = _Section(path, max(0, len(path) - 1))
        part = _Part(list(_pieces(text, block)))
        section.add(part, is_body=block.kind not in (Kind.HEADING, Kind.RULE))
    yield section


def _pieces(text: str, block: Block) -> Iterator[_Piece]:
    for sentence in block_sentences(text, block):
        worth = weight(text[sentence.start : sentence.end])
        if worth <= SENTENCE:
            yield _Piece(sentence.start, sentence.end, worth)
        else:
            yield from _cut(text, sentence)


def _cut(text: str, sentence: Span) -> Iterator[_Piece]:
    """Cut a very long sentence between words, after a comma or a line where there is one."""
    start, pause, worth = sentence.start, 0, 0.0
    for token in _TOKEN.finditer(text, sentence.start, sentence.end):
        before = token.start()
        if worth > SENTENCE / 2 and _PAUSE.search(text, max(start, before - 8), before):
            pause = before
        cost = weight(token[0])
        if worth + cost > SENTENCE:
            end = pause if pause > start else before
            yield _piece(text, start, end)
            start, worth = end, weight(text[end:before])
        worth += cost
    yield _piece(text, start, sentence.end)


def _piece(text: str, start: int, end: int) -> _Piece:
    words = text[start:end].rstrip()
    return _Piece(start, start + len(words), weight(words))


def _share(sections: Iterable[_Section]) -> Iterator[_Section]:
    """Let small neighbours share a passage, under the heading path that is true of all of them.

    A heading without a text goes with the section that follows.
    """
    held: _Section | None = None
    for section in sections:
        if not section.parts:
            continue
        path = _shared_path(held, section) if held else None
        if held is None or path is None:
            if held:
                yield held
            held = section
        else:
            held = _Section(
                path,
                held.outside,
                held.parts + section.parts,
                held.bare and section.bare,
                held.weight + section.weight,
            )
    if held:
        yield held


def _shared_path(first: _Section, second: _Section) -> tuple[str, ...] | None:
    """The heading path of two sections in one passage; None if they must not share one."""
    if first.bare:
        return second.path if first.weight <= SMALL_SECTION else None
    small = second.weight <= SMALL_SECTION and first.weight + second.weight <= SHARED_PASSAGE
    if second.bare or not small:
        return None
    common = _common(first.path, second.path)
    nothing_lost = len(common) >= max(1, first.outside, second.outside)
    return common if nothing_lost else None


def _common(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    same = 0
    while same < min(len(first), len(second)) and first[same] == second[same]:
        same += 1
    return first[:same]


# --- packing ----------------------------------------------------------------------------------


def _pack(parts: Sequence[_Part]) -> Iterator[list[_Piece]]:
    """Fill passages with whole parts; a part that is too large for one is cut between pieces."""
    passage: list[_Piece] = []
    worth = 0.0
    for part in parts:
        if passage and worth + part.weight > PASSAGE and worth >= WINDOW:
            yield passage
            passage, worth = [], 0.0
        if worth + part.weight <= PASSAGE:
            passage, worth = passage + part.pieces, worth + part.weight
            continue
        *full, passage = _fill(passage, worth, part)
        worth = sum(piece.weight for piece in passage)
        yield from full
    if passage:
        yield passage


def _fill(passage: list[_Piece], worth: float, part: _Part) -> list[list[_Piece]]:
    """Spread a large part evenly over as many passages as it needs; the first is begun already."""
    total = worth + part.weight
    share = total / -(-total // PASSAGE)
    filled = [passage]
    for piece in part.pieces:
        if worth + piece.weight > PASSAGE or (worth >= share and worth + piece.weight > share):
            filled.append([])
            worth = 0.0
        filled[-1].append(piece)
        worth += piece.weight
    return filled


def _windows(pieces: Sequence[_Piece]) -> tuple[Span, ...]:
    windows: list[Span] = []
    start, worth = pieces[0].start, 0.0
    for before, piece in itertools.pairwise(pieces):
        worth += before.weight
        if worth >= WINDOW or worth + piece.weight > WINDOW_OVERFULL:
            windows.append(Span(start, before.end))
            start, worth = piece.start, 0.0
    windows.append(Span(start, pieces[-1].end))
    return tuple(windows)
