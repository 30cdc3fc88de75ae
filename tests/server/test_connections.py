"""What one client may send, how long it may take, and how many may come: by raw sockets."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from stook.server.connection import BoundedProtocol, Limits
from tests.dialects.served import PATIENCE, Served, serve

CONNECTIONS = 6
GET = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
FORM = b"POST /oauth2/token HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture(scope="module")
def served(data_dir: Path, token: str) -> Iterator[Served]:
    settings = {
        "STOOK_MAX_HEADER_KIB": "8",
        "STOOK_MAX_HEADERS": "20",
        "STOOK_MAX_CONNECTIONS": str(CONNECTIONS),
        "STOOK_HEADER_TIMEOUT_SECONDS": "0.5",
        "STOOK_BODY_TIMEOUT_SECONDS": "0.5",
        "STOOK_IDLE_TIMEOUT_SECONDS": "0.5",
        "STOOK_UNREAD_TIMEOUT_SECONDS": "0.5",
    }
    with serve(data_dir, STOOK_LOG_FORMAT="json", **settings) as running:
        yield running


class Raw:
    """A connection on which anything can be written."""

    def __init__(self, url: str, receive_buffer: int = 0) -> None:
        self.socket = socket.socket()
        self.socket.settimeout(PATIENCE)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect((urlsplit(url).hostname, urlsplit(url).port))

    def send(self, data: bytes) -> bool:
        """Whether the other side still takes something."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True

    def head(self) -> bytes:
        """The next answer's head; its body must be empty or be read by others."""
        got = b""
        while b"\r\n\r\n" not in got and (piece := self.socket.recv(1)):
            got += piece
        return got

    def rest(self) -> bytes:
        """All that comes until the server closes the connection."""
        got = b""
        with contextlib.suppress(ConnectionResetError), self.socket:
            while piece := self.socket.recv(65536):
                got += piece
        return got

    def drip(self, data: bytes, most: int) -> bool:
        """Send the same again and again; whether the other side is gone before the last time."""
        for _ in range(most):
            if not self.send(data):
                return True
            time.sleep(0.05)
        return False


def said(served: Served, request: bytes) -> bytes:
    """What the server says to bytes until it closes the connection."""
    raw = Raw(served.url)
    raw.send(request)
    return raw.rest()


def field(size: int, name: str = "X-Large") -> bytes:
    return f"{name}: {'a' * size}\r\n".encode()


# --- size and count ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        b"GET /health HTTP/1.1\r\nHost: x\r\n" + field(9000) + b"\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\n" + field(5000) + field(5000, "X-More") + b"\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\n" + field(9, "a" * 9000) + b"\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\n" + field(9000),  # which never ends
        b"GET /health?" + b"q" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /" + b"p" * 9000,
        b"GET /health HTTP/1.1\r\nHost: x\r\n" + b"X-Many: 1\r\n" * 30 + b"\r\n",
    ],
    ids=["value", "values", "name", "endless", "query", "path", "many"],
)  # fmt: skip
def test_heads_over_a_limit_are_refused(served: Served, head: bytes) -> None:
    answer = said(served, head)
    assert answer.startswith(b"HTTP/1.1 431 ") and b"connection: close" in answer
    assert b"8 KiB and 20 headers" in answer and answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "start",
    [
        b"GET /health HTTP/1.1\r\nHost: x\r\nX-Large: ",
        b"GET /health HTTP/1.1\r\nHost: x\r\nX-",
        b"GET /",
        FORM + b"Transfer-Encoding: chunked\r\n\r\n1;",  # an extension of a chunk
        FORM + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Trailer: ",
    ],
)
def test_what_never_ends_is_not_kept(served: Served, start: bytes) -> None:
    raw = Raw(served.url)
    assert raw.send(start)
    for _ in range(4000):  # 250 MB, if somebody took them
        if not raw.send(b"a" * 65536):
            break
    else:
        raise AssertionError("The server takes headers for ever.")
    assert httpx.get(f"{served.url}/health").status_code == 200


