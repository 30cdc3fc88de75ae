"""What happened to pushed documents, and when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from stook.storage import clock
from stook.storage.tables import document_events, pushed_documents
from stook.storage.upserts import insert

UPLOADED = "UPLOADED"
INDEXED = "INDEXED"
DELETION_REQUESTED = "DELETION_REQUESTED"
DELETED = "DELETED"
KEPT = 30 * 86_400_000_000  # microseconds
MOST_KEPT = 100  # of each document: as many as can be asked for


@dataclass(frozen=True, slots=True)
class Happened:
    """An event; ``at`` is microseconds since the epoch, UTC."""

    event: str
    at: int


def record(connection: sa.Connection, document_ids: Collection[str], event: str) -> None:
    """Take note of an event of those documents that were pushed; the others are left out."""
    pushed = pushed_documents.c.document_id
    columns = [pushed, sa.literal(clock.now(), sa.BigInteger), sa.literal(event)]
    rows = sa.select(*columns).where(pushed.in_(list(document_ids)))
    statement = insert(connection, document_events)
    connection.execute(
        statement.from_select(["document_id", "at", "event"], rows).on_conflict_do_nothing()
    )
    _keep_newest(connection, document_ids)


def _keep_newest(connection: sa.Connection, document_ids: Collection[str]) -> None:
    """Drop all but the newest events of each of the documents."""
    event = document_events.c
    newest_first = sa.func.row_number().over(
        partition_by=event.document_id, order_by=[event.at.desc(), event.event]
    )
    numbered = (
        sa.select(event.document_id, event.at, event.event, newest_first.label("place"))
        .where(event.document_id.in_(list(document_ids)))
        .subquery()
    )
    key = numbered.c.document_id, numbered.c.at, numbered.c.event
    old = sa.select(*key).where(numbered.c.place > MOST_KEPT)
    named = sa.tuple_(event.document_id, event.at, event.event)
    connection.execute(sa.delete(document_events).where(named.in_(old)))


def forget(connection: sa.Connection, document_ids: Collection[str]) -> None:
    """Documents are gone from everywhere: note that, and drop what was known of their pushes."""
    record(connection, document_ids, DELETED)
    gone = pushed_documents.c.document_id.in_(list(document_ids))
    connection.execute(sa.delete(pushed_documents).where(gone))


def of(connection: sa.Connection, document_id: str, since: int, limit: int) -> list[Happened]:
    """The newest events of a document, newest first."""
    columns = document_events.c
    rows = connection.execute(
        sa.select(columns.event, columns.at)
        .where(columns.document_id == document_id, columns.at >= since)
        .order_by(columns.at.desc(), columns.event)
        .limit(limit)
    )
    return [Happened(*row) for row in rows]


def prune(connection: sa.Connection) -> None:
    """Drop what is too old for anybody to ask."""
    old = document_events.c.at < clock.now() - KEPT
    connection.execute(sa.delete(document_events).where(old))
