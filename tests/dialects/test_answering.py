"""How answers go out: late heads, keep-alive, failures, clients that leave.

A bare uvicorn serves hand-made event iterators through the real response class.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from typing import ClassVar

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from stook.answering.outcome import Outcome
from stook.answering.pieces import TextDelta
from stook.conversation.events import Answer, Event, Failed, Finished
from stook.dialects.answering import AnswerResponse
from stook.dialects.dialect import Problem
from stook.errors import NotFound, TimedOut

PATIENCE = 0.2  # seconds before the head goes out without a body
LIMIT = 30  # seconds that no test needs


class Whole:
    streams: ClassVar[bool] = False
    media_type: ClassVar[str] = "application/json"
    filler: ClassVar[bytes] = b" "

    def render(self, event: Event) -> bytes:
        return event.answer.text.encode() if isinstance(event, Finished) else b""

    def broken(self, found: Problem) -> bytes:
        return f"broken: {found.message}".encode()


class Pieces(Whole):
    streams: ClassVar[bool] = True
    filler: ClassVar[bytes] = b"."

    def render(self, event: Event) -> bytes:
        return event.text.encode() if isinstance(event, TextDelta) else b""


def finished(text: str) -> Finished:
    now = datetime.now(UTC)
    return Finished(Answer(text, (), (), Outcome.ANSWERED, "c", 1, "t", "q", "m", now, 1, {}))


class Scene:
    """What the iterators do, step by step, and what became of them."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.closed = threading.Event()

    async def waited(self) -> None:
        await asyncio.to_thread(self.go_on.wait, LIMIT)

    async def quick(self) -> AsyncIterator[Event]:
        yield TextDelta("good ")
        yield TextDelta("day")
        yield finished("good day")

    async def slow(self) -> AsyncIterator[Event]:
        await self.waited()
        yield TextDelta("at last")
        yield finished("at last")

    async def refused(self) -> AsyncIterator[Event]:
        yield Failed(NotFound("no such chat"))

    async def refused_late(self) -> AsyncIterator[Event]:
        await self.waited()
        yield Failed(TimedOut("too slow"))

    async def broken(self) -> AsyncIterator[Event]:
        yield TextDelta("so far ")
        yield Failed(TimedOut("too slow"))

    async def raising(self) -> AsyncIterator[Event]:
        yield TextDelta("so far ")
        raise RuntimeError("a secret of the house")

    async def raising_first(self) -> AsyncIterator[Event]:
        raise RuntimeError("a secret of the house")
        yield

    async def empty(self) -> AsyncIterator[Event]:
        return
        yield

    async def endless(self) -> AsyncIterator[Event]:
        try:
            yield TextDelta("begun")
            await asyncio.sleep(LIMIT)
        finally:
            self.closed.set()


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def url(scene: Scene) -> Iterator[str]:
    """Serves /whole/NAME and /pieces/NAME."""

    async def answer(request: Request) -> Response:
        events: Callable[[], AsyncGenerator[Event, None]]
        events = getattr(scene, request.path_params["name"])
        rendering = Pieces() if request.path_params["kind"] == "pieces" else Whole()
        return AnswerResponse(render, events(), rendering, PATIENCE)

    with running(Starlette(routes=[Route("/{kind}/{name}", answer)])) as address:
        yield address


def render(found: Problem) -> Response:
    return PlainTextResponse(found.message, found.status)


@contextlib.contextmanager
def running(app: Starlette) -> Iterator[str]:
    """uvicorn in a thread, on a free port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until = time.monotonic() + LIMIT
        while not server.started:
            assert time.monotonic() < until
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(LIMIT)


@pytest.mark.parametrize("kind", ["whole", "pieces"])
def test_answer(url: str, kind: str) -> None:
    response = httpx.get(f"{url}/{kind}/quick")
    assert (response.status_code, response.text) == (200, "good day")
    assert response.headers["content-type"] == "application/json"
    assert ("content-length" in response.headers) == (kind == "whole")


@pytest.mark.parametrize("kind", ["whole", "pieces"])
@pytest.mark.parametrize(
    ("name", "status"), [("refused", 404), ("raising_first", 500), ("empty", 503)]
)
def test_failure_before_the_first_byte_has_its_status(
    url: str, kind: str, name: str, status: int
) -> None:
    response = httpx.get(f"{url}/{kind}/{name}")
    assert response.status_code == status
    assert "secret" not in response.text


@pytest.mark.parametrize(("kind", "filler"), [("whole", b" "), ("pieces", b".")])
def test_head_and_filler_go_out_while_the_answer_is_awaited(
    scene: Scene, url: str, kind: str, filler: bytes
) -> None:
    with httpx.stream("GET", f"{url}/{kind}/slow", timeout=LIMIT) as response:
        assert response.status_code == 200
        parts = response.iter_raw()
        assert next(parts) == filler
        scene.go_on.set()
        assert b"".join(parts).strip(filler) == b"at last"


def test_filler_comes_again_and_again(scene: Scene, url: str) -> None:
    with httpx.stream("GET", f"{url}/pieces/slow", timeout=4.5) as response:
        parts = response.iter_raw()
        assert [next(parts), next(parts)] == [b".", b"."]
        scene.go_on.set()
        assert b"".join(parts) == b"at last"


def test_failure_after_the_head_is_said_in_the_body(scene: Scene, url: str) -> None:
    with httpx.stream("GET", f"{url}/whole/refused_late", timeout=LIMIT) as response:
        parts = response.iter_raw()
        assert next(parts) == b" "
        scene.go_on.set()
        assert b"".join(parts) == b"broken: too slow"
    assert httpx.get(f"{url}/pieces/broken").text == "so far broken: too slow"


def test_unforeseen_error_is_not_told(url: str) -> None:
    text = httpx.get(f"{url}/pieces/raising").text
    assert text.startswith("so far broken: Something went wrong")
    assert "secret" not in text


def test_client_that_leaves_cancels_the_work(scene: Scene, url: str) -> None:
    with httpx.stream("GET", f"{url}/pieces/endless", timeout=LIMIT) as response:
        parts = response.iter_raw()
        assert next(parts) == b"begun"
        assert not scene.closed.is_set()
    assert scene.closed.wait(LIMIT / 2)


def test_client_that_leaves_a_whole_answer_cancels_the_work(scene: Scene, url: str) -> None:
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{url}/whole/endless", timeout=PATIENCE / 2)
    assert scene.closed.wait(LIMIT / 2)