def test_many_trailers_are_refused_and_few_are_no_headers(served: Served, token: str) -> None:
    chunked = b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n"
    start = b"POST /api/v1/send_message HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + chunked
    answer = said(served, start + f"Authorization: Bearer {token}\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 401 ")
    answer = said(served, FORM + chunked + b"X-Many: 1\r\n" * 30 + b"\r\n")
    assert b"HTTP/1.1 200" not in answer and answer.count(b"HTTP/1.1 ") <= 1


def test_what_is_within_the_limits_is_answered(served: Served) -> None:
    with httpx.Client(base_url=served.url) as client:
        for _ in range(3):
            given = {"X-Large": "a" * 7000, **{f"X-{n}": "b" for n in range(10)}}
            assert client.get("/health", headers=given).status_code == 200
    raw = Raw(served.url)
    raw.send(GET * 3)  # one after the other, without waiting
    assert raw.rest().count(b"HTTP/1.1 200") == 3


# --- time --------------------------------------------------------------------------------------


def test_silence_is_ended(served: Served) -> None:
    assert said(served, b"") == b""
    assert said(served, b"\r\n\r\n").count(b"HTTP/1.1 200") == 0


@pytest.mark.parametrize(
    "half",
    [
        b"G",
        GET[:-2],
        FORM + b"Content-Length: 100\r\n\r\ngrant_type",
        FORM + b"Transfer-Encoding: chunked\r\n\r\n5\r\ngr",
        FORM + b"Content-Length: 100\r\n\r\n",
    ],
)
def test_halves_are_ended(served: Served, half: bytes) -> None:
    assert said(served, half).startswith(b"HTTP/1.1 408 ")


def test_an_idle_connection_is_ended(served: Served) -> None:
    answer = said(served, GET)
    assert answer.startswith(b"HTTP/1.1 200 ") and answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (GET[:-2], b"X: 1\r\n"),
        (b"", b"\r\n"),
        (FORM + b"Content-Length: 100000\r\n\r\n", b"a"),
        (FORM + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
        (GET, b"\r\n"),  # after an answer
    ],
)
def test_drops_do_not_keep_a_connection(served: Served, start: bytes, drop: bytes) -> None:
    raw = Raw(served.url)
    raw.send(start)
    assert raw.drip(drop, 1000)


def test_a_body_may_come_slowly_as_long_as_it_comes(served: Served) -> None:
    raw = Raw(served.url)
    body = b"grant_type=client_credentials&x=" + b"a" * 12_000
    head = FORM + f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
    raw.send(head + body[:4000])
    for start in range(4000, len(body), 1000):
        assert raw.send(body[start : start + 1000])
        time.sleep(0.1)
    assert raw.rest().startswith(b"HTTP/1.1 401 ")


def test_a_body_that_goes_on_after_its_answer_is_ended(served: Served) -> None:
    raw = Raw(served.url)
    raw.send(b"POST /rest/api/v1/chat HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n")
    assert raw.head().startswith(b"HTTP/1.1 401 ")
    assert raw.drip(b"a" * 1000, 4000)


def test_an_answer_that_nobody_reads_is_given_up(served: Served) -> None:
    raw = Raw(served.url, receive_buffer=4096)
    raw.send(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 12)
    assert raw.drip(b"\r\n", 1000)


# --- number ------------------------------------------------------------------------------------


def test_idle_connections_make_room(served: Served) -> None:
    idle = [Raw(served.url) for _ in range(CONNECTIONS * 5)]
    for _ in range(5):
        assert httpx.get(f"{served.url}/health", timeout=PATIENCE).status_code == 200
    assert idle[0].rest() == b""


def test_half_bodies_make_room(served: Served) -> None:
    half = [Raw(served.url) for _ in range(CONNECTIONS * 3)]
    for raw in half:
        raw.send(FORM + b"Content-Length: 100\r\n\r\n")
    for _ in range(5):
        assert httpx.get(f"{served.url}/health", timeout=PATIENCE).status_code == 200
    for raw in half:
        raw.rest()


