"""Durable jobs: a job brings the search index level with SQL for a batch of documents.

DBOS keeps the jobs (SQLite in the data directory, or PostgreSQL where that is the database). A
job starts at once, in the process that asked for it, and is written down before; whatever a
killed process left behind is resumed by the next one, and what no job knows of is found in SQL
by a sweep. Jobs may run twice, and beside one another: see ``ingestion``.

DBOS exists once in a process and takes over the event loop that it is called from, so it is
called from threads of its own only; the work itself runs on the loop of the worker.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import uuid
from collections.abc import AsyncIterator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Protocol

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSConfig

from stook.errors import Conflict, Unavailable
from stook.knowledge.ingestion.indexing import (
    BATCH_DOCUMENTS,
    BATCHES_AT_ONCE,
    Indexed,
    Ingestion,
    Progress,
)
from stook.knowledge.intake import upload_types as kinds
from stook.settings import Settings
from stook.storage import clock
from stook.storage.database import Database

SWEEP_SECONDS = 30  # between two looks for work that somebody left behind
GRACE_SECONDS = 10  # how long running jobs may take to finish when the worker stops
KEEP_FINISHED = timedelta(days=1)
JOBS_AT_ONCE = 8
VERSION = "1"  # of the arguments of jobs; jobs of another version are left alone
STEP_ATTEMPTS = 3

Outcome = tuple[int, int, tuple[str, ...]]
log = structlog.get_logger(__name__)


class Parts(Protocol):
    """What a worker needs; ``runtime.Runtime`` has it."""

    @property
    def settings(self) -> Settings: ...
    @property
    def database(self) -> Database: ...
    @property
    def ingestion(self) -> Ingestion: ...


@DBOS.workflow(name="index documents")
def _job(document_ids: list[str]) -> Outcome:
    return _step(document_ids)


@DBOS.step(name="index", retries_allowed=True, max_attempts=STEP_ATTEMPTS)
def _step(document_ids: list[str]) -> Outcome:
    worker = _running_worker
    assert worker is not None  # DBOS runs only while a worker does
    return worker.run(document_ids)


class Worker:
    """Runs jobs in this process; made by ``start_worker``."""

    def __init__(self, parts: Parts, executor_id: str) -> None:
        self._ingestion = parts.ingestion
        self._database = parts.database
        self._executor_id = executor_id
        self._loop = asyncio.get_running_loop()
        self._threads = ThreadPoolExecutor(JOBS_AT_ONCE, thread_name_prefix="jobs")
        self._work: set[Future[Indexed]] = set()
        self._waiting: dict[str, None] = {}  # ids of documents to be indexed, in their order
        self._indexing: set[asyncio.Task[None]] = set()
        self._untidy = False
        self._stopping = False

    async def index(self, document_ids: Sequence[str]) -> Indexed:
        """Write down a job for these documents, run it now, and wait until it is done."""
        if not document_ids:
            return Indexed()
        outcome = await self._loop.run_in_executor(self._threads, _start, list(document_ids))
        return Indexed(*outcome)

    def index_soon(self, document_ids: Iterable[str]) -> None:
        """Begin to index these documents and return at once; a sweep finds what is not done."""
        self._waiting.update(dict.fromkeys(document_ids))
        wanted = min(-(-len(self._waiting) // BATCH_DOCUMENTS), BATCHES_AT_ONCE)
        while len(self._indexing) < wanted and not self._stopping:
            task = asyncio.create_task(self._index_waiting())
            self._indexing.add(task)
            task.add_done_callback(self._indexing.discard)

    async def _index_waiting(self) -> None:
        while self._waiting and not self._stopping:
            batch = list(self._waiting)[:BATCH_DOCUMENTS]
            for document_id in batch:
                del self._waiting[document_id]
            try:
                await self.index(batch)
            except Exception as error:
                log.warning("indexing failed, will be tried again", error=type(error).__name__)

    async def sweep(
        self, progress: Progress | None = None, *, stored_before: int | None = None
    ) -> Indexed:
        """Resume the jobs of dead processes, and index whatever SQL says is pending."""
        await self._loop.run_in_executor(self._threads, self._resume_abandoned)
        return await self._ingestion.index_pending(
            progress, index=self.index, stored_before=stored_before
        )

    def run(self, document_ids: list[str]) -> Outcome:
        """The work of a job; called by DBOS, in one of its threads."""
        if self._stopping:
            raise Unavailable
        work = asyncio.run_coroutine_threadsafe(self._ingestion.index(document_ids), self._loop)
        self._work.add(work)
        try:
            done = work.result()
        finally:
            self._work.discard(work)
        self._untidy = True
        return done.documents, done.passages, done.failed

    async def keep_level(self) -> None:
        """Sweep now and again for ever, and let the index tidy up after changes."""
        stored_before = None
        while True:
            try:
                await self.sweep(stored_before=stored_before)
                self.index_soon(await self._database.write(kinds.remove_due))
                await self._tidy_up()
            except Exception as error:
                log.warning("sweep failed, will be tried again", error=type(error).__name__)
            await asyncio.sleep(SWEEP_SECONDS)
            stored_before = clock.now() - SWEEP_SECONDS * 1_000_000

    async def stop(self) -> None:
        """Let running jobs finish, for a while; the others stay written down."""
        self._waiting.clear()
        running = [asyncio.wrap_future(work) for work in self._work]
        if running:
            await asyncio.wait(running, timeout=GRACE_SECONDS)
        self._stopping = True
        for work in running:
            work.cancel()
        for task in self._indexing:
            task.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _tidy_up(self) -> None:
        if self._untidy:
            self._untidy = False
            await self._ingestion.optimize()
            await self._loop.run_in_executor(self._threads, _forget_finished)

    def _resume_abandoned(self) -> None:
        """Jobs under way belong to a process; nobody holds the claim of one that died."""
        under_way = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        for executor_id in {job.executor_id for job in under_way if job.executor_id}:
            claim = [_claim_of(executor_id)]
            if executor_id == self._executor_id or not self._ingestion.claims.take(claim):
                continue
            for job in under_way:
                if job.executor_id == executor_id:
                    DBOS.resume_workflow(job.workflow_id)
            self._ingestion.claims.give_back(claim)


_running_worker: Worker | None = None


def index_soon(document_ids: Iterable[str]) -> None:
    """``Worker.index_soon`` of this process's worker; without one, another process finds them."""
    if _running_worker is not None:
        _running_worker.index_soon(document_ids)


