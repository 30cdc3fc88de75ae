"""Questions that the document at an address answers, each with a number that stays the same.

The questions are those that were made of the document when it was indexed, and are offered only
where the document answers them. Their answers are always word for word, even where a language
model answers other questions.
"""

from __future__ import annotations

import contextlib
import urllib.parse
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from stook.answering.suggestions import questions_about
from stook.conversation.engine import Engine
from stook.conversation.events import Answer, Ask, Event, Finished
from stook.errors import NotFound
from stook.identity.principals import Principal
from stook.knowledge.questions.making import Origin
from stook.knowledge.retrieval.retriever import Searcher
from stook.knowledge.store import catalogue, questions
from stook.knowledge.store.documents import Document
from stook.knowledge.store.questions import KeptQuestion
from stook.settings import Settings
from stook.storage.database import Database
from stook.storage.tables import faqs
from stook.storage.upserts import insert_missing

MOST = 5
NO_SUCH_FAQ = "There is no such question, or you may not see what it is about."


@dataclass(frozen=True, slots=True)
class Faq:
    """A question about a document."""

    id: int
    question: str
    document_id: str


@dataclass(frozen=True, slots=True)
class AnsweredFaq:
    """A question about a document, with its answer."""

    faq: Faq
    answer: Answer


class Faqs:
    """Offers questions about documents that the asking person may see, and answers them."""

    def __init__(self, settings: Settings, database: Database, searcher: Searcher) -> None:
        self._database = database
        self._engine = Engine(settings, database, searcher)

    async def about(
        self, url: str, principal: Principal, now: datetime, locale: str
    ) -> list[AnsweredFaq]:
        """At most five, best first; none where nothing visible is at the address."""
        document = await document_at(self._database, principal, url)
        if document is None:
            return []
        kept = await self._database.read(questions.of_documents, principal, [document.id])
        numbered = await self._numbered(
            principal, document.id, questions_about(_everybodys(kept), MOST)
        )
        asks = [Ask(principal, faq.question, now, locale=locale, suggest=False) for faq in numbered]
        answers = [await self._answered(ask, document.id) for ask in asks]
        return [
            AnsweredFaq(faq, answer)
            for faq, answer in zip(numbered, answers, strict=True)
            if answer is not None
        ]

    def answer(self, ask: Ask, faq: Faq) -> AsyncGenerator[Event]:
        """The events of a turn that answers the question from its document."""
        return self._engine.answer(replace(ask, files=(faq.document_id,)))

    async def _answered(self, ask: Ask, document_id: str) -> Answer | None:
        """The answer, if the document gives one."""
        events = self._engine.answer(replace(ask, files=(document_id,)))
        async with contextlib.aclosing(events):
            async for event in events:
                if isinstance(event, Finished) and not event.answer.refused:
                    cited = {citation.document.id for citation in event.answer.citations}
                    return event.answer if cited == {document_id} else None
        return None

    async def _numbered(
        self, principal: Principal, document_id: str, asked: Sequence[str]
    ) -> list[Faq]:
        known = await self._database.read(_known, document_id)
        if not set(asked) <= set(known):
            known = await self._database.write(_add, principal, document_id, asked)
        return [Faq(known[question], question, document_id) for question in asked]


def _everybodys(kept: Sequence[KeptQuestion]) -> list[KeptQuestion]:
    """Those that the document's own words gave: what is numbered stays, and has no asker."""
    return [one for one in kept if one.origin is not Origin.ASKED]


def find(connection: sa.Connection, principal: Principal, faq_id: int) -> Faq:
    """The question with this number; raises NotFound, also where its document is not visible."""
    row = connection.execute(sa.select(faqs).where(faqs.c.id == faq_id)).one_or_none()
    if row is None or row.document_id not in catalogue.named(
        connection, principal, [row.document_id]
    ):
        raise NotFound(NO_SUCH_FAQ)
    return Faq(row.id, row.question, row.document_id)


async def document_at(database: Database, principal: Principal, url: str) -> Document | None:
    """The visible document at an address.

    A fragment does not matter, nor a slash at the end; a query only where no document has it.
    """
    names = _spellings(url)
    found = await database.read(catalogue.named, principal, names)
    return next((found[name] for name in names if name in found), None)


def _spellings(url: str) -> list[str]:
    plain = urllib.parse.urldefrag(url.strip()).url
    without_query = plain.partition("?")[0]
    bare = without_query.rstrip("/")
    return list(dict.fromkeys((plain, without_query, bare, bare + "/")))


def _known(connection: sa.Connection, document_id: str) -> dict[str, int]:
    """Every numbered question about a document, with its number."""
    columns = faqs.c
    rows = connection.execute(
        sa.select(columns.question, columns.id).where(columns.document_id == document_id)
    )
    return {row.question: row.id for row in rows}


def _add(
    connection: sa.Connection, principal: Principal, document_id: str, questions: Sequence[str]
) -> dict[str, int]:
    """Number those that are new, unless the document has vanished meanwhile."""
    if document_id not in catalogue.named(connection, principal, [document_id]):
        raise NotFound(NO_SUCH_FAQ)
    rows = [{"document_id": document_id, "question": question} for question in questions]
    insert_missing(connection, faqs, rows)
    return _known(connection, document_id)
