"""How a server process starts and ends."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from stook.server import health
from stook.server.app import DIALECTS
from stook.server.errors import Errors
from stook.server.lifecycle import Lifecycle, Phase
from stook.server.middleware import Gate
from stook.storage.database import Database
from tests.dialects.served import PATIENCE, clean_environment, serve, stook_command
from tests.dialects.test_answering import running

BODY = json.dumps({"query_text": "Why?"}).encode()


class Unfinished:
    """A request under way: the server has read its head, let it in, and waits for its body."""

    def __init__(self, url: str, token: str) -> None:
        self.address = (str(urlsplit(url).hostname), int(urlsplit(url).port or 0))
        self._socket = socket.create_connection(self.address, PATIENCE)
        head = (
            f"POST /api/v1/send_message HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
            f"Expect: 100-continue\r\nContent-Length: {len(BODY)}\r\n\r\n"
        )
        self._socket.sendall(head.encode())
        assert self._socket.recv(1000).startswith(b"HTTP/1.1 100")

    def finish(self) -> bytes:
        """Send the body, and read the answer until the server closes the connection."""
        self._socket.sendall(BODY)
        return self.rest()

    def rest(self) -> bytes:
        with self._socket:
            return b"".join(iter(lambda: self._socket.recv(65536), b""))


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


def refuses(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, PATIENCE).close()
    except ConnectionRefusedError:
        return True
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_running_answer_finishes(data_dir: Path, token: str, number: signal.Signals) -> None:
    with serve(data_dir) as served:
        running_request = Unfinished(served.url, token)
        served.process.send_signal(number)
        wait_until(lambda: refuses(running_request.address))
        assert served.process.poll() is None
        answer = running_request.finish()
        assert answer.startswith(b"HTTP/1.1 200")
        body = json.loads(answer.split(b"\r\n\r\n", 1)[1])
        assert body["thread_id"].isdigit() and body["content"]
        served.process.wait(PATIENCE)


def test_request_that_never_ends_is_cut_off(data_dir: Path, token: str) -> None:
    with serve(data_dir, STOOK_SHUTDOWN_GRACE_SECONDS="1") as served:
        unfinished = Unfinished(served.url, token)
        served.process.terminate()
        assert b"HTTP/1.1 200" not in unfinished.rest()
        served.process.wait(PATIENCE)
        assert "Traceback" not in served.log.read_text()


def test_workers_serve_and_end_together(data_dir: Path, token: str) -> None:
    settings = {"STOOK_LOG_LEVEL": "debug", "STOOK_LOG_FORMAT": "json"}
    with serve(data_dir, "--workers", "2", **settings) as served:
        wait_until(lambda: served.log.read_text().count("Application startup complete") == 2)
        with served.client(token) as client:
            for _ in range(6):
                answer = client.post("/api/v1/send_message", content=BODY)
                assert answer.status_code == 200
        served.process.terminate()
        served.process.wait(PATIENCE)
        log = served.log.read_text()
    assert '"question":"Why?"' in log
    assert len(set(re.findall(r"Started server process \[(\d+)\]", log))) == 2
    assert len(set(re.findall(r"Finished server process \[(\d+)\]", log))) == 2


def test_taken_port_is_said_in_one_line(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = _start(data_dir, "--port", port)
    assert done.returncode == 1
    assert "address already in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_server_that_cannot_open_its_parts_says_why(tmp_path: Path) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    done = _start(tmp_path, "--port", "0", STOOK_DATABASE_URL=nowhere)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert "did not start" in last and "cannot be reached" in last


def _start(data_dir: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [stook_command(), "serve", "--data-dir", str(data_dir), *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=clean_environment(**settings),
    )


@pytest.fixture
def lifecycle() -> Lifecycle:
    return Lifecycle()


@pytest.fixture
def gated(lifecycle: Lifecycle) -> Iterator[str]:
    """A server behind the gate, which answers everything."""

    async def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse("in")

    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
    app.add_middleware(Gate, lifecycle=lifecycle, errors=Errors(DIALECTS))
    with running(app) as url:
        yield url


def test_closing_server_refuses_new_requests(lifecycle: Lifecycle, gated: str) -> None:
    assert httpx.get(f"{gated}/ai/v1/chats").text == "in"
    lifecycle.close()
    for path in ("/rest/api/v1/chat", "/ai/v1/chats", "/"):
        answer = httpx.get(gated + path)
        assert answer.status_code == 503
        assert (answer.headers["connection"], answer.headers["retry-after"]) == ("close", "5")
        assert "shutting down" in answer.text
    assert httpx.get(f"{gated}/health").text == "in"


def test_readiness_says_what_is_wrong(lifecycle: Lifecycle, database: Database) -> None:
    app = FastAPI()
    app.state.lifecycle = lifecycle
    app.include_router(health.router)
    with running(app) as url:
        assert_ready(url, 503, "starting")
        app.state.runtime = SimpleNamespace(database=database)
        assert_ready(url, 503, "starting")
        lifecycle.phase = Phase.SERVING
        assert_ready(url, 200, "ok")
        lifecycle.close()
        assert_ready(url, 503, "shutting down")
        lifecycle.phase = Phase.SERVING
        database.close()
        assert_ready(url, 503, "the database does not answer")
        assert httpx.get(f"{url}/health").status_code == 200


def assert_ready(url: str, status: int, said: str) -> None:
    answer = httpx.get(f"{url}/ready")
    assert (answer.status_code, answer.json()) == (status, {"status": said})
