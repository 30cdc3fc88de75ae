"""Ends what only reads when its client leaves, or when it takes too long; pure ASGI."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stook.dialects.access import ONLY_READS
from stook.errors import TimedOut
from stook.server.errors import Errors

LONGEST = 60.0  # seconds


class Leaving:
    """Watches the client from the end of its body on.

    What a request writes is written whether its client waits or not, and answers watch the client
    themselves; so only those are ended that the routes mark as reading.
    """

    def __init__(self, app: ASGIApp, errors: Errors) -> None:
        self.app = app
        self._errors = errors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        client = _Client(receive, send)
        answering = asyncio.create_task(self._answer(scope, client))
        leaving = asyncio.create_task(client.leaves())
        try:
            await asyncio.wait({answering, leaving}, timeout=LONGEST, return_when=_FIRST)
            if not answering.done() and scope.get(ONLY_READS):
                await _end(answering)
                if not leaving.done() and not client.answered:
                    slow = TimedOut(f"Not done within {LONGEST:.0f} seconds; ask for less.")
                    await self._errors.response(scope, slow)(scope, receive, send)
            else:
                await answering
        finally:
            await _end(leaving, answering)

    async def _answer(self, scope: Scope, client: _Client) -> None:
        await self.app(scope, client.receive, client.send)


_FIRST = asyncio.FIRST_COMPLETED


class _Client:
    """The two ends of a connection; the body is read by the application, what follows here."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._read = asyncio.Event()
        self._gone = asyncio.Event()
        self.answered = False

    async def receive(self) -> Message:
        if self._read.is_set():
            await self._gone.wait()
            return {"type": "http.disconnect"}
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self._gone.set()
        if not message.get("more_body", False):
            self._read.set()
        return message

    async def send(self, message: Message) -> None:
        self.answered = True
        await self._send(message)

    async def leaves(self) -> None:
        await self._read.wait()
        while not self._gone.is_set():
            if (await self._receive())["type"] == "http.disconnect":
                self._gone.set()


async def _end(*tasks: asyncio.Task[None]) -> None:
    """Cancel what still runs, and wait until all of it has let go."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
