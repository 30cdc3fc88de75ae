"""Streamed answers: events as they arrive, whole in the end, cancelled by leaving the block."""

from __future__ import annotations

import asyncio
import itertools
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stook import AsyncStook, Stook
from stook.client import (
    AnswerFailed,
    Cited,
    ConfigurationError,
    Done,
    Failed,
    FollowUps,
    Progress,
    Reading,
    StreamEvent,
    StreamInterrupted,
    TextDelta,
    TimedOut,
    Timeouts,
    UnexpectedResponse,
)
from stook.client.decoding import AnswerDecoder
from tests.client.conftest import MakeTwin
from tests.client.misbehaving import PATIENCE, Connection, Misbehaving, line, says, streams
from tests.client.twins import TOKEN

LEAVE = {"id": "d1", "title": "Leave", "url": "https://ex.test/leave"}
CITATION = {
    "sourceDocument": LEAVE,
    "referenceRanges": [
        {
            "textRange": {"startIndex": 0, "endIndex": 16, "type": "CITATION"},
            "snippets": [{"text": "25 days per year", "mimeType": "text/plain"}],
        }
    ],
}
ALIVE = line(kind="UPDATE", text="")
SEARCHING = line(
    kind="UPDATE", fragments=[{"text": "Searching: "}, {"querySuggestion": {"query": "leave"}}]
)
READING = line(kind="UPDATE", structuredResults=[{"document": LEAVE}])
FIRST = line(more=True, text="You get ", chatId="c1")
LAST = line(more=False, citations=[CITATION], followUpPrompts=["How do I book?"])
LINES = [
    SEARCHING,
    ALIVE,
    READING,
    FIRST,
    line(more=True, text="25 Tage – ja.🏖"),
    line(more=True, citation=CITATION),
    LAST,
]
KINDS = [Progress, Reading, TextDelta, TextDelta, Cited, FollowUps, Done]


async def test_the_events_of_an_answer_and_the_answer(twin: MakeTwin, rogue: Misbehaving) -> None:
    rogue.will(streams(*LINES))
    events, response = await twin(rogue.url).stream("How many days?", chat_id="c1")
    assert [type(event) for event in events] == KINDS
    assert events[0] == Progress("Searching: ", "leave")
    assert response.text == "You get 25 Tage – ja.🏖"
    assert response.chat_id == "c1"
    assert response.follow_up_prompts == ("How do I book?",)
    (citation,) = response.citations
    assert (citation.title, citation.quotes) == ("Leave", ("25 days per year",))
    assert events[-1] == Done(response)
    (request,) = rogue.requests
    assert request.json["stream"] is True
    assert request.headers["accept"] == "text/plain"


async def test_an_event_is_there_before_the_next_is_sent(
    twin: MakeTwin, rogue: Misbehaving
) -> None:
    class Seen(list[StreamEvent]):
        """Lets the server go on when the first event has been seen."""

        def append(self, event: StreamEvent) -> None:
            super().append(event)
            go_on.set()

    go_on, waited = threading.Event(), []
    rogue.will(streams(FIRST, lambda: waited.append(go_on.wait(PATIENCE)), LAST))
    seen = Seen()
    await twin(rogue.url, timeout=Timeouts(idle=PATIENCE * 2)).stream("?", seen=seen)
    assert waited == [True]
    assert isinstance(seen[-1], Done)


async def _first_event(client: Stook | AsyncStook) -> StreamEvent:
    """The first event; the block is left after it."""
    if isinstance(client, AsyncStook):
        async with client.chat.create_stream("?") as stream:
            return await anext(stream)
    return await asyncio.to_thread(_first_event_now, client)


def _first_event_now(client: Stook) -> StreamEvent:
    with client.chat.create_stream("?") as stream:
        return next(stream)


async def test_leaving_the_block_closes_the_connection(twin: MakeTwin, rogue: Misbehaving) -> None:
    gone = threading.Event()

    def step(connection: Connection) -> None:
        connection.head(200, Content_Type="text/plain", Transfer_Encoding="chunked")
        connection.chunk(FIRST)
        if connection.wait_until_gone():
            gone.set()
        connection.cut()

    rogue.will(step)
    assert await _first_event(twin(rogue.url).client) == TextDelta("You get ")
    assert await asyncio.to_thread(gone.wait, PATIENCE)


async def test_cancelling_the_task_closes_the_connection(rogue: Misbehaving) -> None:
    gone, begun = threading.Event(), asyncio.Event()

    def step(connection: Connection) -> None:
        connection.head(200, Content_Type="text/plain", Transfer_Encoding="chunked")
        connection.chunk(FIRST)
        if connection.wait_until_gone():
            gone.set()
        connection.cut()

    async def read() -> None:
        async with client.chat.create_stream("?") as stream:
            async for _ in stream:
                begun.set()

    rogue.will(step)
    async with AsyncStook(TOKEN, rogue.url) as client:
        task = asyncio.create_task(read())
        await asyncio.wait_for(begun.wait(), PATIENCE)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(gone.wait, PATIENCE)


