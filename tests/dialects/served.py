"""A ``stook serve`` process with the handbook indexed, and people with different rights."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from stook.identity import oauth, tokens, users
from stook.identity.principals import Scope
from stook.server.loop_watch import HELD_EVENT
from stook.storage.claims import open_claims
from stook.storage.database import Database, open_database

HANDBOOK = Path(__file__).parents[2] / "examples" / "handbook"
QUESTION = "What are the company holidays this year?"
FOLLOW_UP = "What about this month?"
PATIENCE = 120  # seconds that anything may take on a busy machine

# Words that stand in one restricted document and nowhere else.
SECRET_QUESTION = "Who receives the quillwort stipend?"
SECRET_WORD = "Zanthoxylum"
SECRET = f"""# Quillwort stipend

The quillwort stipend is received by {SECRET_WORD} Okonkwo, who may spend it on brass sextants.
"""


@dataclass(frozen=True)
class Credentials:
    """Secrets by what they may do. ``reader`` may not see the secret document, ``insider`` may."""

    reader: str
    insider: str
    unscoped: str
    everyone: str  # global: needs X-Glean-ActAs
    client_id: str
    client_secret: str
    insider_client_id: str
    insider_client_secret: str


READER, INSIDER = "rita@alderbrook.example", "ines@alderbrook.example"


@dataclass(frozen=True)
class Served:
    """A running server."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def client(self, token: str | None = None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=PATIENCE)

    def logged(self, request_id: str) -> list[dict[str, Any]]:
        """What the log says of a request: waits for its last line, written after its answer."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            written = [line for line in self.log.read_text().splitlines(True) if line[-1] == "\n"]
            lines = [line for line in map(json.loads, written) if _of(line, request_id)]
            if lines and lines[-1]["event"] == "request":
                return lines
            time.sleep(0.05)
        raise AssertionError(f"Not logged: {request_id}")


def _of(line: dict[str, Any], request_id: str) -> bool:
    return line.get("request_id") == request_id


def stook(*arguments: str, data_dir: Path) -> str:
    """Run the command line; returns what it prints."""
    done = subprocess.run(
        [stook_command(), *arguments, "--data-dir", str(data_dir)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=clean_environment(),
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def stook_command() -> str:
    """The path of the installed command."""
    return str(Path(sys.executable).with_name("stook"))


def clean_environment(**more: str) -> dict[str, str]:
    """The environment without settings of Stook, without proxies, and with one encoder alone."""
    dropped = re.compile(r"STOOK_.*|(https?|all|no)_proxy", re.IGNORECASE)
    kept = {name: value for name, value in os.environ.items() if not dropped.fullmatch(name)}
    return kept | {"STOOK_MULTILINGUAL": "off"} | more


def index_handbook(data_dir: Path, folder: Path) -> None:
    """Index the handbook for everyone, and a secret document for the insider."""
    (folder / "stipend.md").write_text(SECRET)
    stook("index", str(HANDBOOK), "--datasource", "handbook", data_dir=data_dir)
    allow = ("--allow", f"user:{INSIDER}", "--allow-unknown")
    stook("index", str(folder), "--datasource", "secrets", *allow, data_dir=data_dir)


@contextlib.contextmanager
def held_up(data_dir: Path, chat_id: str) -> Iterator[None]:
    """Nothing is answered in the chat, as if it were answering another question."""
    with opened(data_dir) as database:
        claims = open_claims(database)
        assert claims.take([f"chat {chat_id}"])
        try:
            yield
        finally:
            claims.give_back([f"chat {chat_id}"])


@contextlib.contextmanager
def opened(data_dir: Path) -> Iterator[Database]:
    """The database of a data directory, beside the server."""
    database = open_database(f"sqlite:///{data_dir / 'stook.db'}")
    try:
        yield database
    finally:
        database.close()


def make_people(data_dir: Path) -> Credentials:
    """The reader and the insider, with tokens and OAuth clients."""
    with opened(data_dir) as database:
        database.write_now(users.add, READER, "Rita Reader")
        database.write_now(users.add, INSIDER, "Ines Insider")
        reader = database.write_now(oauth.create_client, "reader", READER)
        insider = database.write_now(oauth.create_client, "insider", INSIDER)
        return Credentials(
            reader=make_token(database, READER),
            insider=make_token(database, INSIDER),
            unscoped=make_token(database, READER, Scope.FEEDBACK),
            everyone=make_token(database, None),
            client_id=reader.client_id,
            client_secret=reader.client_secret,
            insider_client_id=insider.client_id,
            insider_client_secret=insider.client_secret,
        )


def make_token(
    database: Database, email: str | None, scope: Scope = Scope.CHAT, expires_at: int | None = None
) -> str:
    return database.write_now(tokens.create, "test", [scope], email, expires_at).secret


@contextlib.contextmanager
def serve(data_dir: Path, *arguments: str, **settings: str) -> Iterator[Served]:
    """A server process on a free port, ready to answer; stopped in the end.

    Its event loop may be held by nothing: that fails what used the server.
    """
    log = data_dir / f"server-{uuid.uuid4().hex}.log"  # several may serve one directory
    command = [
        stook_command(),
        "serve",
        "--port",
        "0",
        "--data-dir",
        str(data_dir),
        *arguments,
    ]
    with log.open("wb") as stderr:
        process = subprocess.Popen(command, stderr=stderr, env=clean_environment(**settings))
    try:
        yield Served(_address(process, log), process, log)
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()
    held = [line for line in log.read_text().splitlines() if HELD_EVENT in line]
    assert not held, "\n".join(held)  # nobody was answered meanwhile


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Where the server listens, once it is ready; it says so in its log."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        found = re.search(r"running on (http://[\d.]+:\d+)", log.read_text())
        if found and _ready(found[1]):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"The server did not start: {log.read_text()}")


def _ready(url: str) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(f"{url}/ready", timeout=PATIENCE).status_code == 200
    return False
