"""Streams that break and go on: by a script, and with a real server behind a proxy that cuts."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest

from stook.client import Done, StookClientError, StreamEvent, StreamInterrupted, TextDelta
from tests.client.conftest import MakeTwin
from tests.client.misbehaving import PATIENCE, Connection, Misbehaving, Step, hangs_up, line, says
from tests.client.test_streams import ALIVE, FIRST, KINDS, LAST, LINES, SEARCHING
from tests.client.twins import NO_RETRIES
from tests.dialects.served import QUESTION, Served

RESUME = "/rest/api/v1/chat/streams/t-1"


def sends(*lines: bytes, cut: bool = False, turn: str = "t-1") -> Step:
    """A stream that has a name, sent line by line; in the end it is over, or cut off."""

    def step(connection: Connection) -> None:
        head = {"Content_Type": "text/plain", "Transfer_Encoding": "chunked"}
        connection.head(200, **head, X_Stook_Turn=turn)
        for each in lines:
            connection.chunk(each)
        if cut:
            connection.cut()
        else:
            connection.send(b"0\r\n\r\n")

    return step


@pytest.mark.parametrize("count", range(len(LINES)))
async def test_a_cut_stream_goes_on_where_it_was(
    twin: MakeTwin, rogue: Misbehaving, count: int
) -> None:
    half = LINES[count][: len(LINES[count]) // 2]
    rogue.will(sends(*LINES[:count], half, cut=True), sends(*LINES[count:]))
    events, response = await twin(rogue.url).stream("How many days?")
    assert [type(event) for event in events] == KINDS
    assert events[-1] == Done(response)
    asked, resumed = rogue.requests
    assert asked.headers["x-stook-resumable"] == "true"
    assert (resumed.method, resumed.path) == ("GET", RESUME)
    assert resumed.query == {"after": [str(sum(each != ALIVE for each in LINES[:count]))]}


@pytest.mark.parametrize("broken", [hangs_up, says("later", status=503)], ids=["gone", "busy"])
async def test_coming_back_is_tried_again(twin: MakeTwin, rogue: Misbehaving, broken: Step) -> None:
    rogue.will(sends(FIRST, cut=True), broken, sends(LAST))
    _, response = await twin(rogue.url).stream("?")
    assert response.text == "You get "
    assert [request.method for request in rogue.requests] == ["POST", "GET", "GET"]


async def test_a_stream_that_brings_nothing_new_is_given_up(
    twin: MakeTwin, rogue: Misbehaving
) -> None:
    rogue.will(sends(SEARCHING, cut=True), *[sends(cut=True)] * 3, says(status=404))
    with pytest.raises(StreamInterrupted) as raised:
        await twin(rogue.url).stream("?")
    assert raised.value.status == 200
    assert [request.method for request in rogue.requests] == ["POST", "GET", "GET", "DELETE"]


async def test_a_stream_that_keeps_breaking_but_goes_on_is_followed_to_its_end(
    twin: MakeTwin, rogue: Misbehaving
) -> None:
    rogue.will(*[sends(line(more=True, text="x"), cut=True)] * 7, sends(LAST))
    _, response = await twin(rogue.url).stream("?")
    assert response.text == "xxxxxxx"


@pytest.mark.parametrize("status", [404, 401])
async def test_an_answer_that_is_gone_is_an_interrupted_one(
    twin: MakeTwin, rogue: Misbehaving, status: int
) -> None:
    rogue.will(sends(FIRST, cut=True), says("gone", status=status))
    with pytest.raises(StreamInterrupted) as raised:
        await twin(rogue.url).stream("?")
    assert isinstance(raised.value.__cause__, StookClientError)
    assert raised.value.__cause__.status == status
    assert raised.value.body == "You get "


async def test_without_retries_nobody_comes_back(twin: MakeTwin, rogue: Misbehaving) -> None:
    rogue.will(sends(FIRST, cut=True), says(status=404))
    with pytest.raises(StreamInterrupted):
        await twin(rogue.url).stream("?", retries=NO_RETRIES)
    assert [request.method for request in rogue.requests] == ["POST", "DELETE"]


async def test_leaving_early_stops_the_server(twin: MakeTwin, rogue: Misbehaving) -> None:
    rogue.will(sends(FIRST, LAST), says({"stopped": True}))
    client = twin(rogue.url)

    class Enough(list[StreamEvent]):
        def append(self, event: StreamEvent) -> None:
            raise LookupError

    with pytest.raises(LookupError):
        await client.stream("?", seen=Enough())
    assert [(each.method, each.path) for each in rogue.requests][1:] == [("DELETE", RESUME)]


# --- the real server ---------------------------------------------------------------------------


@dataclass
class Cutter:
    """A proxy that cuts each connection after so many bytes of answer; the last number stays."""

    url: str = ""
    after: list[int] = field(default_factory=list)
    connections: int = 0

    def next_limit(self) -> int:
        self.connections += 1
        return self.after.pop(0) if len(self.after) > 1 else self.after[0]


@contextlib.contextmanager
def cutting(server: str) -> Iterator[Cutter]:
    target = urlsplit(server)
    state = Cutter()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):  # the listener was closed
            while True:
                client, _ = listener.accept()
                upstream = socket.create_connection((target.hostname, target.port), PATIENCE)
                client.settimeout(PATIENCE)
                limit = state.next_limit()
                for one, other, most in ((client, upstream, 2**40), (upstream, client, limit)):
                    threading.Thread(target=_pump, args=(one, other, most), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        yield state
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(PATIENCE)


def _pump(source: socket.socket, sink: socket.socket, most: int) -> None:
    """Carry bytes over until there are no more, or too many; then end both sides."""
    with contextlib.suppress(OSError):
        while most > 0 and (data := source.recv(min(most, 65536))):
            sink.sendall(data)
            most -= len(data)
    for each in (source, sink):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


async def test_a_real_answer_survives_a_connection_that_is_cut_again_and_again(
    twin: MakeTwin, served: Served, reader_token: str
) -> None:
    whole, response = await twin(served.url, token=reader_token).stream(QUESTION)
    with cutting(served.url) as proxy:
        proxy.after = [700, 2500, 3000, 5000, 2**40]
        events, again = await twin(proxy.url, token=reader_token).stream(QUESTION)
        assert proxy.connections > 2
    assert [type(event) for event in events] == [type(event) for event in whole]
    assert again.text == response.text != ""
    assert [each.quotes for each in again.citations] == [each.quotes for each in response.citations]
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == again.text


async def test_a_cut_stream_of_a_saved_chat_is_saved_once(
    twin: MakeTwin, served: Served, reader_token: str
) -> None:
    with cutting(served.url) as proxy:
        proxy.after = [900, 2**40]
        client = twin(proxy.url, token=reader_token)
        _, response = await client.stream(QUESTION, save_chat=True)
        chat = await client.call("chat.retrieve", response.chat_id)
    assert [message.text for message in chat.chat_result.chat.messages] == [
        QUESTION,
        response.text,
    ]
