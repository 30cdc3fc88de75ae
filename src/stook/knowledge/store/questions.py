"""Questions that documents answer, with what answers them: kept with a version, read on behalf
of somebody."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from stook.identity.access import visible_to
from stook.identity.principals import Viewer
from stook.knowledge.questions.making import MadeQuestion, Origin
from stook.knowledge.store.documents import Span
from stook.storage.tables import documents, passage_questions

MOST_READ = 300  # of all documents that a question is about


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """A question that a document answers, and where."""

    document_id: str
    origin: Origin
    question: str
    answer: Span


def keep(
    connection: sa.Connection, document_id: str, version: int, made: Sequence[MadeQuestion]
) -> None:
    """Replace the questions of a version."""
    column = passage_questions.c
    forget(connection, column.document_id == document_id, column.version == version)
    rows = [
        {
            "document_id": document_id,
            "version": version,
            "origin": one.origin,
            "question": one.question,
            "start": one.answer.start,
            "end": one.answer.end,
        }
        for one in made
    ]
    if rows:
        connection.execute(sa.insert(passage_questions), rows)


def forget(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> None:
    """Drop the questions for which all of this holds."""
    connection.execute(sa.delete(passage_questions).where(*where))


def of_documents(
    connection: sa.Connection, viewer: Viewer, document_ids: Collection[str]
) -> list[KeptQuestion]:
    """The questions that these documents answer, those of them that the viewer may see.

    What colleagues asked is for people who are known.
    """
    column = passage_questions.c
    query = (
        sa.select(passage_questions)
        .join(documents, documents.c.id == column.document_id)
        .where(
            visible_to(viewer),
            sa.true() if viewer.email is not None else column.origin != Origin.ASKED,
            documents.c.served_version == column.version,
            column.document_id.in_(document_ids),
        )
        .order_by(column.document_id, column.start, column.id)
        .limit(MOST_READ)
    )
    return [
        KeptQuestion(row.document_id, Origin(row.origin), row.question, Span(row.start, row.end))
        for row in connection.execute(query)
    ]


def note_asked(
    connection: sa.Connection, message_id: str, version: int, asked: KeptQuestion
) -> None:
    """Keep what somebody asked, with what answered it; it goes when the message goes."""
    forget(connection, passage_questions.c.message_id == message_id)
    is_there = sa.exists().where(documents.c.id == asked.document_id)
    if connection.scalar(sa.select(is_there)):
        row = {
            "document_id": asked.document_id,
            "version": version,
            "origin": asked.origin,
            "question": asked.question,
            "start": asked.answer.start,
            "end": asked.answer.end,
            "message_id": message_id,
        }
        connection.execute(sa.insert(passage_questions), [row])
