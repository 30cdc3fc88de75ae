"""Asks the questions, one after another, and judges what comes back."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from stook import __version__
from stook.answering.pieces import Citation
from stook.application.asking import checked_question
from stook.application.search.finding import Search, search
from stook.conversation.events import Answer, Ask, Failed, Finished, Reading, Searching, Turn
from stook.errors import NotFound, StookError
from stook.evaluation import measures
from stook.evaluation.outcomes import Answered, CitedPassage, Hit, QuestionResult, Run
from stook.evaluation.questions import Question
from stook.evaluation.summary import summarise
from stook.identity import users
from stook.identity.principals import EVERYONE, Principal
from stook.knowledge.retrieval.retriever import Retrieval
from stook.knowledge.store import repository
from stook.knowledge.store.documents import Document
from stook.runtime import Runtime, open_runtime
from stook.settings import Settings
from stook.storage.database import Database
from stook.understanding.question import Author

NOON = timedelta(hours=12)

Ranked = list[tuple[Document, float]]  # documents, best first, each with its score
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How questions are asked; ``depth`` is in documents, ``retrieval`` as set if it is None."""

    name: str
    depth: int = 10
    retrieval: Retrieval | None = None
    answers: bool = True


@dataclass(frozen=True, slots=True)
class Asker:
    """Makes the calls that the APIs make. ``depth``: how many documents are ranked; ``answers``:
    whether the answers are looked at, too, or only what is found."""

    runtime: Runtime
    depth: int = 10
    answers: bool = True

    async def ask_all(
        self, questions: Sequence[Question], progress: Progress
    ) -> list[QuestionResult]:
        """What came of each question, in their order."""
        outcomes = []
        for number, question in enumerate(questions, 1):
            outcomes.append(await self.ask(question))
            progress(number, len(questions))
        return outcomes

    async def ask(self, question: Question) -> QuestionResult:
        """Search and, if wanted, answer; a question that fails is reported, not raised."""
        outcome = QuestionResult(
            id=question.id,
            question=question.question,
            answerable=question.answerable,
            relevant=question.documents,
        )
        try:
            found = await self._search(question)
            answer = await self._answer(question) if self.answers else None
        except StookError as error:
            return outcome.model_copy(update={"error": error.message})
        return outcome.model_copy(update={**found, "answer": answer})

    async def _search(self, question: Question) -> dict[str, object]:
        asked = await ask_of(self.runtime.database, question)
        clock = _Clock()
        with clock:
            searched, found = await (self._read(asked) if asked.history else self._found(asked))
        ranking = tuple(_hit(document, score, question) for document, score in found[: self.depth])
        return {
            "searched": searched,
            "ranking": ranking,
            "retrieval": measures.rank([one.name for one in ranking], question.documents),
            "search_milliseconds": clock.milliseconds,
            "search_cpu_milliseconds": clock.cpu_milliseconds,
        }

    async def _found(self, asked: Ask) -> tuple[str, Ranked]:
        """The query as it was searched for, and what a search API gives for it."""
        query = checked_question(asked.question, self.runtime.settings)
        results = await search(self.runtime, asked.principal, Search(query, now=asked.now))
        documents = [(each.document, each.score) for each in results.documents]
        return results.query.searched, documents

    async def _read(self, asked: Ask) -> tuple[str, Ranked]:
        """What a chat API searches for and reads: a search API knows of no earlier exchange."""
        searched, documents = "", tuple[Document, ...]()
        async with contextlib.aclosing(self.runtime.turns.answer(asked)) as events:
            async for event in events:
                if isinstance(event, Failed):
                    raise event.error
                if isinstance(event, Searching):
                    searched = event.query
                if isinstance(event, Reading):
                    documents = event.documents
                    break
        return searched, [(document, 1 / rank) for rank, document in enumerate(documents, 1)]

    async def _answer(self, question: Question) -> Answered:
        asked = await ask_of(self.runtime.database, question)
        clock = _Clock()
        with clock:
            answer = await self._whole_answer(asked)
        expected = bool(question.answerable and (question.answers or question.contains))
        right = measures.holds(answer.text, question.answers, question.contains)
        wanted = question.answers or question.contains
        return Answered(
            text=answer.text,
            refused=answer.refused,
            right=right and not answer.refused if expected else None,
            f1=measures.token_f1(answer.text, wanted) if expected else None,
            citations=tuple(
                [await self._judge(one, asked.principal, question) for one in answer.citations]
            ),
            statements=answer.noted.statements or 0,
            supported=answer.noted.supported or 0,
            milliseconds=clock.milliseconds,
            cpu_milliseconds=clock.cpu_milliseconds,
        )

    async def _whole_answer(self, asked: Ask) -> Answer:
        async with contextlib.aclosing(self.runtime.turns.answer(asked)) as events:
            async for event in events:
                if isinstance(event, Failed):
                    raise event.error
                if isinstance(event, Finished):
                    return event.answer
        raise AssertionError("The engine ended without an answer.")

    async def _judge(
        self, citation: Citation, principal: Principal, question: Question
    ) -> CitedPassage:
        text, snippet, read = "", citation.snippet, self.runtime.database.read
        document_id = citation.document.id
        with contextlib.suppress(StookError):  # gone since
            text = await read(repository.text_of, principal, document_id)
        passage = await read(repository.passage_at, principal, document_id, snippet.span)
        return CitedPassage(
            name=_name(citation.document, question),
            title=citation.document.title,
            url=citation.document.url,
            snippet=snippet.text,
            end=citation.answer_range.end,
            verbatim=text[snippet.span.start : snippet.span.end] == snippet.text,
            right=_is_right(citation.document, passage, question),
        )


