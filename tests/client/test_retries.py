"""What is sent again, when, and what never is."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from stook.client import (
    NO_RETRIES,
    ConnectionFailed,
    NotConnected,
    RateLimited,
    Retries,
    ServerError,
    StookClientError,
)
from stook.client.retrying import retry_after
from tests.client.conftest import MakeTwin
from tests.client.misbehaving import Misbehaving, breaks_off, hangs_up, says

ANSWER = {
    "messages": [
        {"author": "GLEAN_AI", "messageType": "CONTENT", "fragments": [{"text": "25 days."}]}
    ]
}
SENT = {"thread_id": "7", "content": "25 days."}
PASSING = [says(b"bad gateway", 502), hangs_up, breaks_off]


@pytest.mark.parametrize("failure", PASSING, ids=["502", "hang-up", "break-off"])
async def test_a_question_that_is_not_kept_is_asked_again(
    twin: MakeTwin, rogue: Misbehaving, failure
) -> None:
    rogue.will(failure, failure, says(ANSWER))
    answer = await twin(rogue.url).call("chat.create", "How many days?")
    assert answer.text == "25 days."
    assert len(rogue.requests) == 3
    assert len({request.headers["x-request-id"] for request in rogue.requests}) == 1


@pytest.mark.parametrize("failure", PASSING, ids=["502", "hang-up", "break-off"])
@pytest.mark.parametrize(
    ("verb", "given", "named"),
    [
        ("chat.create", ["How many days?"], {"save_chat": True}),
        ("chat.create", ["How many days?"], {"chat_id": "c1"}),
        ("send_message", ["How many days?"], {}),
        ("chat.delete_all", [], {}),
    ],
    ids=["save_chat", "chat_id", "send_message", "delete_all"],
)
async def test_what_may_have_taken_effect_is_not_sent_again(
    twin: MakeTwin, rogue: Misbehaving, failure, verb: str, given: list[str], named
) -> None:
    rogue.will(failure)
    with pytest.raises((ConnectionFailed, ServerError)):
        await twin(rogue.url).call(verb, *given, **named)
    assert len(rogue.requests) == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_a_refusal_that_did_nothing_is_waited_out_even_for_a_kept_turn(
    twin: MakeTwin, rogue: Misbehaving, status: int
) -> None:
    rogue.will(says(b"later", status, Retry_After="1"), says(SENT))
    started = time.monotonic()
    answer = await twin(rogue.url).call("send_message", "How many days?")
    assert answer.text == "25 days."
    assert time.monotonic() - started >= 1


async def test_a_date_in_retry_after_is_waited_for(twin: MakeTwin, rogue: Misbehaving) -> None:
    now = datetime(2031, 5, 1, 12, tzinfo=UTC)  # the server's clock, not ours
    date = format_datetime(now, usegmt=True)
    later = format_datetime(now + timedelta(seconds=1), usegmt=True)
    rogue.will(says(b"later", 429, Retry_After=later, Date=date), says(SENT))
    started = time.monotonic()
    await twin(rogue.url).call("send_message", "How many days?")
    assert 1 <= time.monotonic() - started < 30


async def test_a_wait_that_is_too_long_is_the_callers_to_decide(
    twin: MakeTwin, rogue: Misbehaving
) -> None:
    rogue.will(says(b"tomorrow", 429, Retry_After="86400"))
    with pytest.raises(RateLimited) as raised:
        await twin(rogue.url).call("chat.list")
    assert raised.value.retry_after == 86400
    assert len(rogue.requests) == 1


async def test_the_total_time_ends_the_attempts(twin: MakeTwin, rogue: Misbehaving) -> None:
    rogue.will(says(b"later", 503, Retry_After="4"))
    started = time.monotonic()
    with pytest.raises(ServerError):
        await twin(rogue.url, timeout=2).call("chat.list")
    assert time.monotonic() - started < 4
    assert len(rogue.requests) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 409, 413])
async def test_a_wrong_request_is_not_sent_again(
    twin: MakeTwin, rogue: Misbehaving, status: int
) -> None:
    rogue.will(says(b"no", status))
    with pytest.raises(StookClientError):
        await twin(rogue.url).call("chat.list")
    assert len(rogue.requests) == 1


async def test_attempts_are_counted_for_the_client_and_for_the_call(
    twin: MakeTwin, rogue: Misbehaving
) -> None:
    rogue.will(says(b"no", 503))
    client = twin(rogue.url, retries=Retries(attempts=5, first_wait=0.001))
    with pytest.raises(ServerError):
        await client.call("chat.list")
    assert len(rogue.requests) == 5
    with pytest.raises(ServerError):
        await client.call("chat.list", retries=NO_RETRIES)
    assert len(rogue.requests) == 6


async def test_a_stream_is_retried_before_it_begins(twin: MakeTwin, rogue: Misbehaving) -> None:
    rogue.will(says(b"later", 503), says(ANSWER))
    _, response = await twin(rogue.url).stream("How many days?", save_chat=True)
    assert response.text == "25 days."


async def test_a_connection_that_is_never_made_is_tried_again(twin: MakeTwin) -> None:
    client = twin("http://127.0.0.1:9", retries=Retries(attempts=3, first_wait=0.01))
    with pytest.raises(NotConnected, match=r"Cannot reach http://127\.0\.0\.1:9"):
        await client.call("send_message", "How many days?")
    decided = Retries(attempts=2).wait_after(NotConnected("no"), 1, repeatable=False)
    assert decided is not None


def test_waits_grow_and_are_random() -> None:
    retries = Retries(attempts=9, first_wait=1, longest_wait=10)
    waits = [
        {retries.wait_after(ConnectionFailed("x"), attempt, repeatable=True) for _ in range(200)}
        for attempt in (1, 2, 3, 8)
    ]
    assert all(len(drawn) > 100 for drawn in waits)
    assert max(waits[0]) <= 1 < max(waits[1]) <= 2 < max(waits[2]) <= 4 < max(waits[3]) <= 10


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        ("Thu, 01 May 2031 12:00:05 GMT", 5),
        ("Thu, 01 May 2031 11:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("١٢", None),
    ],
)
def test_retry_after_values(value: str, seconds: float | None) -> None:
    found = retry_after({"retry-after": value, "date": "Thu, 01 May 2031 12:00:00 GMT"})
    assert found == seconds
