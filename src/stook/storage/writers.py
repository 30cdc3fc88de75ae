"""How writes reach the database: grouped into common commits, or several side by side.

SQLite has one writer. Functions queue up, and those that wait together share one transaction,
each behind a savepoint of its own, so that one durable commit (the cost of a write) serves many
callers. PostgreSQL runs each in a transaction of its own.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, cast

import sqlalchemy as sa

from stook.errors import StookError, Unavailable
from stook.storage.failures import (
    CLOSED,
    check_not_aborted,
    deserves_retry,
    translated,
    translating,
)

T = TypeVar("T")
Call = Callable[[sa.Connection], T]

WRITERS = 8
GROUP_LIMIT = 64  # writes that may share one commit
ATTEMPTS = 5  # how often a transaction is tried that PostgreSQL gives up for another


class Writer(Protocol):
    """Runs functions that write; the future ends after the commit."""

    def submit(self, call: Call[T]) -> Future[T]:
        """Queue a function; raises Unavailable once closed."""

    def close(self) -> None:
        """Run what was submitted, then stop. May be called twice."""


class PooledWriter(Writer):
    """A transaction for each write, several at once (PostgreSQL)."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._pool = ThreadPoolExecutor(WRITERS, thread_name_prefix="sql-write")

    def submit(self, call: Call[T]) -> Future[T]:
        try:
            return self._pool.submit(self._run, call)
        except RuntimeError as error:
            raise Unavailable(CLOSED) from error

    def close(self) -> None:
        self._pool.shutdown()

    def _run(self, call: Call[T]) -> T:
        with translating():
            for _ in range(ATTEMPTS - 1):
                try:
                    return self._run_once(call)
                except sa.exc.DBAPIError as error:
                    if not deserves_retry(error):
                        raise
            return self._run_once(call)

    def _run_once(self, call: Call[T]) -> T:
        with self._engine.begin() as connection:
            value = call(connection)
            check_not_aborted(connection)
            return value


@dataclass(slots=True, eq=False)
class _Job:
    """A write that waits, and what became of it."""

    call: Call[Any]
    future: Future[Any] = field(default_factory=Future)
    value: Any = None
    error: BaseException | None = None

    def answer(self) -> None:
        if self.error is None:
            self.future.set_result(self.value)
        else:
            self.future.set_exception(self.error)


class GroupedWriter(Writer):
    """One thread, one connection, one commit for all writes that wait together (SQLite)."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._submitting = threading.Lock()  # so that no job is queued behind the end
        self._thread = threading.Thread(target=self._work, name="sql-write", daemon=True)
        self._thread.start()

    def submit(self, call: Call[T]) -> Future[T]:
        job = _Job(call)
        with self._submitting:
            if self._closed:
                raise Unavailable(CLOSED)
            self._jobs.put(job)
        return job.future

    def close(self) -> None:
        with self._submitting:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        ended = False
        while not ended:
            group, ended = self._gather()
            _finish(self._engine, group)

    def _gather(self) -> tuple[list[_Job], bool]:
        """Every job that waits now, at least one, and whether the end was reached."""
        group: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            group.append(job)
            if len(group) == GROUP_LIMIT or self._jobs.empty():
                return group, False
            job = self._jobs.get()
        return group, True


def _finish(engine: sa.Engine, group: list[_Job]) -> None:
    """Run a group and answer its callers, whatever happens; without those who gave up."""
    group = [job for job in group if job.future.set_running_or_notify_cancel()]
    if not group:
        return
    try:
        _commit(engine, group)
    except BaseException as error:  # the thread must live on, and every caller must hear
        _fail(engine, group, error)
    for job in group:
        job.answer()


def _fail(engine: sa.Engine, group: list[_Job], error: BaseException) -> None:
    """Nothing of the group is stored: give each member a transaction of its own.

    Not where the database is the reason, which would keep everybody waiting again.
    """
    if isinstance(error, sa.exc.SQLAlchemyError | sqlite3.Error):
        error = translated(error)
    if len(group) == 1 or isinstance(error, Unavailable):
        for job in group:
            job.error = job.error or error
        return
    for job in group:
        try:
            _commit(engine, [job])
        except BaseException as own:
            _fail(engine, [job], own)


def _commit(engine: sa.Engine, group: list[_Job]) -> None:
    with engine.begin() as connection:
        driver_connection = cast("sqlite3.Connection", connection.connection.driver_connection)
        for job in group:
            _attempt(connection, driver_connection, job)


def _attempt(connection: sa.Connection, driver: sqlite3.Connection, job: _Job) -> None:
    """Run one job behind a savepoint, so that its failure undoes nothing but its own work.

    The savepoint is the driver's: SQLAlchemy's own would cost more than most jobs do. Raises
    StookError where SQLite gave up the whole transaction, as it does when the disk is full.
    """
    job.error = None
    driver.execute("SAVEPOINT job")
    try:
        job.value = job.call(connection)
        if connection.in_nested_transaction():
            raise StookError("The write left a savepoint open, so that nothing of it was stored.")
    except BaseException as error:
        job.error = translated(error) if isinstance(error, sa.exc.SQLAlchemyError) else error
    if not driver.in_transaction:
        raise StookError("The transaction was given up before it was committed.")
    if job.error is not None:
        while nested := connection.get_nested_transaction():
            nested.rollback()
        driver.execute("ROLLBACK TO job")
    driver.execute("RELEASE job")
