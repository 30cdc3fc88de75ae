"""What happens to every request before and after its endpoint; pure ASGI, so streams stream."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Mapping
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stook.dialects.access import TOKEN_ID
from stook.errors import TooLarge, Unavailable
from stook.server.errors import Errors
from stook.server.lifecycle import Lifecycle, Phase

log = structlog.get_logger(__name__)

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")
CLIENT_GONE = 499  # what the log says where the client left before the status


class RequestLog:
    """Gives every request an id, says it back, and writes one line when the answer is through."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("X-Request-Id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        status = CLIENT_GONE
        started = time.perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, send_with_id)
            finally:
                log.info("request", **_line(scope, status, time.perf_counter() - started))


def _line(scope: Scope, status: int, seconds: float) -> dict[str, Any]:
    route = scope.get("route")
    return {
        "method": scope["method"],
        "route": getattr(route, "path", None),  # the template: a path might hold anything
        "status": status,
        "milliseconds": round(seconds * 1000, 1),
        "token_id": scope.get(TOKEN_ID),
    }


class Gate:
    """Refuses requests when the process is on its way out; health checks still pass."""

    def __init__(self, app: ASGIApp, lifecycle: Lifecycle, errors: Errors) -> None:
        self.app = app
        self._lifecycle = lifecycle
        self._errors = errors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        closing = self._lifecycle.phase is Phase.CLOSING
        if scope["type"] != "http" or not closing or scope["path"] in ("/health", "/ready"):
            await self.app(scope, receive, send)
            return
        refusal = Unavailable("This server is shutting down; try again.")
        response = self._errors.response(scope, refusal)
        response.headers["Connection"] = "close"
        await response(scope, receive, send)


class BodyLimit:
    """Refuses bodies over the limit: by their declared length, and by what really arrives.

    ``others`` are the limits of paths that have their own.
    """

    def __init__(self, app: ASGIApp, limit: int, others: Mapping[str, int]) -> None:
        self.app = app
        self._limit = limit
        self._others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        limit = self._others.get(scope["path"], self._limit)
        taken = 0

        async def receive_limited() -> Message:
            nonlocal taken
            if declared.isdigit() and int(declared[:20]) > limit:
                raise _refusal(limit)
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise _refusal(limit)
            return message

        await self.app(scope, receive_limited, send)


def _refusal(limit: int) -> TooLarge:
    return TooLarge(f"The request is larger than {limit:,} bytes, the most allowed here.")


class HeldBack:
    """Closes the connection after an answer for which a body that is held back was not asked for.

    The next request on it would be taken for that body, and the one after for part of one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "expect" not in Headers(scope=scope):
            await self.app(scope, receive, send)
            return
        asked = False

        async def receive_and_note() -> Message:
            nonlocal asked
            asked = True
            return await receive()

        async def send_closing(message: Message) -> None:
            if message["type"] == "http.response.start" and not asked:
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        await self.app(scope, receive_and_note, send_closing)


class Rescue:
    """Turns exceptions that nobody foresaw into a 500 in the API's own shape, and logs them."""

    def __init__(self, app: ASGIApp, errors: Errors) -> None:
        self.app = app
        self._errors = errors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched_send(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watched_send)
        except ClientDisconnect:
            pass
        except Exception as error:
            log.exception("unexpected error")
            if started:
                raise
            await self._errors.response(scope, error)(scope, receive, send)
