"""Counting calls, on both databases, as several nodes do it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from stook.errors import InvalidRequest, RateLimited
from stook.identity import sessions, tokens, users
from stook.identity.authentication import authenticate
from stook.identity.principals import Scope
from stook.identity.rate_limits import RateLimiter
from stook.rates import DEFAULTS, EndpointClass, parse_rates
from stook.storage.database import Database, open_database
from stook.storage.tables import rate_buckets

CHAT, OTHER = EndpointClass.CHAT, EndpointClass.OTHER
SECOND = 1_000_000


@pytest.fixture
def neighbour(database: Database, database_url: str) -> Iterator[Database]:
    """The same database, as another node opens it."""
    opened = open_database(database_url)
    yield opened
    opened.close()


async def admitted(limiter: RateLimiter, calls: int, who: str = "tok_1", own: str = "") -> int:
    """How many of so many calls at once are let through."""
    each = (limiter.admit(who, CHAT, own) for _ in range(calls))
    results = await asyncio.gather(*each, return_exceptions=True)
    refused = [result for result in results if isinstance(result, RateLimited)]
    assert len(refused) == sum(result is not None for result in results)
    return calls - len(refused)


def pass_time(database: Database, microseconds: int) -> None:
    change = {"counted_at": rate_buckets.c.counted_at - microseconds}
    database.write_now(lambda c: c.execute(sa.update(rate_buckets).values(change)).rowcount)


async def test_a_burst_then_the_rate(database: Database) -> None:
    rates = "chat=1/d burst 5"
    limiter = RateLimiter(database, rates)
    assert await admitted(limiter, 9) == 5
    for node in (limiter, RateLimiter(database, rates)):
        with pytest.raises(RateLimited, match="chat may be called once a day") as told:
            await node.admit("tok_1", CHAT)
        assert 86_000 < told.value.retry_after <= 86_400
    pass_time(database, 2 * 86_400 * SECOND)
    assert await admitted(RateLimiter(database, rates), 9) == 2
    pass_time(database, 365 * 86_400 * SECOND)
    assert await admitted(RateLimiter(database, rates), 9) == 5


async def test_callers_and_classes_are_counted_apart(database: Database) -> None:
    limiter = RateLimiter(database, "chat=1/d burst 2, other=1/d burst 1")
    assert await admitted(limiter, 3) == 2
    await limiter.admit("tok_1", OTHER)
    assert await admitted(limiter, 3, who="tok_2") == 2


async def test_off_counts_nothing(database: Database) -> None:
    assert await admitted(RateLimiter(database, "off"), 50) == 50
    assert database.read_now(lambda c: c.execute(sa.select(rate_buckets)).all()) == []


async def test_a_token_may_have_rates_of_its_own(database: Database) -> None:
    limiter = RateLimiter(database, "1/d burst 2")
    assert await admitted(limiter, 9, who="more", own="chat=1/d burst 7") == 7
    assert await admitted(limiter, 9, who="other", own="search=1/d burst 7") == 2
    assert await admitted(limiter, 9, who="free", own="off") == 9


@pytest.mark.parametrize("burst", [30, 400])  # taken one by one, and in shares
async def test_nodes_share_what_there_is(
    database: Database, neighbour: Database, burst: int
) -> None:
    rates = f"chat=1/d burst {burst}"
    nodes = [RateLimiter(each, rates) for each in (database, neighbour, database)]
    counts = await asyncio.gather(*(admitted(node, burst) for node in nodes))
    assert sum(counts) == burst


async def test_a_large_bucket_is_taken_from_in_shares(database: Database) -> None:
    limiter = RateLimiter(database, "chat=1/d burst 600")
    left = sa.select(rate_buckets.c.calls_left)
    for _ in range(12):
        await limiter.admit("tok_1", CHAT)
        assert database.read_now(lambda c: c.scalar(left)) == 588
    await limiter.admit("tok_1", CHAT)
    assert 576 <= (database.read_now(lambda c: c.scalar(left)) or 0) < 577


async def test_a_clock_that_was_set_back_and_rates_that_changed(database: Database) -> None:
    assert await admitted(RateLimiter(database, "chat=1/d burst 40"), 10) == 10
    pass_time(database, -3600 * SECOND)  # counted in what is now the future
    assert await admitted(RateLimiter(database, "chat=1/d burst 40"), 99) == 30
    pass_time(database, 10 * 86_400 * SECOND)
    assert await admitted(RateLimiter(database, "chat=1/d burst 3"), 9) == 3
    with pytest.raises(RateLimited) as told:
        await RateLimiter(database, "chat=2/h burst 40").admit("tok_1", CHAT)
    assert told.value.retry_after <= 1800


async def test_the_defaults_bear_a_person_who_tests(database: Database) -> None:
    assert await admitted(RateLimiter(database), 500) == 500
    chat = parse_rates(DEFAULTS)[CHAT]
    assert chat is not None and chat.burst == 600


async def test_whose_calls_are_counted(database: Database) -> None:
    for email in ("ana@x.org", "bob@x.org"):
        database.write_now(users.add, email)

    def made(email: str | None, rates: str = "") -> tokens.NewToken:
        return database.write_now(tokens.create, "t", [Scope.CHAT], email, None, rates)

    own, everyone, limited = made("ana@x.org"), made(None), made(None, " chat=5/s ")
    ana = await authenticate(database, own.secret)
    assert (ana.counted_as, ana.rate_limits) == (own.id, "")
    bob = await authenticate(database, everyone.secret, "Bob@x.org")
    assert (bob.counted_as, bob.rate_limits) == ("bob@x.org", "")
    apart = await authenticate(database, limited.secret, "bob@x.org")
    assert (apart.counted_as, apart.rate_limits) == (f"{limited.id} bob@x.org", "chat=5/s")
    for maker in (ana, bob, apart):
        session = await database.write(sessions.begin, maker)
        passed_on = await authenticate(database, session.token)
        assert passed_on.counted_as == maker.counted_as
        assert passed_on.rate_limits == maker.rate_limits


def test_rates_of_a_token_must_be_readable(database: Database) -> None:
    with pytest.raises(InvalidRequest, match="'often' is no rate"):
        database.write_now(tokens.create, "t", [Scope.CHAT], None, None, "often")
