"""How the server stands: what is stored, what is being worked on, how much room it takes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from stook.conversation.chats.files import FileStatus
from stook.knowledge.ingestion import backlog
from stook.knowledge.ingestion.backlog import Counts
from stook.runtime import Runtime
from stook.storage import clock
from stook.storage.database import Database
from stook.storage.tables import (
    browser_sessions,
    bulk_uploads,
    chat_files,
    groups,
    tokens,
    turns,
    users,
)


@dataclass(frozen=True, slots=True)
class People:
    """Who may use the server, and with how many credentials."""

    active: int
    groups: int
    tokens: int
    sessions: int


@dataclass(frozen=True, slots=True)
class Jobs:
    """What is being worked on, on all nodes together."""

    indexing: int  # documents that the search index has yet to catch up with
    reading: int  # files of chats
    receiving: int  # uploads that connectors have begun and not finished
    answering: int  # answers that are being written


@dataclass(frozen=True, slots=True)
class Room:
    """What is stored, in bytes; None where it does not lie on this machine."""

    database: int | None
    index: int | None
    files: int | None


@dataclass(frozen=True, slots=True)
class Overview:
    """How the server stands."""

    database: str  # which one, with its version
    counts: Counts
    people: People
    jobs: Jobs
    room: Room


async def overview(runtime: Runtime) -> Overview:
    """Count what there is now."""
    settings = runtime.settings
    counts = await runtime.database.read(backlog.count)
    people, jobs = await runtime.database.read(_people_and_jobs, counts.pending)
    room = Room(
        await _database_bytes(runtime.database),
        await asyncio.to_thread(_bytes_below, settings.index_location),
        await asyncio.to_thread(_bytes_below, settings.blob_location),
    )
    return Overview(_engine_name(runtime.database), counts, people, jobs, room)


def _people_and_jobs(connection: sa.Connection, pending: int) -> tuple[People, Jobs]:
    at = clock.now()
    lives = sa.or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > at)
    people = People(
        active=_count(connection, users.c.active),
        groups=connection.scalar(sa.select(sa.func.count()).select_from(groups)) or 0,
        tokens=_count(connection, sa.and_(tokens.c.revoked_at.is_(None), lives)),
        sessions=_count(connection, browser_sessions.c.id.is_not(None)),
    )
    begun = sa.and_(bulk_uploads.c.finished_at.is_(None), bulk_uploads.c.dropped_at.is_(None))
    written = sa.and_(turns.c.finished.is_(False), turns.c.alive_until > at)
    jobs = Jobs(
        indexing=pending,
        reading=_count(connection, chat_files.c.status == FileStatus.PROCESSING.value),
        receiving=_count(connection, begun),
        answering=_count(connection, written),
    )
    return people, jobs


def _count(connection: sa.Connection, where: sa.ColumnElement[bool]) -> int:
    return connection.scalar(sa.select(sa.func.count()).where(where)) or 0


def _engine_name(database: Database) -> str:
    dialect = database.engine.dialect
    version = ".".join(map(str, dialect.server_version_info or ()))
    return f"{'SQLite' if dialect.name == 'sqlite' else 'PostgreSQL'} {version}".strip()


async def _database_bytes(database: Database) -> int | None:
    return await database.read(_stored_bytes)


def _stored_bytes(connection: sa.Connection) -> int | None:
    if connection.dialect.name == "sqlite":
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar() or 0
        return int(pages) * int(connection.exec_driver_sql("PRAGMA page_size").scalar() or 0)
    return connection.scalar(sa.select(sa.func.pg_database_size(sa.func.current_database())))


def _bytes_below(place: str) -> int | None:
    """The size of a directory's files; None for an object store's address."""
    if "://" in place:
        return None
    found = 0
    for path in Path(place).rglob("*"):
        try:
            found += path.stat().st_size if path.is_file() else 0
        except OSError:  # compacted away meanwhile
            continue
    return found
