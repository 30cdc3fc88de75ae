"""Sends the engine's events as a response: in time, cancelled with the client, errors in shape."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Protocol

import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from stook.conversation.events import Event, Failed
from stook.dialects.dialect import Problem, problem
from stook.dialects.languages import ENGLISH
from stook.errors import StookError, Unavailable

log = structlog.get_logger(__name__)

# What keeps proxies from holding back, packing or keeping what is written piece by piece.
AS_WRITTEN = {"X-Accel-Buffering": "no", "Cache-Control": "no-store, no-transform"}
KEEP_ALIVE_SECONDS = 2.0  # a common client gives up after 5 seconds without a byte


class Rendering(Protocol):
    """Turns the events of one answer into the bytes of one response."""

    @property
    def streams(self) -> bool:
        """Whether bytes are sent as they come, or all at the end."""

    @property
    def media_type(self) -> str: ...

    @property
    def filler(self) -> bytes:
        """Sent while there is nothing to say; means nothing to a client."""

    def render(self, event: Event) -> bytes:
        """What to send for this event, perhaps nothing."""

    def broken(self, found: Problem) -> bytes:
        """What to send where the answer fails after the status has gone out."""


class AnswerResponse(Response):
    """Runs the engine for as long as the client listens.

    Status and headers wait for the first byte of body, but at most ``patience`` seconds, so that
    a failure before it still has its own status, as ``render_problem`` writes it. From then on
    something is sent every two seconds. ``language`` is that of the sentences of errors.
    """

    def __init__(
        self,
        render_problem: Callable[[Problem], Response],
        events: AsyncGenerator[Event, None],
        rendering: Rendering,
        patience: float = KEEP_ALIVE_SECONDS,
        headers: Mapping[str, str] | None = None,
        language: str = ENGLISH,
    ) -> None:
        own = AS_WRITTEN if rendering.streams else {}
        super().__init__(headers={**own, **(headers or {})}, media_type=rendering.media_type)
        del self.headers["content-length"]
        self._render_problem = render_problem
        self._events = events
        self._rendering = rendering
        self._patience = patience
        self._language = language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = _Body(send, self.raw_headers)
        answering = asyncio.create_task(self._answer(body, scope, receive))
        filling = asyncio.create_task(body.fill(self._rendering.filler, self._patience))
        listening = asyncio.create_task(_disconnected(receive))
        try:
            await asyncio.wait({answering, listening}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _end(listening, filling, answering)
        if not answering.cancelled():
            answering.result()

    async def _answer(self, body: _Body, scope: Scope, receive: Receive) -> None:
        try:
            async with contextlib.aclosing(self._events):
                failure = await self._relay(body)
        except Exception as error:
            failure = error
        if failure is None:
            return
        if not isinstance(failure, StookError):
            log.error("answer failed", exc_info=failure)
        found = problem(failure, self._language)
        if await body.withdraw():
            await self._render_problem(found)(scope, receive, body.send)
        else:
            await body.end(self._rendering.broken(found))

    async def _relay(self, body: _Body) -> Exception | None:
        """Send the answer; returns what it failed with."""
        held = b""
        async for event in self._events:
            if isinstance(event, Failed):
                return event.error
            data = self._rendering.render(event)
            if data and self._rendering.streams:
                await body.write(data)
            else:
                held += data
        if not (held or body.started):
            return Unavailable("The answer ended before it began; try again.")
        await body.end(held)
        return None


class _Body:
    """The body of one response, whose head goes out with its first byte."""

    def __init__(self, send: Send, headers: list[tuple[bytes, bytes]]) -> None:
        self.send = send
        self.started = False
        self._headers = headers
        self._ended = False
        self._lock = asyncio.Lock()
        self._last = asyncio.get_running_loop().time()

    async def write(self, data: bytes) -> None:
        async with self._lock:
            if not self._ended:
                await self._start()
                await self._send(data, more=True)

    async def end(self, data: bytes) -> None:
        async with self._lock:
            if not self.started:
                self._headers.append((b"content-length", str(len(data)).encode()))
            await self._start()
            self._ended = True
            await self._send(data, more=False)

    async def withdraw(self) -> bool:
        """Whether nothing has been sent; then nothing will be, and another response may."""
        async with self._lock:
            if not self.started:
                self._ended = True
            return not self.started

    async def fill(self, filler: bytes, patience: float) -> None:
        """Send the filler whenever there was silence for long enough; runs until cancelled."""
        clock = asyncio.get_running_loop().time
        silence = patience
        while not self._ended:
            left = self._last + silence - clock()
            if left > 0:
                await asyncio.sleep(left)
            else:
                await self.write(filler)
                silence = KEEP_ALIVE_SECONDS

    async def _start(self) -> None:
        if not self.started:
            self.started = True
            head = {"type": "http.response.start", "status": 200, "headers": self._headers}
            await self.send(head)

    async def _send(self, data: bytes, more: bool) -> None:
        self._last = asyncio.get_running_loop().time()
        await self.send({"type": "http.response.body", "body": data, "more_body": more})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _end(*tasks: asyncio.Task[None]) -> None:
    """Cancel what still runs, and wait until all of it has let go."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
