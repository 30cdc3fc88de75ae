"""The answerer that writes nothing of its own: it chooses and joins the words of the sources."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass

from stook.answering.base import Brief, Noted, Piece
from stook.answering.extractive import answerability
from stook.answering.extractive.answerability import Judgement
from stook.answering.extractive.candidates import candidates
from stook.answering.extractive.closest import not_answered
from stook.answering.extractive.compose import Draft, compose
from stook.answering.extractive.forms import decided, formed, ordered
from stook.answering.extractive.ranker import Ranked, rank
from stook.answering.extractive.selection import Selection, select
from stook.answering.outcome import Outcome
from stook.answering.pieces import Cited, TextDelta
from stook.models.prompts import Cut

MOST_CHARACTERS = 6000  # a longer list is cut at an item


@dataclass(frozen=True, slots=True)
class Extract:
    """What was decided, stage by stage; nothing is selected where the question is not answered."""

    ranked: Ranked
    judgement: Judgement
    outcome: Outcome
    draft: Draft
    selection: Selection | None = None


class ExtractiveAnswerer:
    """Deterministic: the same question over the same documents gives the same bytes."""

    async def answer(self, brief: Brief) -> AsyncGenerator[Piece]:
        """The answer, each piece followed by its citation."""
        extract = await asyncio.to_thread(extract_answer, brief)
        for piece in pieces_of(extract.outcome, extract.draft):
            yield piece

    async def can_answer(self, brief: Brief) -> bool:
        """Whether there is anything to choose."""
        return (await asyncio.to_thread(extract_answer, brief)).outcome is Outcome.ANSWERED


def pieces_of(outcome: Outcome, draft: Draft) -> Iterator[Piece]:
    """The pieces of a draft: each text followed by its citation, and at the end what it is."""
    for text, citation in draft.pieces:
        yield TextDelta(text)
        if citation is not None:
            yield Cited(citation)
    if draft.cut:
        yield Noted(cut=Cut.LENGTH)
    if outcome is not Outcome.ANSWERED:
        yield outcome


def extract_answer(brief: Brief) -> Extract:
    """Make the answer: candidates, ranked, answerable or not, selected, composed."""
    ranked = rank(candidates(brief))
    judgement = answerability.judge(brief, ranked)
    selection: Selection | None = None
    own = formed(brief, ranked, judgement.outcome)
    if own is not None:
        return Extract(ranked, judgement, *own)
    if judgement.outcome is Outcome.ANSWERED:
        selection = select(ordered(brief, ranked), brief.max_sources)
        limit = min(brief.max_characters or MOST_CHARACTERS, MOST_CHARACTERS)
        draft = compose(selection.chosen, limit)
        if draft.pieces:
            draft = decided(brief, ranked, selection) or draft
            return Extract(ranked, judgement, Outcome.ANSWERED, draft, selection)
    return Extract(ranked, judgement, *not_answered(brief, ranked, judgement), selection)
