"""The answerer that writes nothing of its own: it chooses and joins the words of the sources."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from stook.answering.base import Brief, Piece, Refused
from stook.answering.extractive import answerability as refusal
from stook.answering.extractive import scoring, selection
from stook.answering.extractive.compose import Draft, compose, cut_at_word
from stook.answering.pieces import Cited, TextDelta
from stook.understanding import locales

MOST_CHARACTERS = 6000  # a longer list is cut at an item


@dataclass(frozen=True, slots=True)
class Extract:
    """What was decided: the draft, or a refusal where it is None.

    ``best`` is the text of the unit that was ranked first.
    """

    draft: Draft | None
    best: str = ""


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

    async def can_answer(self, brief: Brief) -> bool:
        """Whether there is anything to choose."""
        return (await asyncio.to_thread(extract_answer, brief)).draft is not None


def refusing(brief: Brief) -> tuple[Piece, ...]:
    """What says that the documents do not answer."""
    limit = brief.max_characters
    text = locales.refusal(brief.locale)
    return TextDelta(text if limit is None else cut_at_word(text, limit)), Refused()


def extract_answer(brief: Brief) -> Extract:
    """Score, decide whether anything answers, choose and join."""
    asking, candidates = scoring.score(brief)
    best = candidates[0].raw if candidates else ""
    if refusal.refuses(brief, asking, candidates):
        return Extract(None, best)
    chosen = selection.select(asking, candidates, brief.max_sources)
    draft = compose(chosen, min(brief.max_characters or MOST_CHARACTERS, MOST_CHARACTERS))
    return Extract(draft if draft.pieces else None, best)
