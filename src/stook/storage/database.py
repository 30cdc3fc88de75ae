"""One door to the SQL database, the same on SQLite and PostgreSQL.

Queries are plain synchronous functions that take a SQLAlchemy ``Connection`` first; ``read``
and ``write`` run them off the event loop:

    chat = await database.read(chats.find, chat_id)
    await database.write(chats.append, chat_id, message)

A query never begins, commits or rolls back; where a statement of its own may fail and it wants
to go on, it puts that statement into ``connection.begin_nested()``. A query given to ``write``
may be run again when a first attempt came to nothing (a deadlock, a neighbour's failure), so it
changes nothing but the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

from stook.errors import Unavailable
from stook.storage.cancelling import Reading
from stook.storage.engines import Engines, open_engines
from stook.storage.failures import CLOSED, translating
from stook.storage.writers import GroupedWriter, PooledWriter, Writer

P = ParamSpec("P")
T = TypeVar("T")
Query = Callable[Concatenate[sa.Connection, P], T]

READERS = 8
_log = logging.getLogger(__name__)


class Database:
    """Runs query functions; opened by ``open_database``, closed by ``close``.

    Both ``read`` and ``write`` raise what the query raises, and Unavailable where the database
    cannot be reached, stays busy, or was closed.
    """

    def __init__(self, engines: Engines, writer: Writer) -> None:
        self.engine = engines.writing
        self._engines = engines
        self._writer = writer
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="sql-read")
        self._closed = False
        self._closing = threading.Lock()

    async def read(self, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query that changes nothing, in a snapshot of its own.

        Where the caller is cancelled, the statement that runs is interrupted.
        """
        self._check_open()
        reading = Reading()
        call = functools.partial(self._read, reading, query, *args, **kwargs)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._readers, call)
        except asyncio.CancelledError:
            await asyncio.shield(asyncio.to_thread(reading.interrupt))
            raise

    async def write(self, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query and commit it durably; what it raises is raised here, rolled back.

        A caller that is cancelled meanwhile does not undo a write that has begun.
        """
        return await asyncio.wrap_future(self._submit(query, *args, **kwargs))

    def write_later(self, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> None:
        """Run a write that nobody waits for and that may be lost; a failure is logged."""
        with contextlib.suppress(Unavailable):  # closed meanwhile
            self._submit(query, *args, **kwargs).add_done_callback(_log_failure)

    def read_now(self, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """``read`` for callers without an event loop."""
        return self._read(Reading(), query, *args, **kwargs)

    def _read(self, reading: Reading, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        self._check_open()
        with translating(), self._engines.reading.connect() as connection, reading.on(connection):
            return query(connection, *args, **kwargs)

    def write_now(self, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """``write`` for callers without an event loop."""
        return self._submit(query, *args, **kwargs).result()

    @contextlib.contextmanager
    def begin_now(self) -> Iterator[sa.Connection]:
        """A writing transaction on the caller's thread, for work on the schema."""
        self._check_open()
        with translating(), self._engines.writing.begin() as connection:
            yield connection

    def _submit(self, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        def call(connection: sa.Connection) -> T:
            return query(connection, *args, **kwargs)

        return self._writer.submit(call)

    def _check_open(self) -> None:
        if self._closed:
            raise Unavailable(CLOSED)

    def close(self) -> None:
        """Finish what was given to ``write`` and what is being read; then let go of everything."""
        with self._closing:
            self._closed = True
            self._writer.close()
            self._readers.shutdown()
            self._engines.dispose()


def _log_failure(future: Future[T]) -> None:
    error = None if future.cancelled() else future.exception()
    if error is not None:
        _log.warning("A write in the background failed: %s", type(error).__name__)


def open_database(url: str) -> Database:
    """Open ``sqlite:///PATH`` or ``postgresql://…``; the schema must be brought up separately.

    Raises SettingsError where the URL is neither.
    """
    engines = open_engines(url)
    if engines.writing.dialect.name == "sqlite":
        return Database(engines, GroupedWriter(engines.writing))
    return Database(engines, PooledWriter(engines.writing))
