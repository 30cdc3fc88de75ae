"""Puts what stands on a page in the order in which people read it.

Most programs write a page's content in that order, and then it is kept. Where something is written
after what stands below it in its column, columns and bands are told by the white space around them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from stook.knowledge.ingestion.parsing.pdf_pages import Box

MOST_PIECES = 400  # of a page that is put in order; a page of more pieces is a drawing
GUTTER = 5.0  # points of white space between two columns
DEEPEST = 40

Piece = TypeVar("Piece")


@dataclass(frozen=True, slots=True)
class Placed(Generic[Piece]):
    """A piece of a page, its place, and its number in the page's content."""

    order: int
    box: Box
    piece: Piece


def ordered(placed: Sequence[Placed[Piece]]) -> Iterator[Piece]:
    """The pieces in reading order."""
    written = sorted(placed, key=lambda one: one.order)
    if len(written) <= MOST_PIECES and _goes_back(written):
        written = _cut(written, 0)
    return (one.piece for one in written)


def _goes_back(written: Sequence[Placed[Piece]]) -> bool:
    """Whether a piece stands above one of its own column that is written before it."""
    return any(
        one.box.bottom > before.box.top - 1 and _share_a_column(one.box, before.box)
        for number, one in enumerate(written)
        for before in written[:number]
    )


def _share_a_column(one: Box, other: Box) -> bool:
    shared = min(one.right, other.right) - max(one.left, other.left)
    return shared > 0.5 * min(one.right - one.left, other.right - other.left)


def _cut(pieces: Sequence[Placed[Piece]], depth: int) -> list[Placed[Piece]]:
    if len(pieces) < 2 or depth > DEEPEST:
        return list(pieces)
    parts = _columns(pieces) or _bands(pieces)
    if parts is None:
        return sorted(pieces, key=lambda one: one.order)
    return [piece for part in parts for piece in _cut(part, depth + 1)]


def _columns(pieces: Sequence[Placed[Piece]]) -> tuple[list[Placed[Piece]], ...] | None:
    """The pieces left and right of the first gutter between them."""
    across = sorted(pieces, key=lambda one: one.box.left)
    reach = across[0].box.right
    for number, one in enumerate(across[1:], 1):
        if one.box.left - reach >= GUTTER:
            return across[:number], across[number:]
        reach = max(reach, one.box.right)
    return None


def _bands(pieces: Sequence[Placed[Piece]]) -> tuple[list[Placed[Piece]], ...] | None:
    """The pieces above and below the gap that leaves most of them in columns."""
    down = sorted(pieces, key=lambda one: -one.box.top)
    best: tuple[int, int] | None = None
    floor = down[0].box.bottom
    for number, one in enumerate(down[1:], 1):
        if one.box.top <= floor + 1:
            sides = (down[:number], down[number:])
            gain = sum(len(side) for side in sides if len(side) > 1 and _columns(side))
            if best is None or gain > best[0]:
                best = (gain, number)
        floor = min(floor, one.box.bottom)
    return None if best is None else (down[: best[1]], down[best[1] :])
