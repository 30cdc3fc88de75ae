"""A real HTTP server that does to each request what the test's script says."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PATIENCE = 60  # seconds that anything may take on a busy machine


@dataclass(frozen=True)
class Request:
    """A request as it arrived."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Connection:
    """What a step of a script may do to the client."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self._handler = handler
        self._socket = handler.connection

    def head(self, status: int = 200, **headers: str) -> None:
        lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {headers[name]}" for name in headers)]
        self.send("\r\n".join([*lines, "", ""]).encode().replace(b"_", b"-"))

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def chunk(self, data: bytes) -> None:
        self.send(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def wait_until_gone(self) -> bool:
        """Whether the client closes its side of the connection in time."""
        self._socket.settimeout(PATIENCE)
        with contextlib.suppress(ConnectionError):
            return self._socket.recv(1) == b""
        return True

    def cut(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._handler.close_connection = True


Step = Callable[[Connection], None]


@dataclass
class Misbehaving:
    """``script`` has a step for each request; the last one is for all that follow."""

    url: str = ""
    script: list[Step] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def will(self, *steps: Step) -> None:
        self.script[:] = steps

    def next_step(self) -> Step:
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


@contextlib.contextmanager
def misbehaving() -> Iterator[Misbehaving]:
    """The server, on a free port; stopped in the end."""
    state = Misbehaving()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if "chunked" in self.headers.get("Transfer-Encoding", ""):
                body = b"".join(self._chunks())
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = parse_qs(parts.query)
            state.requests.append(Request(self.command, parts.path, query, headers, body))
            with contextlib.suppress(ConnectionError):
                state.next_step()(Connection(self))

        def do_GET(self) -> None:
            self.do_POST()

        def do_DELETE(self) -> None:
            self.do_POST()

        def _chunks(self) -> Iterator[bytes]:
            while size := int(self.rfile.readline(), 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()

        def log_message(self, *said: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        state.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield state
        finally:
            server.shutdown()
            thread.join(PATIENCE)


def says(body: object = b"", status: int = 200, **headers: str) -> Step:
    """A whole answer: bytes as they are, anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def step(connection: Connection) -> None:
        length = {"Content_Length": str(len(content))}
        kind = {"Content_Type": "application/json; charset=UTF-8"}
        connection.head(status, **{**kind, **length, **headers})
        connection.send(content)

    return step


def hangs_up(connection: Connection) -> None:
    """Takes the request and says nothing."""
    connection.cut()


def stays_silent(connection: Connection) -> None:
    """Takes the request and says nothing until the client leaves."""
    connection.wait_until_gone()
    connection.cut()


def breaks_off(connection: Connection) -> None:
    """Sends half of an answer."""
    connection.head(200, Content_Type="application/json", Content_Length="1000")
    connection.send(b'{"messages": [')
    connection.cut()


def line(*, more: bool | None = None, kind: str = "CONTENT", **fields: Any) -> bytes:
    """A line of a stream; ``fields`` are those of its one fragment, or ``fragments``."""
    top = {name: fields.pop(name) for name in ("chatId", "followUpPrompts") if name in fields}
    message: dict[str, Any] = {"author": "GLEAN_AI", "messageType": kind}
    if more is not None:
        message["hasMoreFragments"] = more
    message["citations"] = fields.pop("citations", None)
    message["fragments"] = fields.pop("fragments", [fields] if fields else [])
    return json.dumps({"messages": [message], **top}).encode() + b"\n"


def streams(*lines: bytes | Callable[[], object], end: bool = True) -> Step:
    """Sends line by line; a callable is called in its turn. Without ``end`` it is cut off."""

    def step(connection: Connection) -> None:
        connection.head(200, Content_Type="text/plain", Transfer_Encoding="chunked")
        for each in lines:
            if callable(each):
                each()
            else:
                connection.chunk(each)
        if end:
            connection.send(b"0\r\n\r\n")
        else:
            connection.cut()

    return step
