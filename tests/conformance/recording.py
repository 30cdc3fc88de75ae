"""A front that stands between clients and the server and writes down what passes.

Which client called, in which version, where, with which fields, and what came back: taken from the
wire, so that nobody can claim a field that was never sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

import httpx
import uvicorn
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from tests.dialects.served import PATIENCE

OF_THE_CONNECTION = ("connection", "keep-alive", "transfer-encoding", "accept-encoding", "expect")
SAMPLES = {
    "/api/v1/": "gleenai 1.0.0",
    "/rest/": "Glean's sample programs",
    "/ai/": "Gloo's sample program",
    "/oauth2/": "Gloo's sample program",
}
PLAIN = "HTTP"  # no client of the API, but a request as its description says


@dataclass(frozen=True)
class Exchange:
    """A request and its answer: names of the fields of both, no values."""

    client: str
    method: str
    path: str
    sent: frozenset[str]
    status: int
    content_type: str
    answered: frozenset[str]


class Recorder:
    """What passed since it was last asked."""

    def __init__(self) -> None:
        self.numbers = itertools.count(1)  # of requests, on all fronts
        self._passed: dict[int, Exchange] = {}
        self._taken = 0

    def put(self, number: int, exchange: Exchange) -> None:
        """What is known of a request by now; what comes after it was asked for does not count."""
        if number > self._taken:
            self._passed[number] = exchange

    def take(self) -> list[Exchange]:
        passed, self._passed = self._passed, {}
        self._taken = max(passed, default=self._taken)
        return list(passed.values())


@contextlib.contextmanager
def recorded(target: str, recorder: Recorder) -> Iterator[str]:
    """The address of a front for the server at ``target``."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        front = _Front(target, recorder)
        config = uvicorn.Config(
            front, lifespan="off", log_level="error", timeout_keep_alive=PATIENCE
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(PATIENCE)


class _Front:
    def __init__(self, target: str, recorder: Recorder) -> None:
        self._target = target
        self._recorder = recorder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        request.state.number = next(self._recorder.numbers)
        body = await request.body()
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False, verify=False) as client:
            client.headers.clear()
            answer = await client.send(self._passed_on(client, request, body), stream=True)
            try:
                response = await self._response(request, body, answer)
                await response(scope, receive, send)
            finally:
                await answer.aclose()

    def _passed_on(self, client: httpx.AsyncClient, request: Request, body: bytes) -> httpx.Request:
        path = request.scope["raw_path"].decode("ascii")
        url = httpx.URL(f"{self._target}{path}?{request.scope['query_string'].decode('ascii')}")
        headers = [
            (name, value)
            for name, value in request.headers.items()
            if name not in (*OF_THE_CONNECTION, "host", "content-length")
        ]
        return client.build_request(request.method, url, headers=headers, content=body)

    async def _response(self, request: Request, body: bytes, answer: httpx.Response) -> Response:
        """What is written down is complete before the client has the end of the answer.

        So it is written with each piece of a stream: some clients leave before its end.
        """
        if "content-length" in answer.headers:
            content = await answer.aread()
            self._write_down(request, body, answer, content)
            response = Response(content, answer.status_code)
        else:
            stream = self._streamed(request, body, answer)
            response = StreamingResponse(stream, answer.status_code)
        response.raw_headers = [
            (name.lower(), value)
            for name, value in answer.headers.raw
            if name.lower().decode() not in OF_THE_CONNECTION
        ]
        return response

    async def _streamed(
        self, request: Request, body: bytes, answer: httpx.Response
    ) -> AsyncIterator[bytes]:
        content = b""
        async for piece in answer.aiter_raw():
            content += piece
            self._write_down(request, body, answer, content)
            yield piece
        self._write_down(request, body, answer, content)

    def _write_down(
        self, request: Request, body: bytes, answer: httpx.Response, content: bytes
    ) -> None:
        content_type = answer.headers.get("content-type", "")
        exchange = Exchange(
            client=client_of(request.headers.get("user-agent", ""), request.url.path),
            method=request.method,
            path=request.url.path,
            sent=frozenset(request.query_params)
            | _fields(request.headers.get("content-type", ""), body),
            status=answer.status_code,
            content_type=content_type,
            answered=_top_level(content),
        )
        self._recorder.put(request.state.number, exchange)


def client_of(agent: str, path: str) -> str:
    """The name and version of the client that calls itself so."""
    if found := re.match(r"speakeasy-sdk/python (\S+)", agent):
        return f"glean-api-client {found[1]}"
    if found := re.match(r"speakeasy-sdk/typescript (\S+)", agent):
        return f"@gleanwork/api-client {found[1]}"
    if found := re.match(r"glean-indexing-sdk/(\S+)", agent):
        return f"glean-indexing-sdk {found[1]}"
    if found := re.match(r"OpenAI/Python (\S+)", agent):
        return f"openai {found[1]}"
    if agent.startswith("python-requests/"):
        return next((name for at, name in SAMPLES.items() if path.startswith(at)), PLAIN)
    return PLAIN


def _fields(content_type: str, body: bytes) -> frozenset[str]:
    """Names of all fields of a body; those inside objects are joined by dots."""
    header = Message()
    header["content-type"] = content_type
    kind = header.get_content_type()
    if kind == "multipart/form-data":
        named = re.findall(rb'form-data; name="(\w+)(?:\[\])?"', body)
        return frozenset(name.decode() for name in named)
    if kind == "application/x-www-form-urlencoded":
        return frozenset(name for name, _ in parse_qsl(body.decode()))
    try:
        return frozenset(_names(json.loads(body)))
    except ValueError:
        return frozenset()


def _names(value: Any, before: str = "") -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _names(each, before)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if inner is not None:
                yield f"{before}{name}"
                yield from _names(inner, f"{before}{name}.")


def _top_level(content: bytes) -> frozenset[str]:
    """Names in an answer: of a JSON document, of lines of JSON, or of an event stream's data."""
    names: set[str] = set()
    for line in content.removeprefix(b"\xef\xbb\xbf").splitlines():
        with contextlib.suppress(ValueError):
            document = json.loads(line.removeprefix(b"data: "))
            names |= document.keys() if isinstance(document, dict) else set()
    return frozenset(names)
