"""Parts of a text, under the offsets that they have in the whole."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

LEFT_OUT = "\n…\n"  # stands between parts that do not follow one another


class Excerpts:
    """Parts of a text; a slice gives what there is of it, with a mark where some is left out."""

    __slots__ = ("_parts", "_starts")

    def __init__(self, parts: Iterable[tuple[int, str]]) -> None:
        """Keep parts, each with its offset, in order; those that meet become one."""
        joined: list[tuple[int, list[str], int]] = []  # offset, pieces, end
        for start, text in parts:
            if joined and joined[-1][2] == start:
                offset, pieces, end = joined.pop()
                joined.append((offset, [*pieces, text], end + len(text)))
            elif text:
                joined.append((start, [text], start + len(text)))
        self._parts = tuple("".join(pieces) for _, pieces, _ in joined)
        self._starts = tuple(start for start, _, _ in joined)

    def __getitem__(self, part: slice) -> str:
        start, stop = int(part.start), int(part.stop)
        number = max(0, bisect_right(self._starts, start) - 1)
        found: list[str] = []
        while number < len(self._parts) and self._starts[number] < stop:
            offset = self._starts[number]
            found.append(self._parts[number][max(0, start - offset) : stop - offset])
            number += 1
        return LEFT_OUT.join(piece for piece in found if piece)

    def __str__(self) -> str:
        return LEFT_OUT.join(self._parts)

    def end_of(self, offset: int) -> int:
        """Where the part ends that holds an offset; the offset itself where none does."""
        number = bisect_right(self._starts, offset) - 1
        if number < 0:
            return offset
        return max(offset, self._starts[number] + len(self._parts[number]))
