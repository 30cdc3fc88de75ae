"""The scheduler: keeps the search index level with SQL while a server runs.

SQL says by itself what is left to index (see ``backlog``), so that nothing is written down here
and nothing is lost with a process. A write in this process names its documents with
``index_soon`` and they are begun at once; a sweep finds whatever else is pending. Claims on
documents let any number of workers, in any number of processes, share the work.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Iterable
from typing import Protocol

import structlog

from stook.errors import Conflict
from stook.knowledge.ingestion import backlog
from stook.knowledge.ingestion.indexing import BATCH_DOCUMENTS, BATCHES_AT_ONCE, Ingestion
from stook.knowledge.intake import upload_types as kinds
from stook.storage import clock
from stook.storage.database import Database

SWEEP_SECONDS = 30  # between two looks for work that somebody left behind
GRACE_SECONDS = 10  # how long running batches may take to finish when the worker stops
CLAIMED_SECONDS = 0.2  # until documents that another worker has claimed are looked at again
MOST_WAITING = 10_000  # ids held in memory; SQL knows the others
SWEPT_AT_ONCE = MOST_WAITING // 2

log = structlog.get_logger(__name__)


class Parts(Protocol):
    """What a worker needs; ``runtime.Runtime`` has it."""

    @property
    def database(self) -> Database: ...
    @property
    def ingestion(self) -> Ingestion: ...


class Worker:
    """Indexes in the background of this process; made by ``start_worker``."""

    def __init__(self, parts: Parts) -> None:
        self._ingestion = parts.ingestion
        self._database = parts.database
        self._waiting: dict[str, None] = {}  # ids of documents to be indexed, in their order
        self._lanes: set[asyncio.Task[None]] = set()
        self._left_out = asyncio.Event()  # more documents wait than are held here
        self._stopping = False

    def index_soon(self, document_ids: Iterable[str]) -> None:
        """Begin to index these documents and return at once; a sweep finds what is not done."""
        if self._stopping:
            return
        room = MOST_WAITING - len(self._waiting)
        wanted = iter(document_ids)
        self._waiting.update(dict.fromkeys(itertools.islice(wanted, room)))
        if next(wanted, None) is not None:
            self._left_out.set()
        while len(self._lanes) < min(-(-len(self._waiting) // BATCH_DOCUMENTS), BATCHES_AT_ONCE):
            lane = asyncio.create_task(self._work())
            self._lanes.add(lane)
            lane.add_done_callback(self._lanes.discard)

    async def sweep(self, *, stored_before: int | None = None) -> None:
        """Index what SQL says is pending, and return when all was looked at.

        What was stored at ``stored_before`` (microseconds) or later is left to whoever stored it.
        """
        self._left_out.clear()
        last = ""
        while ids := await self._database.read(
            backlog.pending, SWEPT_AT_ONCE, after=last, stored_before=stored_before
        ):
            await self._settle()
            self.index_soon(ids)
            last = ids[-1]
        await self._settle()

    async def keep_level(self) -> None:
        """Sweep now and again for ever, make removals that are due, and tidy the index up."""
        stored_before = None
        while True:
            try:
                await self.sweep(stored_before=stored_before)
                self.index_soon(await self._database.write(kinds.remove_due))
                await self._ingestion.tidy()
            except Exception as error:
                log.warning("sweep failed, will be tried again", error=type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._left_out.wait(), SWEEP_SECONDS)
            stored_before = clock.now() - SWEEP_SECONDS * 1_000_000

    async def stop(self) -> None:
        """Let running batches finish, for a while; SQL says what is left of the others."""
        self._stopping = True
        self._waiting.clear()
        lanes = list(self._lanes)
        if lanes:
            await asyncio.wait(lanes, timeout=GRACE_SECONDS)
        for lane in lanes:
            lane.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)

    async def _work(self) -> None:
        """Index what waits, a batch at a time, until nothing does."""
        while self._waiting:
            batch = list(itertools.islice(self._waiting, BATCH_DOCUMENTS))
            for document_id in batch:
                del self._waiting[document_id]
            try:
                _, claimed = await self._ingestion.index_unclaimed(batch)
            except Exception as error:
                log.warning("indexing failed, will be tried again", error=type(error).__name__)
            else:
                if claimed:
                    loop = asyncio.get_running_loop()
                    loop.call_later(CLAIMED_SECONDS, self.index_soon, claimed)

    async def _settle(self) -> None:
        """Wait until nothing is waiting or being indexed in this process."""
        while self._lanes:
            await asyncio.wait(self._lanes)


_running_worker: Worker | None = None


def index_soon(document_ids: Iterable[str]) -> None:
    """``Worker.index_soon`` of this process's worker; without one, another process finds them."""
    if _running_worker is not None:
        _running_worker.index_soon(document_ids)


@contextlib.asynccontextmanager
async def start_worker(parts: Parts, *, sweeping: bool = True) -> AsyncIterator[Worker]:
    """Index in this process until the block is left; with ``sweeping``, what others left, too.

    Raises Conflict where the process already has a worker.
    """
    global _running_worker
    if _running_worker is not None:
        raise Conflict("This process already runs an indexing worker.")
    worker = _running_worker = Worker(parts)
    sweeps = asyncio.create_task(worker.keep_level()) if sweeping else None
    try:
        yield worker
    finally:
        if sweeps is not None:
            sweeps.cancel()
            await asyncio.gather(sweeps, return_exceptions=True)
        await worker.stop()
        _running_worker = None
