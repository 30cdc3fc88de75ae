"""What only reads ends after its time, or with its client; what writes is let through."""

from __future__ import annotations

import asyncio
import contextlib
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stook.dialects.access import ONLY_READS
from stook.server import leaving
from stook.server.app import DIALECTS, create_app
from stook.server.errors import Errors
from stook.server.leaving import Leaving
from stook.server.lifecycle import Phase
from stook.settings import Settings
from stook.storage.database import open_database

PATIENCE = 30  # seconds
BRIEF = 0.02  # seconds
SEARCH = "/rest/api/v1/search"


class Slow:
    """An endpoint that is not done before it is told to be."""

    def __init__(self, only_reads: bool) -> None:
        self.only_reads = only_reads
        self.begun = asyncio.Event()
        self.told = asyncio.Event()
        self.ended = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[ONLY_READS] = self.only_reads
        await receive()
        self.begun.set()
        try:
            await self.told.wait()
        except asyncio.CancelledError:
            self.ended = "cancelled"
            raise
        self.ended = "done"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})


class Connection:
    """The server's end of a connection: a whole body, and what is sent back."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.left = asyncio.Event()
        self._body = [{"type": "http.request", "body": b"{}", "more_body": False}]

    async def receive(self) -> Message:
        if self._body:
            return self._body.pop()
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def answer(self) -> tuple[int, bytes]:
        body = b"".join(each["body"] for each in self.sent[1:])
        return self.sent[0]["status"], body


def call(slow: Slow, connection: Connection) -> asyncio.Task[None]:
    """Ask the endpoint, as a server does."""
    scope: dict[str, Any] = {"type": "http", "path": SEARCH, "method": "POST", "headers": []}
    served = Leaving(slow, Errors(DIALECTS))(scope, connection.receive, connection.send)
    return asyncio.ensure_future(served)


async def test_what_only_reads_ends_after_its_time_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(leaving, "LONGEST", BRIEF)
    slow, connection = Slow(only_reads=True), Connection()
    await asyncio.wait_for(call(slow, connection), PATIENCE)
    assert slow.ended == "cancelled"
    status, body = connection.answer
    assert status == 408
    assert b"ask for less" in body


async def test_what_only_reads_ends_with_its_client() -> None:
    slow, connection = Slow(only_reads=True), Connection()
    asked = call(slow, connection)
    await asyncio.wait_for(slow.begun.wait(), PATIENCE)
    connection.left.set()
    await asyncio.wait_for(asked, PATIENCE)
    assert (slow.ended, connection.sent) == ("cancelled", [])


async def test_what_writes_is_written_whoever_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving, "LONGEST", BRIEF)
    slow, connection = Slow(only_reads=False), Connection()
    asked = call(slow, connection)
    connection.left.set()
    done, _ = await asyncio.wait({asked}, timeout=10 * BRIEF)
    assert not done
    slow.told.set()
    await asyncio.wait_for(asked, PATIENCE)
    assert (slow.ended, connection.answer) == ("done", (200, b"done"))


@pytest.mark.parametrize(
    ("path", "only_reads"),
    [
        (SEARCH, True),
        ("/rest/api/v1/getdocuments", True),
        ("/rest/api/v1/getdocumentsbyfacets", True),
        ("/rest/api/v1/getdocpermissions", True),
        ("/rest/api/v1/feedback", False),
        ("/rest/api/v1/chat", False),
        ("/rest/api/v1/deletechats", False),
    ],
)
async def test_routes_say_whether_they_only_read(
    path: str, only_reads: bool, sqlite_url: str
) -> None:
    app, database = create_app(Settings()), open_database(sqlite_url)
    app.state.lifecycle.phase = Phase.SERVING
    app.state.runtime = SimpleNamespace(database=database)
    connection, seen = Connection(), list[Scope]()
    app.user_middleware.append(Middleware(_noting, seen))  # the innermost
    headers = [(b"authorization", b"Bearer unknown"), (b"content-type", b"application/json")]
    scope = {"type": "http", "path": path, "method": "POST", "headers": headers, "app": app}
    scope |= {"query_string": b"", "root_path": "", "http_version": "1.1", "client": None}
    scope |= {"raw_path": path.encode(), "scheme": "http", "server": ("stook.example", 80)}
    with contextlib.closing(database):
        await app(scope, connection.receive, connection.send)
    assert connection.answer[0] == 401
    assert [each[ONLY_READS] for each in seen] == [only_reads]


def _noting(app: ASGIApp, seen: list[Scope]) -> ASGIApp:
    async def note(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)
        await app(scope, receive, send)

    return note