@contextlib.asynccontextmanager
async def start_worker(parts: Parts, *, sweeping: bool = True) -> AsyncIterator[Worker]:
    """Run jobs in this process until the block is left; with ``sweeping``, in the background too.

    Raises Conflict where the process already has a worker.
    """
    global _running_worker
    if _running_worker is not None:
        raise Conflict("This process already runs an indexing worker.")
    executor_id = uuid.uuid4().hex
    worker = _running_worker = Worker(parts, executor_id)
    try:
        async with parts.ingestion.claims.hold([_claim_of(executor_id)]):
            await asyncio.to_thread(_launch, parts, executor_id)
            async with _in_background(worker, sweeping):
                yield worker
    finally:
        await worker.stop()
        await asyncio.to_thread(DBOS.destroy)
        _running_worker = None


@contextlib.asynccontextmanager
async def _in_background(worker: Worker, sweeping: bool) -> AsyncIterator[None]:
    if not sweeping:
        yield
        return
    task = asyncio.create_task(worker.keep_level())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _start(document_ids: list[str]) -> Outcome:
    outcome: Outcome = DBOS.start_workflow(_job, document_ids).get_result()
    return outcome


def _forget_finished() -> None:
    before = (datetime.now(UTC) - KEEP_FINISHED).isoformat()
    finished = DBOS.list_workflows(
        status=["SUCCESS", "ERROR", "CANCELLED"],
        end_time=before,
        load_input=False,
        load_output=False,
    )
    DBOS.delete_workflows([job.workflow_id for job in finished])


def _launch(parts: Parts, executor_id: str) -> None:
    """Start DBOS quietly: no log lines, no telemetry, no administration server."""
    logger = logging.getLogger("dbos")
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    config: DBOSConfig = {
        "name": "stook",
        "system_database_url": _system_database(parts),
        "application_version": VERSION,
        "executor_id": executor_id,
        "enable_otlp": False,
        "notification_listener_polling_interval_sec": 0.1,
    }
    DBOS(config=config)
    DBOS.launch()


def _system_database(parts: Parts) -> str:
    url = sa.make_url(parts.settings.sql_url)
    if url.get_backend_name() != "sqlite":
        return parts.settings.sql_url
    path = parts.settings.data_dir.absolute() / "jobs.db"
    with contextlib.closing(sqlite3.connect(path, timeout=30)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")  # the file remembers it
    return f"sqlite:///{path}"


def _claim_of(executor_id: str) -> str:
    return f"executor {executor_id}"
