"""The answerer that writes nothing of its own: it chooses and joins the words of the sources."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from stook.answering.base import CUT, Brief, Noted, Piece, Refused
from stook.answering.extractive import answerability
from stook.answering.extractive.answerability import Judgement
from stook.answering.extractive.candidates import candidates
from stook.answering.extractive.compose import Draft, compose, cut_at_word
from stook.answering.extractive.ranker import Ranked, rank
from stook.answering.extractive.selection import Selection, select
from stook.answering.pieces import Cited, TextDelta
from stook.models.prompts import Cut
from stook.understanding import locales

MOST_CHARACTERS = 6000  # a longer list is cut at an item


@dataclass(frozen=True, slots=True)
class Extract:
    """What was decided, stage by stage; ``draft`` is None where the question is not answered."""

    ranked: Ranked
    judgement: Judgement
    selection: Selection | None = None
    draft: Draft | None = None


class ExtractiveAnswerer:
    """Deterministic: the same question over the same documents gives the same bytes."""

    async def answer(self, brief: Brief) -> AsyncGenerator[Piece]:
        """The answer, each piece followed by its citation."""
        extract = await asyncio.to_thread(extract_answer, brief)
        if extract.draft is None:
            for said in refusing(brief):
                yield said
            return
        for text, citation in extract.draft.pieces:
            yield TextDelta(text)
            yield Cited(citation)
        if extract.draft.cut:
            yield Noted({CUT: Cut.LENGTH.value})

    async def can_answer(self, brief: Brief) -> bool:
        """Whether there is anything to choose."""
        return (await asyncio.to_thread(extract_answer, brief)).draft is not None


def refusing(brief: Brief) -> tuple[Piece, ...]:
    """What says that the documents do not answer."""
    limit = brief.max_characters
    text = locales.refusal(brief.locale)
    return TextDelta(text if limit is None else cut_at_word(text, limit)), Refused()


def extract_answer(brief: Brief) -> Extract:
    """Make the answer: candidates, ranked, answerable or not, selected, composed."""
    ranked = rank(candidates(brief))
    judgement = answerability.judge(brief, ranked)
    if not judgement.answerable:
        return Extract(ranked, judgement)
    selection = select(ranked, brief.max_sources)
    draft = compose(selection.chosen, min(brief.max_characters or MOST_CHARACTERS, MOST_CHARACTERS))
    return Extract(ranked, judgement, selection, draft if draft.pieces else None)
