"""Answers from a language model alone, which knows nothing of the organisation's documents."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import AsyncGenerator, Sequence

from stook.answering.base import Noted, Piece
from stook.answering.extractive.compose import cut_at_word
from stook.answering.generative.sanitising import Output
from stook.answering.pieces import TextDelta
from stook.models.language_models import LanguageModels
from stook.models.prompts import Cut, Exchange, Prompt, Usage
from stook.understanding import locales
from stook.understanding.question import Author, Past

REMEMBERED = 10  # questions of the conversation
LONGEST_MESSAGE = 4000  # characters of each

RULES = """\
You are a helpful assistant. You have no access to any documents of the person's organisation; \
where a question is about these, say so. Answer in the language of the question, in Markdown, \
without images and HTML."""


async def converse(
    models: LanguageModels,
    question: str,
    past: Sequence[Past],
    instructions: str,
    max_tokens: int,
    max_characters: int | None,
    locale: str = "en",
) -> AsyncGenerator[Piece]:
    """The model's answer, as it is written; raises Unavailable."""
    system = f"{RULES}\n\n{instructions[:LONGEST_MESSAGE]}".strip()
    prompt = Prompt(system, question, max_tokens, _before(past), at_once=True)
    output, room = Output(_any), max_characters
    cut: Cut | None = None
    async with contextlib.aclosing(models.stream(prompt)) as stream:
        async for piece in stream:
            if isinstance(piece, Usage):
                cut = piece.cut
                yield _used(piece)
                continue
            text = output.feed(piece)
            if room is not None:
                text, room = cut_at_word(text, room), room - len(text)
            if text:
                yield TextDelta(text)
            if room is not None and room <= 0:
                return
    if rest := output.finish():
        yield TextDelta(rest if room is None else cut_at_word(rest, room))
    if cut:
        yield TextDelta(f"\n\n*{locales.cut(locale)}*")


def _used(usage: Usage) -> Noted:
    return Noted(usage.model, usage.input_tokens, usage.output_tokens, usage.cut)


def _any(address: str) -> bool:
    return True


def _before(past: Sequence[Past]) -> tuple[Exchange, ...]:
    """Earlier questions with their answers, oldest first."""
    exchanges = [
        Exchange(asked.text[:LONGEST_MESSAGE], answered.text[:LONGEST_MESSAGE])
        for asked, answered in itertools.pairwise(past)
        if asked.author is Author.USER and answered.author is Author.ASSISTANT
    ]
    return tuple(exchanges[-REMEMBERED:])
