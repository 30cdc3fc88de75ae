"""Gathers what a deep question needs, step by step, within a budget."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Protocol

from stook.answering.base import Answerer, Brief, Piece, Source
from stook.answering.extractive.answerer import (
    ExtractiveAnswerer,
    extract_answer,
    pieces_of,
)
from stook.answering.extractive.compose import Draft
from stook.answering.extractive.forms.comparison import side_by_side
from stook.answering.outcome import Outcome
from stook.conversation.events import Reading, Searching
from stook.conversation.research import sections
from stook.conversation.research.budget import Budget
from stook.conversation.research.merging import (
    merged,
    passages_of,
    with_more,
    with_whole,
    without_other_sides,
)
from stook.conversation.research.plan import Part
from stook.conversation.research.sections import Finding, InSections
from stook.conversation.research.wordings import wordings
from stook.knowledge.index.protocol import Vectors
from stook.knowledge.store.documents import FoundPassage
from stook.understanding.content import text_terms
from stook.understanding.question import Question

MOST_READ = 6  # documents read whole for a question
MANY = 2  # parts that must be answered for the answer to be made of them
READ_WHOLE = 2  # documents, for a part that passages do not answer
LONGEST_READ = 60_000  # characters of a document that is read whole
Find = Callable[[Question], Awaitable[Brief]]


class Library(Protocol):
    """Where the vectors of passages come from."""

    async def window_vectors(
        self, found: Sequence[FoundPassage]
    ) -> dict[tuple[str, int], Vectors]: ...


class Writer(Answerer, Protocol):
    """An answerer that makes one text of all that was found, or resorts to another answerer."""

    def resorting_to(self, last: Answerer) -> Answerer: ...


class Research:
    """One deep question. ``findings`` are there once ``steps`` is through.

    ``find`` searches on behalf of the asker, and is the only way to anything. A ``writer`` is
    given all that was found at once, another answerer part by part.
    """

    def __init__(
        self,
        find: Find,
        library: Library,
        answerer: Answerer,
        budget: Budget,
        writer: Writer | None = None,
    ) -> None:
        self.findings: list[Finding] = []
        self.whole: Brief | None = None
        self._find = find
        self._library = library
        self._answerer = answerer
        self._budget = budget
        self._writer = writer

    @property
    def answered(self) -> int:
        """How many parts are answered, as far as can be told."""
        return sum(finding.answers for finding in self.findings)

    @property
    def brief(self) -> Brief:
        """All that was found, for the question as it was asked."""
        return merged([finding.brief for finding in self.findings], self.whole)

    async def answer(self) -> AsyncGenerator[Piece]:
        """The answer's pieces."""
        async with contextlib.aclosing(await self._pieces()) as pieces:
            async for piece in pieces:
                yield piece

    async def _pieces(self) -> AsyncGenerator[Piece]:
        whole = self.brief
        if len(self.findings) == 1:
            return self._answerer.answer(self.findings[0].brief)
        sides = [finding.part.label for finding in self.findings if finding.part.is_side]
        # An item may be none of its own; a question or a side that is not answered is said to be.
        items = [one for one in self.findings if one.part.label and not one.part.is_side]
        fewest = MANY if items else 1
        if self.answered < fewest:
            return self._answerer.answer(whole)
        if not self._writer and len(sides) == len(self.findings):
            about = self.findings[0].part.about
            table = await asyncio.to_thread(side_by_side, whole, sides, about)
            if table is not None:
                return _pieces_of(table)
        if self._writer and await self._writer.can_answer(whole):
            parts = InSections(self.findings, ExtractiveAnswerer())
            return self._writer.resorting_to(parts).answer(whole)
        return sections.write(self.findings, self._answerer, whole.max_characters)

    async def steps(
        self, question: Question, parts: Sequence[tuple[Part, Question]]
    ) -> AsyncGenerator[Searching | Reading]:
        """Search for the whole question and for each part, in other words where that is needed."""
        yield Searching(question.text)
        self._budget.take_search()
        self.whole = await self._find(question)
        yield _reading(self.whole.sources)
        items = [part.label for part, _ in parts if part.label and not part.is_side]
        if len(items) == len(parts) and await asyncio.to_thread(_at_once, self.whole, items):
            self.findings.append(Finding(Part(question.text), self.whole, answers=True))
            return
        alone = len(parts) == 1
        for part, asked in parts:
            brief = self.whole if alone else None
            if brief is None:
                if not self._budget.take_search():
                    break
                yield Searching(asked.text)
                brief = await self._budget.within(self._find(asked))
            if brief is None:
                break
            others = [other.label for other, _ in parts if part.label and other is not part]
            brief = without_other_sides(brief, part.label, others)
            async for step in self._study(part, brief):
                yield step

    async def _study(self, part: Part, brief: Brief) -> AsyncGenerator[Searching | Reading]:
        """Look further until the part is answered; keep what was found."""
        answers = await self._answerer.can_answer(brief)
        tried = await asyncio.to_thread(wordings, brief.question.text, brief)
        while not answers and tried and self._budget.take_search():
            wording = tried.pop(0)
            yield Searching(wording)
            more = await self._budget.within(self._find(replace(brief.question, text=wording)))
            if more is None:
                break
            brief = with_more(brief, more)
            answers = await self._answerer.can_answer(brief)
        if not answers:
            sources = self._to_read(brief)
            if sources:
                yield _reading(sources)
                brief = await self._read(brief, sources)
                answers = await self._answerer.can_answer(brief)
        self.findings.append(Finding(part, brief, answers))

    def _to_read(self, brief: Brief) -> tuple[Source, ...]:
        short = [source for source in brief.sources if source.near.characters <= LONGEST_READ]
        return tuple(short[: self._budget.take_documents(min(READ_WHOLE, len(short)))])

    async def _read(self, brief: Brief, sources: Sequence[Source]) -> Brief:
        passages = [passage for source in sources for passage in passages_of(source)]
        vectors = await self._budget.within(self._library.window_vectors(passages))
        return brief if vectors is None else with_whole(brief, passages, vectors)


async def _pieces_of(draft: Draft) -> AsyncGenerator[Piece]:
    for piece in pieces_of(Outcome.ANSWERED, draft):
        yield piece


def _at_once(whole: Brief, items: Sequence[str]) -> bool:
    """Whether one statement answers for all items: "Research and Development" is one thing."""
    extract = extract_answer(whole)
    if extract.outcome is not Outcome.ANSWERED:
        return False
    wanted = frozenset[str]().union(*map(text_terms, items))
    return any(wanted <= text_terms(text) for text, _ in extract.draft.pieces)


def _reading(sources: Sequence[Source]) -> Reading:
    return Reading(tuple(source.document for source in sources))
