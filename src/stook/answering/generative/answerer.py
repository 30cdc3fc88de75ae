"""The answerer that has a language model write, and shows only what the passages support."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, replace

from stook.answering.base import Answerer, Brief, Noted, Piece
from stook.answering.extractive.answerer import ExtractiveAnswerer, extract_answer, pieces_of
from stook.answering.extractive.closest import not_answered
from stook.answering.generative.attribution import Embed, Grounding
from stook.answering.generative.context import Evidence, evidence
from stook.answering.generative.prompt import answer_prompt
from stook.answering.generative.sanitising import Known
from stook.answering.generative.stream import Writing
from stook.answering.outcome import Outcome
from stook.answering.pieces import TextDelta
from stook.errors import Unavailable
from stook.models.language_models import LanguageModels
from stook.models.prompts import Cut, Usage
from stook.settings import Settings
from stook.understanding import locales

EXTRACTIVE = "extractive"
ROOM = 200  # characters that an answer must leave for the sentence that says it is extractive


@dataclass(frozen=True, slots=True)
class Manner:
    """How much a model is given, how much it may write, and what becomes of unsupported words."""

    context_characters: int
    max_tokens: int
    flags: bool


def manner(settings: Settings) -> Manner:
    """As the settings say."""
    return Manner(
        settings.model_context_characters,
        settings.model_max_tokens,
        settings.unsupported_statements == "flag",
    )


class LanguageModelAnswerer:
    """Asks the models in their order, and where all fail takes the documents' own words.

    Questions that the documents do not answer never reach a model, nor does what is wished of
    no model.
    """

    def __init__(
        self, models: LanguageModels, embed: Embed, how: Manner, last: Answerer | None = None
    ) -> None:
        self._models = models
        self._embed = embed
        self._how = how
        self._extractive = last or ExtractiveAnswerer()

    def resorting_to(self, last: Answerer) -> LanguageModelAnswerer:
        """The same, with another answerer that takes the documents' own words if need be."""
        return LanguageModelAnswerer(self._models, self._embed, self._how, last)

    async def can_answer(self, brief: Brief) -> bool:
        """Whether the sources answer the question, as far as can be told beforehand."""
        return await self._extractive.can_answer(brief)

    async def answer(self, brief: Brief) -> AsyncGenerator[Piece]:
        """The model's answer, as it is written and checked; raises Unavailable if it breaks off."""
        extract = await asyncio.to_thread(extract_answer, brief)
        if extract.outcome is not Outcome.ANSWERED:
            for piece in pieces_of(extract.outcome, extract.draft):
                yield piece
            return
        if brief.wish.model == EXTRACTIVE:
            async for piece in self._extracted(brief, is_wished=True):
                yield piece
            return
        passages = await asyncio.to_thread(evidence, brief, self._how.context_characters)
        grounding = Grounding(brief, passages, self._embed)
        writing = Writing(brief, grounding, known_in(passages), flags=self._how.flags)
        try:
            async for piece in self._write(brief, passages, writing):
                yield piece
        except Unavailable:
            if writing.length:
                raise
        if writing.refused:
            for piece in pieces_of(*not_answered(brief, extract.ranked, extract.judgement)):
                yield piece
        elif not writing.length:
            async for piece in self._extracted(brief):
                yield piece

    async def _write(
        self, brief: Brief, passages: tuple[Evidence, ...], writing: Writing
    ) -> AsyncIterator[Piece]:
        if not passages:
            return
        cut: Cut | None = None
        prompt = answer_prompt(brief, passages, self._how.max_tokens)
        only = next((each for each in self._models.names if str(each) == brief.wish.model), None)
        async with contextlib.aclosing(self._models.stream(prompt, only)) as stream:
            async for text in stream:
                if isinstance(text, Usage):
                    cut = text.cut
                    yield _used(text)
                    continue
                async for piece in writing.take(text):
                    yield piece
                if writing.done:
                    break
        async for piece in writing.finish():
            yield piece
        if cut and writing.length and not writing.done:
            yield TextDelta(cut_note(brief.locale))
            yield Noted(cut=cut)
        elif writing.full:
            yield Noted(cut=Cut.LENGTH)
        yield writing.counts.noted()

    async def _extracted(self, brief: Brief, is_wished: bool = False) -> AsyncIterator[Piece]:
        """The extractive answer, with a sentence that says that it is one if nobody wished it."""
        limit = brief.max_characters
        said = extracted_note(brief)
        if is_wished or (limit is not None and limit < len(said) + ROOM):
            said = ""
        shorter = replace(brief, max_characters=limit - len(said) if limit is not None else None)
        refused = False
        async for piece in self._extractive.answer(shorter):
            refused = refused or isinstance(piece, Outcome)
            yield piece
        if said and not refused:
            yield TextDelta(said)
        yield Noted(answered_by=EXTRACTIVE)


def extracted_note(brief: Brief) -> str:
    """What stands below the documents' own words where a model was to write."""
    return f"\n\n*{locales.extracted(brief.locale)}*"


def cut_note(locale: str) -> str:
    """What stands below an answer that its model could not finish."""
    return f"\n\n*{locales.cut(locale)}*"


def _used(usage: Usage) -> Noted:
    return Noted(
        answered_by=usage.model,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
    )


def known_in(passages: tuple[Evidence, ...]) -> Known:
    """Whether an address stands in the passages, word for word."""
    held = "\n".join(passage.text for passage in passages)
    return lambda address: address in held