@pytest.mark.parametrize("end", [True, False], ids=["ended", "cut"])
async def test_a_stream_that_ends_early_says_so(
    twin: MakeTwin, rogue: Misbehaving, end: bool
) -> None:
    rogue.will(streams(FIRST, end=end))
    seen: list[StreamEvent] = []
    with pytest.raises(StreamInterrupted) as raised:
        await twin(rogue.url).stream("?", seen=seen)
    assert seen == [TextDelta("You get ")]
    assert raised.value.body == "You get "
    assert raised.value.status == 200
    assert len(rogue.requests) == 1


async def test_an_error_in_the_stream_is_an_event_and_then_raised(
    twin: MakeTwin, rogue: Misbehaving
) -> None:
    rogue.will(streams(FIRST, line(kind="ERROR", text="Out of ink.")))
    seen: list[StreamEvent] = []
    with pytest.raises(AnswerFailed, match="Out of ink") as raised:
        await twin(rogue.url).stream("?", seen=seen)
    assert seen == [TextDelta("You get "), Failed("Out of ink.")]
    assert raised.value.request_id == rogue.requests[0].headers["x-request-id"]


@pytest.mark.parametrize("content", [b"<html>hello</html>", b"[1]", b'{"messages": 3}\n'])
async def test_a_stream_that_is_none(twin: MakeTwin, rogue: Misbehaving, content: bytes) -> None:
    rogue.will(says(content, X_Request_Id="r-9"))
    with pytest.raises(UnexpectedResponse) as raised:
        await twin(rogue.url).stream("?")
    assert raised.value.request_id == "r-9"
    assert (raised.value.body or "").strip() == content.decode().strip()


async def test_a_silent_stream_is_given_up(twin: MakeTwin, rogue: Misbehaving) -> None:
    ended = threading.Event()
    rogue.will(streams(FIRST, lambda: ended.wait(PATIENCE)))
    try:
        with pytest.raises(TimedOut, match=r"0\.2 seconds"):
            await twin(rogue.url, timeout=Timeouts(idle=0.2)).stream("?")
    finally:
        ended.set()


async def test_a_stream_of_trifles_is_given_up_after_the_total(
    twin: MakeTwin, rogue: Misbehaving
) -> None:
    def step(connection: Connection) -> None:
        connection.head(200, Content_Type="text/plain", Transfer_Encoding="chunked")
        pause = threading.Event()
        for _ in range(PATIENCE * 20):
            connection.chunk(ALIVE)
            pause.wait(0.05)

    rogue.will(step)
    with pytest.raises(TimedOut, match=r"0\.3 seconds"):
        await twin(rogue.url, timeout=0.3).stream("?")


async def test_slow_bytes_make_whole_events(twin: MakeTwin, rogue: Misbehaving) -> None:
    rogue.will(streams(*(bytes([each]) for each in b"".join(LINES))))
    events, _ = await twin(rogue.url).stream("?")
    assert [type(event) for event in events] == KINDS


def test_a_stream_wants_its_block(rogue: Misbehaving) -> None:
    rogue.will(streams(FIRST, LAST))
    with Stook(TOKEN, rogue.url) as client:
        stream = client.chat.create_stream("?")
        with pytest.raises(ConfigurationError, match="with block"):
            next(stream)
        assert rogue.requests == []
        with stream:
            next(stream)
            with pytest.raises(ConfigurationError, match="not complete"):
                _ = stream.response
            assert stream.text == "You get "
            assert stream.read() == stream.response
        assert list(stream) == []


@given(cuts=st.sets(st.integers(0, len(b"".join(LINES)))))
def test_events_do_not_depend_on_how_the_bytes_are_cut(cuts: set[int]) -> None:
    whole = b"".join(LINES)
    edges = [0, *sorted(cuts), len(whole)]
    pieces = [whole[start:end] for start, end in itertools.pairwise(edges)]
    assert _decoded(pieces) == _decoded([whole])


def _decoded(pieces: list[bytes]) -> list[Any]:
    decoder = AnswerDecoder()
    return [event for piece in pieces for event in decoder.feed(piece)] + list(decoder.end())


def test_citations_that_only_the_last_line_has_are_events_too() -> None:
    events = _decoded([FIRST, LAST])
    assert [type(event) for event in events] == [TextDelta, Cited, FollowUps, Done]