def test_where_all_are_being_answered_another_is_refused() -> None:
    release = threading.Event()

    async def slow(request: Request) -> Response:
        await asyncio.to_thread(release.wait, PATIENCE)
        return PlainTextResponse("done")

    with _running(Starlette(routes=[Route("/", slow)]), connections=3) as url:
        waiting = [Raw(url) for _ in range(3)]
        for raw in waiting:
            raw.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        another = Raw(url)
        another.send(GET)
        assert another.rest().startswith(b"HTTP/1.1 503 ")
        release.set()
        for raw in waiting:
            assert raw.head().startswith(b"HTTP/1.1 200 ")


@contextlib.contextmanager
def _running(app: Starlette, connections: int) -> Iterator[str]:
    limits = Limits(8192, 20, 30, 30, 30, 30, connections)
    protocol = functools.partial(BoundedProtocol, limits=limits)
    config = uvicorn.Config(app, port=0, log_config=None, lifespan="off", http=protocol)  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


# --- two readings of one request ---------------------------------------------------------------

HIDDEN = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: +5\r\n",
        b"Content-Length: -5\r\n",
        b"Content-Length: 0x5\r\n",
        b"Content-Length : 5\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"X: 1\r\n Transfer-Encoding: chunked\r\n",
        b"X: 1\rTransfer-Encoding: chunked\r\n",
        b"X: \0\r\n",
        b"Host: y\r\n",
        b"Authorization: Bearer a\r\nAuthorization: Bearer b\r\n",
        b"X-Glean-ActAs: a@x.org\r\nx-glean-actas: b@x.org\r\n",
    ],
)
def test_a_request_of_two_readings_is_refused(served: Served, headers: bytes) -> None:
    request = FORM + headers + b"\r\n0\r\n\r\n"
    answer = said(served, request + HIDDEN)
    assert answer.startswith(b"HTTP/1.1 400 ") and answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "chunks",
    [b"5\nhello\r\n0\r\n\r\n", b"5;a\nhello\r\n0\r\n\r\n", b"0x5\r\nhello\r\n0\r\n\r\n",
     b"5\r\nhelloX0\r\n\r\n", b"fffffffffffffffff\r\na", b"-1\r\na", b"1 \r\na\r\n0\r\n\r\n"],
)  # fmt: skip
def test_chunks_of_two_readings_are_refused(served: Served, chunks: bytes) -> None:
    answer = said(served, FORM + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + HIDDEN)
    assert b"HTTP/1.1 200" not in answer and answer.count(b"HTTP/1.1 400") <= 1


def test_a_request_names_its_host(served: Served) -> None:
    assert said(served, b"GET /health HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    assert said(served, b"GET /health HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("protocol", [b"websocket", b"h2c", b"tls/1.2"])
def test_nothing_hides_behind_an_upgrade(served: Served, protocol: bytes) -> None:
    head = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: " + protocol
    raw = Raw(served.url)
    raw.send(head + b"\r\n\r\n" + HIDDEN)
    raw.send(HIDDEN)
    answer = raw.rest()
    assert answer.startswith(b"HTTP/1.1 200 ") and answer.count(b"HTTP/1.1 ") == 1
    assert b"connection: close" in answer
    body = FORM + b"Connection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 34\r\n\r\n"
    assert b"HTTP/1.1 200" not in said(served, body + HIDDEN)


def test_a_body_held_back_is_not_taken_from_the_next_request(served: Served) -> None:
    raw = Raw(served.url)
    expect = b"Host: x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n"
    raw.send(b"POST /rest/api/v1/chat HTTP/1.1\r\n" + expect)
    answer = raw.rest()
    assert answer.startswith(b"HTTP/1.1 401 ") and b"connection: close" in answer


def test_lines_in_values_end_nowhere(served: Served) -> None:
    """Neither a request id nor an address with line ends in it makes a header of an answer."""
    for value in (b"a\r\n\tX-Evil: 1", b"a\nX-Evil: 1"):
        head = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Request-Id: "
        answer = said(served, head + value + b"\r\n\r\n")
        assert b"evil" not in answer.lower()
    head = b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = said(served, b"GET /rest/api/v1/%0d%0aX-Evil:%201?a=%0d%0aX-Evil:1" + head)
    assert answer.startswith(b"HTTP/1.1 404 ") and b"evil" not in answer.lower()
