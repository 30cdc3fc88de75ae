"""SQL of what the search index still has to catch up with, and of its having done so.

SQL always says by itself what is left to do, so that nothing is lost with a process:

- ``served_version`` is empty or behind ``version``: the text has to be indexed;
- ``indexed_access_set_id`` differs from ``access_set_id``: the rights have to be moved;
- ``withdrawn_at`` is set: the document's rows have to go, in the index and here;
- a text older than the one served is still here: the index may hold passages of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from stook.knowledge.intake import events
from stook.knowledge.questions.making import MadeQuestion
from stook.knowledge.store import questions
from stook.knowledge.store.documents import Places
from stook.knowledge.store.passages import Passage, places_of, row_of
from stook.knowledge.store.repository import in_portions
from stook.storage import clock
from stook.storage.tables import document_texts, documents, passage_questions, passages


@dataclass(frozen=True, slots=True)
class PendingText:
    """A version of a document that has to be indexed."""

    document_id: str
    version: int
    datasource: str
    title: str
    access_set: int
    text: str
    places: Places = ()


@dataclass(frozen=True, slots=True)
class Backlog:
    """What the index has to catch up with, for some documents."""

    texts: tuple[PendingText, ...]
    access_sets: Mapping[str, int]  # rights to be moved, of documents that are served
    superseded: Mapping[str, int]  # document id to the only version that may stay
    withdrawn: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How the store stands."""

    documents: int
    passages: int
    pending: int


def pending(
    connection: sa.Connection, limit: int, after: str = "", stored_before: int | None = None
) -> list[str]:
    """The next ids, in their order, of documents that the index has to catch up with."""
    statement = sa.select(documents.c.id).where(documents.c.id > after, _is_pending())
    if stored_before is not None:
        statement = statement.where(documents.c.stored_at < stored_before)
    return list(connection.scalars(statement.order_by(documents.c.id).limit(limit)))


def count(connection: sa.Connection) -> Counts:
    """How many documents and searchable passages there are, and how many are pending."""
    live = documents.c.withdrawn_at.is_(None)
    served = sa.and_(
        passages.c.document_id == documents.c.id,
        passages.c.version == documents.c.served_version,
    )
    return Counts(
        documents=_count(connection, sa.select(documents.c.id).where(live)),
        passages=_count(
            connection,
            sa.select(passages.c.ordinal).join(documents, served).where(live),
        ),
        pending=_count(connection, sa.select(documents.c.id).where(_is_pending())),
    )


def load(connection: sa.Connection, document_ids: Collection[str]) -> Backlog:
    """What is pending among these documents; those without are left out."""
    texts: list[PendingText] = []
    access_sets: dict[str, int] = {}
    superseded: dict[str, int] = {}
    withdrawn: list[str] = []
    for row in _rows(connection, document_ids):
        if row.withdrawn_at is not None:
            withdrawn.append(row.id)
        elif row.served_version != row.version:
            texts.append(
                PendingText(
                    row.id,
                    row.version,
                    row.datasource,
                    row.title,
                    row.access_set_id,
                    row.text,
                    places_of(row.places),
                )
            )
        else:
            superseded[row.id] = row.version
            if row.indexed_access_set_id != row.access_set_id:
                access_sets[row.id] = row.access_set_id
    return Backlog(tuple(texts), access_sets, superseded, tuple(withdrawn))


def serve(
    connection: sa.Connection,
    text: PendingText,
    cut: Sequence[Passage],
    made: Sequence[MadeQuestion] = (),
) -> bool:
    """Make an indexed version the one that is searched.

    False, and nothing is done, where the document was withdrawn or its versions were counted
    on (``renumber``) while the index was written.
    """
    held = sa.exists().where(
        document_texts.c.document_id == text.document_id,
        document_texts.c.version == text.version,
    )
    change = sa.update(documents).where(
        documents.c.id == text.document_id, documents.c.withdrawn_at.is_(None), held
    )
    values = {
        "served_version": text.version,
        "served_at": clock.now(),
        "indexed_access_set_id": text.access_set,
    }
    if connection.execute(change.values(values)).rowcount == 0:
        return False
    _replace_passages(connection, text, cut)
    questions.keep(connection, text.document_id, text.version, made)
    events.record(connection, [text.document_id], events.INDEXED)
    return True


