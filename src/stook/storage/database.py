"""One door to the SQL database, the same on SQLite and PostgreSQL.

Queries are plain synchronous functions that take a SQLAlchemy ``Connection`` first; ``read``
and ``write`` run them off the event loop:

    chat = await database.read(chats.find, chat_id)
    await database.write(chats.append, chat_id, message)

SQLite has one writer: functions given to ``write`` queue up, and those that wait together share
one transaction, each behind a savepoint of its own, so that one durable commit (the cost of a
write) serves many callers. PostgreSQL runs each in a transaction of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import event

P = ParamSpec("P")
T = TypeVar("T")
Query = Callable[Concatenate[sa.Connection, P], T]

READERS = 8
GROUP_LIMIT = 64  # writes that may share one commit
BUSY_MILLISECONDS = 30_000  # how long one process waits for another's write


class Database:
    """Runs query functions; opened by ``open_database``, closed by ``close``."""

    def __init__(self, engine: sa.Engine, writer: _Writer) -> None:
        self.engine = engine
        self._writer = writer
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="sql-read")

    async def read(self, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query that changes nothing, in a snapshot of its own."""
        call = functools.partial(self.read_now, query, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._readers, call)

    async def write(self, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query and commit it durably; what it raises is raised here, rolled back."""
        return await asyncio.wrap_future(self._submit(query, *args, **kwargs))

    def read_now(self, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """``read`` for callers without an event loop."""
        with self.engine.connect() as connection:
            return query(connection, *args, **kwargs)

    def write_now(self, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """``write`` for callers without an event loop."""
        return self._submit(query, *args, **kwargs).result()

    def _submit(self, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        def call(connection: sa.Connection) -> T:
            return query(connection, *args, **kwargs)

        return self._writer.submit(call)

    def close(self) -> None:
        """Finish what was given to ``write``, then close every connection."""
        self._writer.close()
        self._readers.shutdown()
        self.engine.dispose()


class _Writer:
    """Where writes go; each kind of database has its own."""

    def submit(self, call: Callable[[sa.Connection], T]) -> Future[T]:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


class _PooledWriter(_Writer):
    """A transaction for each write, several at once (PostgreSQL)."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._pool = ThreadPoolExecutor(READERS, thread_name_prefix="sql-write")

    def submit(self, call: Callable[[sa.Connection], T]) -> Future[T]:
        return self._pool.submit(self._run, call)

    def _run(self, call: Callable[[sa.Connection], T]) -> T:
        with self._engine.begin() as connection:
            return call(connection)

    def close(self) -> None:
        self._pool.shutdown()


Job = tuple[Callable[[sa.Connection], Any], "Future[Any]"]


class _GroupedWriter(_Writer):
    """One thread, one connection, one commit for all writes that wait together (SQLite)."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="sql-write", daemon=True)
        self._thread.start()

    def submit(self, call: Callable[[sa.Connection], T]) -> Future[T]:
        future: Future[T] = Future()
        self._jobs.put((call, future))
        return future

    def close(self) -> None:
        self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (first := self._jobs.get()) is not None:
            group, ended = self._gather(first)
            self._commit(group)
            if ended:
                return

    def _gather(self, first: Job) -> tuple[list[Job], bool]:
        group = [first]
        while len(group) < GROUP_LIMIT:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return group, True
            group.append(job)
        return group, False

    def _commit(self, group: list[Job]) -> None:
        """Run a group in one transaction; answer the callers only after its commit."""
        group = [job for job in group if job[1].set_running_or_notify_cancel()]
        outcomes: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            with self._engine.begin() as connection:
                outcomes.extend(self._attempt(connection, job) for job in group)
        except Exception as error:
            for _, future in group:
                future.set_exception(error)
            return
        for future, value, failure in outcomes:
            if failure is None:
                future.set_result(value)
            else:
                future.set_exception(failure)

    @staticmethod
    def _attempt(
        connection: sa.Connection, job: Job
    ) -> tuple[Future[Any], Any, BaseException | None]:
        call, future = job
        savepoint = connection.begin_nested()
        try:
            value = call(connection)
        except Exception as error:
            savepoint.rollback()
            return future, None, error
        savepoint.commit()
        return future, value, None


def open_database(url: str) -> Database:
    """Open ``sqlite:///PATH`` or ``postgresql://…``; the schema must be brought up separately."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = _sqlite_engine(parsed)
        return Database(engine, _GroupedWriter(engine))
    engine = sa.create_engine(
        parsed.set(drivername="postgresql+psycopg"), pool_size=2 * READERS, pool_pre_ping=True
    )
    return Database(engine, _PooledWriter(engine))


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(url, pool_size=READERS + 2, connect_args={"timeout": 30})

    # The driver's own transaction control is switched off: "begin" is ours, and a connection
    # that writes takes the write lock at once instead of failing when it upgrades later.
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        raw = cast("sqlite3.Connection", connection)
        raw.isolation_level = None
        for pragma in (
            f"busy_timeout={BUSY_MILLISECONDS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            with contextlib.closing(raw.execute(f"PRAGMA {pragma}")):
                pass

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writing = threading.current_thread().name == "sql-write"
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