async def ask_of(database: Database, question: Question) -> Ask:
    """Return the ask of a question; raises NotFound where nobody of that name may ask it."""
    return Ask(
        principal=await database.read(_principal, question.ask_as),
        question=question.question,
        now=_asked_at(question),
        history=tuple(_turns(question)),
        suggest=False,
    )


async def ask_all(
    settings: Settings, questions: Sequence[Question], plan: Plan, progress: Progress
) -> Run:
    """Ask every question of what is indexed, one after another; the first is asked twice, as it
    would otherwise be the slowest for nothing but being the first."""
    started = datetime.now(UTC)
    async with open_runtime(settings, retrieval=plan.retrieval) as runtime:
        asker = Asker(runtime, plan.depth, plan.answers)
        await asker.ask(questions[0])
        outcomes = await asker.ask_all(questions, progress)
    return Run(
        name=plan.name,
        version=__version__,
        started=started,
        retrieval=(plan.retrieval or Retrieval(settings.retrieval)).value,
        model=settings.model,
        summary=summarise(outcomes),
        outcomes=tuple(outcomes),
    )


def _is_right(document: Document, passage: str, question: Question) -> bool | None:
    expected = question.answers or question.contains
    if not question.documents and not expected:
        return None
    if question.documents and question.documents.get(_name(document, question), 0) <= 0:
        return False
    return not expected or any(measures.holds(passage, [one]) for one in expected)


def _hit(document: Document, score: float, question: Question) -> Hit:
    return Hit(
        name=_name(document, question),
        title=document.title,
        url=document.url,
        score=score,
    )


def _name(document: Document, question: Question) -> str:
    names = (document.id, document.url, document.external_id)
    return next((name for name in names if name in question.documents), document.id)


def _principal(connection: sa.Connection, email: str | None) -> Principal:
    """Who asks; raises NotFound for somebody unknown or deactivated."""
    if email is None:
        return EVERYONE
    user = users.find(connection, email)
    if user is None or not user.active:
        raise NotFound(f"There is no active user {email}.")
    return Principal(user.email, user.name)


def _asked_at(question: Question) -> datetime:
    now = datetime.now().astimezone()
    if question.asked_on is None:
        return now
    return datetime.combine(question.asked_on, datetime.min.time(), now.tzinfo) + NOON


def _turns(question: Question) -> Iterator[Turn]:
    for earlier in question.history:
        yield Turn(Author.USER, earlier.question)
        if earlier.answer:
            yield Turn(Author.ASSISTANT, earlier.answer)


class _Clock:
    """The time spent inside, on the wall and by all threads of this process together."""

    def __enter__(self) -> None:
        self._began, self._cpu = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.milliseconds = 1000 * (time.perf_counter() - self._began)
        self.cpu_milliseconds = 1000 * (time.process_time() - self._cpu)
