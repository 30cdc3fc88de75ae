"""What holds for every address alike: a slash at its end, HEAD and OPTIONS."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# What a page may send and read beside what browsers always let it.
SENT = (
    "ALHENA_API_KEY",
    "Authorization",
    "Content-Type",
    "Last-Event-ID",
    "X-API-Key",
    "X-Glean-ActAs",
    "X-Glean-Auth-Type",
    "X-Glean-Client",
    "X-Request-Id",
    "X-Scio-ActAs",
    "X-Stook-Resumable",
)
READ = ("Retry-After", "WWW-Authenticate", "X-RateLimit-Reset", "X-Request-Id", "X-Stook-Turn")
PREFLIGHT_SECONDS = 3600  # that a browser may remember what it was told


def add_origins(app: Starlette, origins: Sequence[str]) -> None:
    """Let pages of these origins call; tokens stand in headers, so there are no credentials."""
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=METHODS,
            allow_headers=SENT,
            expose_headers=READ,
            max_age=PREFLIGHT_SECONDS,
        )


class WidgetOrigins:
    """Lets pages of these origins ask at the widget's address, and at no other."""

    def __init__(self, app: ASGIApp, path: str, origins: Sequence[str]) -> None:
        self.app = app
        self._path = path
        self._at_path = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=("POST",),
            allow_headers=("Authorization", "Content-Type"),
            expose_headers=("Retry-After",),
            max_age=PREFLIGHT_SECONDS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_asked = scope["type"] == "http" and scope["path"] == self._path
        await (self._at_path if is_asked else self.app)(scope, receive, send)


class Addresses:
    """Reads an address with a slash at its end as the one without, and HEAD as GET without its
    body. Belongs outside of everything that looks at what a request asks for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope = _without_slash(scope)
        if scope["method"] == "HEAD":
            scope["method"] = "GET"
            send = _without_body(send)
        await self.app(scope, receive, send)


class Options:
    """Answers OPTIONS with the methods that the address takes."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self.app = app
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and scope["method"] == "OPTIONS"
        if asked and (allowed := self._allowed(scope)):
            headers = {"Allow": ", ".join(allowed)}
            await Response(status_code=204, headers=headers)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _allowed(self, scope: Scope) -> list[str]:
        """The methods that the address takes; none where there is nothing at it."""
        taken = [method for method in METHODS if _is_taken(self._routes, scope, method)]
        head = ["HEAD"] if "GET" in taken else []
        return [*taken, *head, "OPTIONS"] if taken else []


def _is_taken(routes: Iterable[BaseRoute], scope: Scope, method: str) -> bool:
    asked = {**scope, "method": method}
    return any(route.matches(asked)[0] is Match.FULL for route in routes)


def _without_slash(scope: Scope) -> Scope:
    """A copy: the server's own says what was really asked, by which it frames the response."""
    path: str = scope["path"]
    bare = path.rstrip("/") or "/"
    raw: bytes = scope.get("raw_path") or path.encode()
    return {**scope, "path": bare, "raw_path": raw if bare == path else raw.rstrip(b"/")}


def _without_body(send: Send) -> Send:
    """Status and headers as they come, and an empty body at once: a stream need not be read."""
    ended = False

    async def headers_only(message: Message) -> None:
        nonlocal ended
        if message["type"] == "http.response.start":
            await send(message)
        elif not ended:
            ended = True
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return headers_only