def moved(connection: sa.Connection, access_sets: Mapping[str, int]) -> None:
    """Note that the index now filters these documents by these access sets."""
    for document_id, access_set in access_sets.items():
        connection.execute(
            sa.update(documents)
            .where(documents.c.id == document_id)
            .values(indexed_access_set_id=access_set)
        )


def forget_older(connection: sa.Connection, versions: Mapping[str, int]) -> None:
    """Drop texts and passages older than these versions, which the index holds no longer."""
    for document_id, version in versions.items():
        for table in (passages, passage_questions, document_texts):
            connection.execute(
                sa.delete(table).where(
                    table.c.document_id == document_id, table.c.version < version
                )
            )


def erase(connection: sa.Connection, document_ids: Iterable[str]) -> None:
    """Drop documents that are withdrawn and out of the index; one that came back stays."""
    for some in in_portions(document_ids):
        withdrawn = sa.select(documents.c.id).where(
            documents.c.id.in_(some), documents.c.withdrawn_at.is_not(None)
        )
        gone = list(connection.scalars(withdrawn.with_for_update()))
        questions.forget(connection, passage_questions.c.document_id.in_(gone))
        connection.execute(sa.delete(passages).where(passages.c.document_id.in_(gone)))
        connection.execute(sa.delete(document_texts).where(document_texts.c.document_id.in_(gone)))
        connection.execute(sa.delete(documents).where(documents.c.id.in_(gone)))
        events.forget(connection, gone)


def renumber(connection: sa.Connection) -> None:
    """Give every document's newest text a new version that is not indexed yet.

    The new number is what makes this safe beside a process that is indexing: what it wrote
    under the old one will not be served.
    """
    newest = sa.select(documents.c.version).where(documents.c.id == document_texts.c.document_id)
    is_newest = document_texts.c.version == newest.scalar_subquery()
    connection.execute(sa.delete(passages))
    questions.forget(connection)
    connection.execute(sa.delete(document_texts).where(sa.not_(is_newest)))
    connection.execute(sa.update(document_texts).values(version=document_texts.c.version + 1))
    connection.execute(
        sa.update(documents).values(version=documents.c.version + 1, served_version=None)
    )


def _count(connection: sa.Connection, statement: sa.Select[tuple[str]]) -> int:
    rows = statement.subquery()
    return connection.scalar(sa.select(sa.func.count()).select_from(rows)) or 0


def _is_pending() -> sa.ColumnElement[bool]:
    texts = document_texts.alias()
    older = sa.exists().where(
        texts.c.document_id == documents.c.id, texts.c.version < documents.c.served_version
    )
    return sa.or_(
        documents.c.withdrawn_at.is_not(None),
        documents.c.served_version.is_distinct_from(documents.c.version),
        documents.c.indexed_access_set_id.is_distinct_from(documents.c.access_set_id),
        older,
    )


def _rows(
    connection: sa.Connection, document_ids: Collection[str]
) -> list[sa.Row[tuple[object, ...]]]:
    newest = sa.and_(
        document_texts.c.document_id == documents.c.id,
        document_texts.c.version == documents.c.version,
    )
    statement = sa.select(documents, document_texts.c.text, document_texts.c.places).join(
        document_texts, newest
    )
    found: list[sa.Row[tuple[object, ...]]] = []
    for some in in_portions(document_ids):
        found += connection.execute(
            statement.where(documents.c.id.in_(some), _is_pending()).order_by(documents.c.id)
        )
    return found


def _replace_passages(connection: sa.Connection, text: PendingText, cut: Sequence[Passage]) -> None:
    connection.execute(
        sa.delete(passages).where(
            passages.c.document_id == text.document_id, passages.c.version == text.version
        )
    )
    rows = [row_of(text.document_id, text.version, passage) for passage in cut]
    if rows:
        connection.execute(sa.insert(passages), rows)
