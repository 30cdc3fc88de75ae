"""Answers with what somebody wrote to the very question, word for word, before all searching."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from stook.answering.base import Piece
from stook.answering.extractive.compose import cut_at_word
from stook.answering.pieces import Citation, Cited, Snippet, TextDelta
from stook.conversation.events import Ask
from stook.knowledge.store import curated
from stook.knowledge.store.curated import Match
from stook.knowledge.store.documents import Span
from stook.storage.database import Database


async def match_for(database: Database, ask: Ask, question: str) -> Match | None:
    """What was written to the question; files that are attached are asked before it."""
    if ask.files or ask.passages:
        return None
    return await database.read(curated.find, ask.principal, ask.filters, question)


async def pieces_of(match: Match, longest: int | None) -> AsyncGenerator[Piece]:
    """The answer as it was written, cut where it has to be, with its document cited."""
    text = match.text if longest is None else cut_at_word(match.text, longest)
    kept = len(text) if text == match.text else max(0, len(text) - 1)  # without the ellipsis
    span = Span(match.span.start, match.span.start + kept)
    snippet = Snippet(match.text[:kept], span)
    yield TextDelta(text)
    yield Cited(Citation(Span(0, len(text)), match.document, match.version, snippet))
