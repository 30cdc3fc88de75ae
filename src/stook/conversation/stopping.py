"""Ends an answer before the first of some sequences of characters that its caller names."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace

from stook.answering.base import Piece
from stook.answering.pieces import Cited, TextDelta
from stook.knowledge.store.documents import Span

LOOKED_THROUGH = 2000  # characters behind the end, for the citation of those before it


async def until(pieces: AsyncGenerator[Piece], stops: Sequence[str]) -> AsyncGenerator[Piece]:
    """The pieces up to the first of the sequences, with the citations of what is shown.

    As much of the text is held back as may still turn into a sequence.
    """
    text, shown = "", 0  # all that was written, and how much of it was shown
    waiting: list[Cited] = []
    async for piece in pieces:
        if isinstance(piece, TextDelta):
            text += piece.text
            found = _first(text, stops, shown)
            end = len(text) - _unsure(text, stops) if found is None else found
            if end > shown:
                yield TextDelta(text[shown:end])
                shown = end
            if found is not None:
                break
        elif isinstance(piece, Cited):
            waiting.append(piece)
        else:
            yield piece
        for cited in _due(waiting, shown):
            yield cited
    else:
        if text[shown:]:
            yield TextDelta(text[shown:])
            shown = len(text)
    unread = LOOKED_THROUGH
    async for piece in pieces:  # until what the last of the text rests on has been said
        if isinstance(piece, Cited):
            waiting.append(piece)
            unread = 0
        elif isinstance(piece, TextDelta):
            unread -= len(piece.text)
            if unread < 0:
                break
    for cited in waiting:
        if (end := min(cited.citation.answer_range.end, shown)) > cited.citation.answer_range.start:
            span = Span(cited.citation.answer_range.start, end)
            yield Cited(replace(cited.citation, answer_range=span))


def _due(waiting: list[Cited], shown: int) -> list[Cited]:
    """Take out the citations whose text has been shown."""
    due = [each for each in waiting if each.citation.answer_range.end <= shown]
    waiting[:] = [each for each in waiting if each not in due]
    return due


def _first(text: str, stops: Sequence[str], start: int) -> int | None:
    places = [place for stop in stops if (place := text.find(stop, start)) >= 0]
    return min(places, default=None)


def _unsure(text: str, stops: Sequence[str]) -> int:
    """How many characters at the end may begin a sequence."""
    lengths = range(max(map(len, stops), default=1) - 1, 0, -1)
    return next((n for n in lengths if any(stop.startswith(text[-n:]) for stop in stops)), 0)
