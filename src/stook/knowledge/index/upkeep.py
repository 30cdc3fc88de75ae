"""Keeps a table of the index small while it is used: indexes level, fragments few, versions few.

Every commit leaves a version behind, whose files stay until a cleanup, which LanceDB does only
together with compaction. A query that runs, in whatever process, reads the version that was the
newest when it began, so that a version is kept for a while after it was superseded.
"""

from __future__ import annotations

import asyncio
import functools
import itertools
import math
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import lancedb

T = TypeVar("T")

ATTEMPTS = 8
# What LanceDB says of a commit that came second, and of a query whose version was removed.
PASSING = ("conflict", "not found")
# Rows that an index does not hold yet are scanned, and BM25 statistics leave most of them out:
# indexes are brought up to date when such rows are more than this share of a table.
FRESH_SHARE = 0.2
MOST_COMMITS = 200  # after which a table is compacted, whatever they brought
# How long a superseded version may still be read. A query that takes longer is run again; what a
# minute's versions take was several times what is held.
KEPT_VERSIONS = timedelta(seconds=10)


class Upkeep:
    """Optimizes one table when it is due; calls must not overlap."""

    def __init__(self, table: Callable[[], lancedb.AsyncTable], column: str) -> None:
        self._table = table  # as it is opened now
        self._index = f"{column}_idx"  # stands for all indexes of the table
        self._version: int | None = None  # after the last time, or where this process began
        self._clean_version: int | None = None  # where nothing older is left
        self._at = -math.inf

    async def after_adding(self) -> None:
        """Optimize a table with too many rows outside its indexes, or after too many commits."""
        if await self._is_scattered() or await self._is_behind():
            await self.optimize()

    async def after_removing(self) -> None:
        """Optimize after too many commits; what is removed leaves no rows outside the indexes."""
        if await self._is_scattered():
            await self.optimize()

    async def tidy(self) -> None:
        """Optimize what was changed, at intervals, and once more when older versions may go."""
        version = await self._table().version()
        waits = time.monotonic() - self._at < KEPT_VERSIONS.total_seconds()
        if waits or version == self._clean_version:
            return
        is_quiet = version == self._version
        await self.optimize()
        if is_quiet:
            self._clean_version = version

    async def optimize(self) -> None:
        """Bring the indexes up to date, compact, and remove versions that nobody reads."""
        age = await self._kept_age()
        await retry(functools.partial(self._table().optimize, cleanup_older_than=age))
        self._version = await self._table().version()
        self._at = time.monotonic()

    async def _is_scattered(self) -> bool:
        version = await self._table().version()
        if self._version is None:
            self._version = version
        return version - self._version >= MOST_COMMITS

    async def _is_behind(self) -> bool:
        stats = await self._table().index_stats(self._index)
        if stats is None:
            return False
        fresh, indexed = stats.num_unindexed_rows, stats.num_indexed_rows
        return bool(fresh > FRESH_SHARE * (fresh + indexed))

    async def _kept_age(self) -> timedelta:
        """How old a version may be, and then as long again, as compaction comes before cleanup."""
        versions = await self._table().list_versions()  # type: ignore[no-untyped-call]
        made = [version["timestamp"].astimezone(UTC) for version in versions]
        now = datetime.now(UTC)
        return now - oldest_read(made, now) + KEPT_VERSIONS


def oldest_read(made: Iterable[datetime], now: datetime) -> datetime:
    """When the oldest version was made that a query may still read.

    It is the one that was the newest when the oldest such query began, however long before that
    it was made.
    """
    began = now - KEPT_VERSIONS
    return max((time for time in made if time <= began), default=began)


async def retry(work: Callable[[], Awaitable[T]]) -> T:
    """Run a commit again when another one came first, a query when its version was removed."""
    for attempt in itertools.count(1):
        try:
            return await work()
        except (RuntimeError, OSError) as error:
            said = str(error).lower()
            if attempt == ATTEMPTS or not any(reason in said for reason in PASSING):
                raise
            await asyncio.sleep(0.02 * 2**attempt)
    raise AssertionError("unreachable")
