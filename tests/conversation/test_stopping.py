"""Stop sequences, in whatever pieces an answer comes."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from stook.answering.base import Piece
from stook.answering.extractive.answerer import ExtractiveAnswerer
from stook.answering.pieces import Cited, TextDelta
from stook.conversation.stopping import until
from tests.conversation.corpus import brief

TEXTS = {"Leave": "Employees get 27 days of leave.\n\nThe days of leave must be taken in the year."}


async def written(size: int) -> AsyncGenerator[Piece]:
    """A real answer, its text cut up anew."""
    async for piece in ExtractiveAnswerer().answer(brief("How many days of leave?", TEXTS)):
        if isinstance(piece, TextDelta):
            for start in range(0, len(piece.text), size):
                yield TextDelta(piece.text[start : start + size])
        else:
            yield piece


async def shown(size: int, *stops: str) -> tuple[str, list[Cited]]:
    pieces = [piece async for piece in until(written(size), stops)]
    text = "".join(piece.text for piece in pieces if isinstance(piece, TextDelta))
    return text, [piece for piece in pieces if isinstance(piece, Cited)]


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("stop", ["27", " days", "leave.", "E", "mplo", "☃", "leave.☃"])
async def test_the_text_ends_before_the_first(size: int, stop: str) -> None:
    whole, citations = await shown(size, "☃")
    assert whole.startswith("Employees get 27 days") and citations
    text, cited = await shown(size, stop)
    assert text == whole.split(stop)[0]
    assert all(each.citation.answer_range.end <= len(text) for each in cited)
    assert bool(cited) == bool(text)
