"""Limits how often a caller may call, counted in SQL for all processes and nodes together.

Each caller has a token bucket for each class of endpoints: a row with what is left in it. To
take from it is one statement, which the database runs one at a time for a row, so that several
nodes never allow more than the bucket holds. From a large bucket a process takes a small share
at once and gives it out by itself: that costs no write for each call, and what other nodes may
find missing is at most that share.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

import sqlalchemy as sa

from stook.errors import RateLimited
from stook.rates import DEFAULTS, EndpointClass, Rate, parse_rates
from stook.storage import clock, upserts
from stook.storage.database import Database
from stook.storage.tables import rate_buckets

SHARES = 50  # into how many a bucket is divided
CALLERS_KEPT = 10_000
MICROS = 1_000_000


@dataclass(slots=True)
class _Share:
    """Calls that this process has taken from a bucket and not given out yet."""

    left: int = 0
    empty_until: float = 0.0  # by time.monotonic; before that the bucket need not be asked
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class RateLimiter:
    """Admits calls as long as they keep to their rates; belongs to one event loop."""

    def __init__(self, database: Database, rates: str = "") -> None:
        self._database = database
        self._rates = dict(parse_rates(DEFAULTS)) | dict(parse_rates(rates))
        self._shares: dict[tuple[str, EndpointClass], _Share] = {}

    async def admit(self, counted_as: str, endpoint: EndpointClass, own_rates: str = "") -> None:
        """Count a call; raises RateLimited where it is one too many.

        ``counted_as`` names the bucket's owner. ``own_rates`` (as in ``parse_rates``) replace
        the server's where they name the class.
        """
        rate = parse_rates(own_rates).get(endpoint, self._rates[endpoint])
        if rate is None:
            return
        share = self._share(counted_as, endpoint)
        async with share.lock:
            if not share.left:
                await self._refill(share, counted_as, endpoint, rate)
            share.left -= 1

    async def _refill(
        self, share: _Share, counted_as: str, endpoint: EndpointClass, rate: Rate
    ) -> None:
        wait = share.empty_until - time.monotonic()
        if wait > 0:
            raise _refusal(endpoint, rate, wait)
        try:
            share.left = await self._database.write(take, counted_as, endpoint, rate)
        except RateLimited as refused:
            share.empty_until = time.monotonic() + refused.retry_after
            raise

    def _share(self, counted_as: str, endpoint: EndpointClass) -> _Share:
        if len(self._shares) > CALLERS_KEPT:
            self._shares.clear()
        return self._shares.setdefault((counted_as, endpoint), _Share())


def take(connection: sa.Connection, counted_as: str, endpoint: EndpointClass, rate: Rate) -> int:
    """Take a share of the bucket, or what is a single call; returns how many calls that is.

    Raises RateLimited where there is not even one.
    """
    bucket = {"counted_as": counted_as, "endpoint": endpoint.value}
    share = max(1, rate.burst // SHARES)
    if _taken(connection, bucket, rate, share):
        return share
    if share > 1 and _taken(connection, bucket, rate, 1):
        return 1
    raise _refusal(endpoint, rate, _seconds_until_next(connection, bucket, rate))


def _taken(connection: sa.Connection, bucket: dict[str, str], rate: Rate, calls: int) -> bool:
    at = _now(connection)
    insert = upserts.insert(connection, rate_buckets).values(
        **bucket, calls_left=rate.burst - calls, counted_at=at
    )
    available = _available(rate, at)
    statement = insert.on_conflict_do_update(
        index_elements=list(bucket),
        set_={"calls_left": available - calls, "counted_at": at},
        where=available >= calls,
    ).returning(rate_buckets.c.counted_at)
    return connection.execute(statement).first() is not None


def _seconds_until_next(connection: sa.Connection, bucket: dict[str, str], rate: Rate) -> float:
    columns = rate_buckets.c
    available = connection.scalar(
        sa.select(_available(rate, _now(connection))).where(
            columns.counted_as == bucket["counted_as"], columns.endpoint == bucket["endpoint"]
        )
    )
    return max(0.0, (1 - float(available or 0)) / rate.per_second)


def _available(rate: Rate, at: sa.ColumnElement[int]) -> sa.ColumnElement[float]:
    """What a bucket holds, filled up for the time since it was counted; never over the burst.

    A clock that was set back fills nothing, and a rate that was changed holds from then on.
    """
    column = rate_buckets.c
    passed = sa.case((at > column.counted_at, at - column.counted_at), else_=0)
    filled = column.calls_left + passed * sa.literal(rate.per_second / MICROS, sa.Float)
    return sa.case((filled < rate.burst, filled), else_=float(rate.burst))


def _now(connection: sa.Connection) -> sa.ColumnElement[int]:
    """The database's clock where several machines share one; they would not agree on theirs."""
    if connection.dialect.name == "sqlite":
        return sa.literal(clock.now(), sa.BigInteger)
    seconds = sa.extract("epoch", sa.func.clock_timestamp())
    return sa.cast(seconds * MICROS, sa.BigInteger)


def _refusal(endpoint: EndpointClass, rate: Rate, wait: float) -> RateLimited:
    often = _in_words(rate)
    return RateLimited(wait, f"Too many calls: {endpoint} may be called {often} with this token.")


def _in_words(rate: Rate) -> str:
    for unit, seconds in (("second", 1), ("minute", 60), ("hour", 3600)):
        if rate.per_second * seconds >= 1:
            return _times(rate.per_second * seconds, unit)
    return _times(rate.per_second * 86_400, "day")


def _times(count: float, unit: str) -> str:
    return f"once a {unit}" if count == 1 else f"{count:g} times a {unit}"
