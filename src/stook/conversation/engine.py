"""The engine: a question in, events out. It never raises; the last event is Finished or Failed."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import replace

import structlog

from stook.answering.base import Answerer, Brief, Noted, Piece, Source
from stook.answering.explanation import Explanation, explain_answer
from stook.answering.extractive.answerer import ExtractiveAnswerer
from stook.answering.extractive.compose import cut_at_word
from stook.answering.generative.answerer import LanguageModelAnswerer, manner
from stook.answering.generative.without_documents import converse
from stook.answering.outcome import Outcome
from stook.answering.pieces import TextDelta
from stook.answering.suggestions import suggest
from stook.conversation import curated
from stook.conversation.chats.records import Status
from stook.conversation.context import duplicates_for, load_history, load_sources
from stook.conversation.events import (
    Answer,
    Ask,
    Effort,
    Event,
    Failed,
    Finished,
    Reading,
    Searching,
    Started,
    Suggested,
)
from stook.conversation.given import search_given
from stook.conversation.research.budget import Budget, Limits
from stook.conversation.research.plan import Part
from stook.conversation.research.researching import MOST_READ, Research
from stook.conversation.research.resolving import plan, wants_research
from stook.conversation.small_talk import SmallTalk
from stook.conversation.stopping import until
from stook.conversation.turns import save as saving
from stook.conversation.turns.turn import Turn
from stook.errors import InvalidRequest, NotFound, StookError, TimedOut, TooLarge, Unavailable
from stook.identity.principals import Viewer
from stook.knowledge.index.protocol import Vectors
from stook.knowledge.retrieval.query import ContextQuery
from stook.knowledge.retrieval.retriever import Found, Searcher
from stook.knowledge.store import questions
from stook.knowledge.store.documents import Filters
from stook.models.language_models import LanguageModels
from stook.settings import Settings
from stook.storage.database import Database
from stook.understanding import acts, locales
from stook.understanding.acts import Act
from stook.understanding.followup import stand_alone, substantial
from stook.understanding.prompt_parts import PromptParts, read_prompt
from stook.understanding.question import Author, Past, Question
from stook.understanding.rambling import told_apart
from stook.understanding.rewriting import rewritten

PASSAGES = 10  # that an answer is written from
PART_OF_TIME = 0.7  # of what a turn has left, for research
TOLD_WEIGHT = 0.4  # in the search, of what a long message tells around its question
LONGEST_QUERY = 1000  # characters of a question that are searched for

log = structlog.get_logger(__name__)


class Engine:
    """Answers questions from the documents that the asking person may see."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        searcher: Searcher,
        models: LanguageModels | None = None,
    ) -> None:
        self._settings = settings
        self._database = database
        self._searcher = searcher
        self._models = models
        self._writer: LanguageModelAnswerer | None = None
        if models is not None:
            self._writer = LanguageModelAnswerer(models, searcher.embed_questions, manner(settings))
        self._answerer: Answerer = self._writer or ExtractiveAnswerer()

    @property
    def has_model(self) -> bool:
        """Whether a language model is set, so that questions can do without documents."""
        return self._models is not None

    async def ready(self) -> None:
        """Open the language models, if there are any; raises SettingsError."""
        if self._models is not None:
            await self._models.ready()

    async def answer(self, ask: Ask) -> AsyncGenerator[Event]:
        """The events of one turn. Closing the iterator, or cancelling the task, stops the work.

        Use it within ``contextlib.aclosing``, so that leaving early closes it at once. What was
        written until then is saved as cancelled, if the ask says to save.
        """
        turn = Turn(ask)
        events = self._answer(turn)
        try:
            async with contextlib.aclosing(events):
                async for event in events:
                    yield event
        except StookError as error:
            yield Failed(await self._failed(turn, error))
        except TimeoutError:
            yield Failed(await self._failed(turn, TimedOut()))
        except Exception:
            log.exception("answer_failed", turn_id=turn.id)
            yield Failed(await self._failed(turn, Unavailable()))
        finally:
            if not turn.ended:  # cancelled
                await asyncio.shield(self._keep(turn, Status.CANCELLED))

    async def _failed(self, turn: Turn, error: StookError) -> StookError:
        await self._keep(turn, Status.FAILED)
        return error

    async def _keep(self, turn: Turn, status: Status) -> None:
        """Save what an unfinished turn has written; it is lost only if the database fails."""
        if turn.ended or not turn.worth_keeping:
            return
        turn.ended = True
        try:
            await saving.save(self._database, turn, status)
        except Exception:
            log.exception("turn_not_saved", turn_id=turn.id)

    async def _answer(self, turn: Turn) -> AsyncGenerator[Event]:
        ask = turn.ask
        self._check(ask)
        with turn.step("history"):
            past = await turn.within(load_history(self._database, ask))
            turn.started = True
        yield Started(turn.chat_id, turn.id, turn.question_id, turn.message_id)
        if not ask.uses_documents:
            async for event in self._relay(turn, self._converse(ask, past)):
                yield event
            yield Finished(await self._finish(turn))
            return
        with turn.step("understand"):
            told = await turn.within(self._told(turn))
        if told.act.is_social or (told.act.is_about_the_last and not substantial(past)):
            async for event in self._reply(turn, told):
                yield event
            return
        with turn.step("understand"):
            question = await turn.within(self.understand(ask, past))
            asked = question.text if past else ask.question
            written = await turn.within(curated.match_for(self._database, ask, asked))
            planned = await turn.within(asyncio.to_thread(_planned, ask, question))
        if written is not None:
            yield Searching(question.text)
            yield Reading((written.document,))
            async for event in self._relay(turn, curated.pieces_of(written, ask.max_characters)):
                yield event
            yield Finished(await self._finish(turn))
            return
        if planned:
            research = self._research(turn)
            async for step in research.steps(question, planned):
                yield step
            brief, pieces = research.brief, research.answer()
        else:
            yield Searching(question.text)
            brief = await self._brief(turn, question)
            yield Reading(tuple(source.document for source in brief.sources)[: ask.max_sources])
            pieces = self._answerer.answer(brief)
        async for event in self._relay(turn, pieces):
            yield event
        with turn.step("suggest"):
            turn.suggestions = await self._suggest(turn, brief)
        if turn.suggestions:
            yield Suggested(turn.suggestions)
        yield Finished(await self._finish(turn))

    async def _told(self, turn: Turn) -> acts.Turn:
        """Read the prompt, and tell what the turn is for."""
        turn.prompt = await asyncio.to_thread(_prompt_of, turn.ask)
        return await asyncio.to_thread(acts.act_of, turn.prompt.question, turn.ask.locale)

    async def _reply(self, turn: Turn, told: acts.Turn) -> AsyncGenerator[Event]:
        """Reply to a turn that asks for nothing which documents could answer."""

        small_talk = SmallTalk(self._database)
        with turn.step("answer"):
            reply = await turn.within(small_talk.reply(told, turn.ask))
        limit = turn.ask.max_characters
        said = TextDelta(reply.text if limit is None else cut_at_word(reply.text, limit))
        turn.take(said)
        yield said
        turn.suggestions = reply.questions if turn.ask.suggest else ()
        if turn.suggestions:
            yield Suggested(turn.suggestions)
        yield Finished(await self._finish(turn))

    async def understand(self, ask: Ask, past: Sequence[Past]) -> Question:
        """The question as it is searched for: standing alone, and spelt as documents have it."""
        reader = ask.principal.referring_to(ask.files)
        said = [entry for entry in past if entry.author is Author.USER]
        texts = await asyncio.to_thread(_asked, [ask.question, *(entry.text for entry in said)])
        asked, *before = await self._searcher.corrected(texts, reader)
        spelt = dict(zip(said, before, strict=True))
        past = [replace(entry, text=spelt.get(entry, entry.text)) for entry in past]
        day_first = locales.day_first(ask.locale)
        message = await asyncio.to_thread(told_apart, asked)
        question = await asyncio.to_thread(
            stand_alone, message.asked, past, ask.now.date(), day_first
        )
        if message.told:
            told = ContextQuery(message.told[:LONGEST_QUERY], TOLD_WEIGHT)
            question = replace(question, context_queries=(*question.context_queries, told))
        question = _of_act(question, acts.act_of(message.asked, ask.locale).act)
        if self._models is None:
            return question
        return await rewritten(self._models, question, past, ask.now.date(), ask.locale)

    async def answer_context(self, ask: Ask) -> Brief:
        """Return what an answer to the ask would be written from, and write nothing.

        This is for explaining and measuring answers; it takes the same steps as ``answer``.
        Raises TimedOut after the ask's ``timeout_seconds``.
        """
        self._check(ask)
        turn = Turn(ask)
        try:
            past = await turn.within(load_history(self._database, ask))
            await turn.within(self._told(turn))
            return await self._brief(turn, await turn.within(self.understand(ask, past)))
        except TimeoutError as error:
            raise TimedOut from error

    async def explain(self, ask: Ask) -> Explanation:
        """Explain the answer that documents give, in their own words, and keep nothing."""
        context = await self.answer_context(ask)
        return await asyncio.to_thread(explain_answer, context)

    def _check(self, ask: Ask) -> None:
        longest = self._settings.max_question_characters
        if not ask.question.strip():
            raise InvalidRequest("The question is empty.")
        if len(ask.question) > longest:
            raise TooLarge(f"The question is longer than {longest} characters.")
        if ask.principal.email is None and ask.chat_id is not None:
            raise NotFound("There is no such chat, or it is not yours.")
        if ask.principal.email is None and ask.save:
            raise InvalidRequest("Chats are kept for people: ask as a user to save one.")

    def _research(self, turn: Turn) -> Research:
        seconds = min(self._settings.deep_seconds, PART_OF_TIME * turn.seconds_left)
        limits = Limits(self._settings.deep_searches, MOST_READ, seconds)
        find = functools.partial(self._brief, turn)
        return Research(find, self._searcher, self._answerer, Budget(limits), self._writer)

    async def _brief(self, turn: Turn, question: Question) -> Brief:
        """From the files that are attached, or the passages sent along, where these answer; else
        from all other documents."""
        ask = turn.ask
        attached = frozenset(ask.files)
        if attached:
            reader = ask.principal.referring_to(attached)
            brief = await self._gather(turn, question, reader, Filters(documents=attached))
            answers = await turn.within(self._answerer.can_answer(brief))
            if brief.sources and answers:
                return brief
        if turn.prompt.passages:
            brief = await self._given(turn, question)
            if await turn.within(self._answerer.can_answer(brief)):
                return brief
        return await self._gather(turn, question, ask.principal, ask.filters)

    async def _given(self, turn: Turn, question: Question) -> Brief:
        """From the passages in the question."""
        with turn.step("read"):
            passages = turn.prompt.passages
            given = await turn.within(search_given(self._searcher, question.text, passages))
        return self._written_from(turn, question, given.found, given.sources, given.vectors)

    async def _gather(
        self, turn: Turn, question: Question, viewer: Viewer, where: Filters
    ) -> Brief:
        with turn.step("search"):
            found = await turn.within(
                self._searcher.search(
                    question.text[:LONGEST_QUERY],
                    viewer,
                    where,
                    PASSAGES,
                    question.context_queries,
                    duplicates=duplicates_for(question),
                )
            )
        opening = question.act is Act.SUMMARY
        with turn.step("read"):
            sources, vectors = await turn.within(
                asyncio.gather(
                    load_sources(self._database, viewer, found.passages, opening=opening),
                    self._searcher.window_vectors(found.passages),
                )
            )
        return self._written_from(turn, question, found, sources, vectors)

    def _written_from(
        self,
        turn: Turn,
        question: Question,
        found: Found,
        sources: tuple[Source, ...],
        vectors: dict[tuple[str, int], Vectors],
    ) -> Brief:
        ask = turn.ask
        ways = (ask.instructions, turn.prompt.instructions)
        return Brief(
            question=question,
            today=ask.now.date(),
            found=found,
            sources=sources,
            vectors=vectors,
            max_characters=ask.max_characters,
            max_sources=ask.max_sources,
            locale=locales.of_answer(turn.prompt.question, ask.locale),
            instructions="\n\n".join(filter(None, ways)),
            wish=ask.wish,
        )

    def _converse(self, ask: Ask, past: Sequence[Past]) -> AsyncGenerator[Piece]:
        if self._models is None:
            raise Unavailable("This server has no language model.")
        longest = self._settings.model_max_tokens
        return converse(
            self._models,
            ask.question,
            past,
            ask.instructions,
            longest,
            ask.max_characters,
            ask.locale,
        )

    async def _relay(self, turn: Turn, written: AsyncGenerator[Piece]) -> AsyncIterator[Event]:
        stops = turn.ask.stops
        pieces = until(written, stops) if stops else written
        async with contextlib.aclosing(written), contextlib.aclosing(pieces):
            while True:
                try:
                    with turn.step("answer"):
                        piece = await turn.within(anext(pieces))
                except StopAsyncIteration:
                    return
                if isinstance(piece, Outcome):
                    turn.outcome = piece
                elif isinstance(piece, Noted):
                    turn.noted = piece.over(turn.noted)
                else:
                    turn.take(piece)
                    yield piece

    async def _suggest(self, turn: Turn, brief: Brief) -> tuple[str, ...]:
        if not turn.ask.suggest or turn.outcome is not Outcome.ANSWERED:
            return ()
        ids = [source.document.id for source in brief.sources]
        read = self._database.read(questions.of_documents, turn.ask.principal, ids)
        kept = await turn.within(read)
        return await asyncio.to_thread(suggest, brief, turn.citations, kept)

    async def _finish(self, turn: Turn) -> Answer:
        """Save the turn, which neither the deadline nor a cancellation interrupts any more."""
        turn.ended = True
        number = 0
        if known := turn.noted.known():
            log.info("answer_written", turn_id=turn.id, **known)
        if turn.ask.save:
            with turn.step("save"):
                saved = saving.save(self._database, turn, Status.COMPLETE)
                number = (await asyncio.shield(saved)).number
        return turn.answer(number)


def _prompt_of(ask: Ask) -> PromptParts:
    """The parts of what was asked, with the passages that came beside it."""
    prompt = read_prompt(ask.question)
    return replace(prompt, passages=(*prompt.passages, *ask.passages))


def _of_act(question: Question, act: Act) -> Question:
    """The question with its act; a summary and a list are searched for by their topic alone."""
    if act not in (Act.SUMMARY, Act.LIST) or question.inherited:
        return replace(question, act=act)
    topic_of = acts.without_list_lead if act is Act.LIST else acts.topic_of_summary
    return replace(question, act=act, text=topic_of(question.text), own=topic_of(question.own))


def _asked(texts: Sequence[str]) -> list[str]:
    """The question in each text that a person or a program wrote, on one line."""
    return [" ".join(_question_in(text).split()) for text in texts]


def _question_in(text: str) -> str:
    return acts.without_salutation(read_prompt(text).question)


def _planned(ask: Ask, question: Question) -> list[tuple[Part, Question]]:
    """The parts that a deep question is gone about by; none where one search will do."""
    if not wants_research(ask, question):
        return []
    quick = ask.effort is Effort.QUICK
    return plan(question, ask.now.date(), locales.day_first(ask.locale), names_only=quick)
