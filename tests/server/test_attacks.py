"""What somebody tries who was let in no further than the door, or only a part of the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from stook.identity import tokens, users
from stook.identity.principals import Scope
from tests.dialects.served import Served, make_token, opened
from tests.server.conftest import PERSON
from tests.server.test_connections import Raw

TOKEN_FORM = b"grant_type=client_credentials&client_id=a&client_secret=b"


@pytest.fixture
def mallory(served: Served, data_dir: Path) -> Iterator[httpx.Client]:
    with opened(data_dir) as database:
        database.write_now(users.add, "mallory@alderbrook.example")
        secret = make_token(database, "mallory@alderbrook.example")
    with served.client(secret) as client:
        yield client


def test_a_session_ends_with_its_token_at_the_next_request(served: Served, data_dir: Path) -> None:
    with opened(data_dir) as database:
        maker = database.write_now(tokens.create, "t", [Scope.CHAT], PERSON)
        with served.client(maker.secret) as client:
            session = client.post("/rest/api/v1/createauthtoken").json()["token"]
        with served.client(session) as browser:
            assert browser.post("/rest/api/v1/listchats").status_code == 200
            refused = browser.post("/rest/api/v1/createauthtoken")
            assert refused.status_code == 403 and "makes no other" in refused.text
            database.write_now(tokens.revoke, maker.id)
            ended = browser.post("/rest/api/v1/listchats")
            assert ended.status_code == 401 and "ended" in ended.text


SIGN_IN = "/api/stook/v1/sign-in"
ANONYMOUS = ("/oauth2/token", SIGN_IN, f"{SIGN_IN}/password")  # each with a limit of its own


def test_strangers_are_turned_away_before_their_body_is_read(served: Served) -> None:
    """Every call that needs a token says so to a head whose body never comes."""
    document = httpx.get(f"{served.url}/openapi.json").json()
    asked = 0
    for path, methods in document["paths"].items():
        for method in methods:
            if method in ("post", "put", "patch") and path not in ANONYMOUS:
                raw = Raw(served.url)
                head = f"{method.upper()} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
                raw.send(head.encode())
                assert raw.head().startswith(b"HTTP/1.1 401 "), path
                raw.socket.close()
                asked += 1
    assert asked > 80


def test_a_stranger_signs_in_with_little_to_read(served: Served) -> None:
    for path in (SIGN_IN, f"{SIGN_IN}/password"):
        answer = httpx.post(f"{served.url}{path}", content=b'{"link": "' + b"x" * 5000 + b'"}')
        assert answer.status_code == 413 and "4,096 bytes" in answer.text


def test_a_stranger_cannot_make_the_server_read_much(served: Served) -> None:
    """A form of 15 MB took seconds in which nobody was answered."""
    form = TOKEN_FORM + b"&x=" + b"%41" * 300_000
    answer = httpx.post(f"{served.url}/oauth2/token", content=form)
    assert answer.status_code == 413 and "16,384 bytes" in answer.text
    answer = httpx.post(f"{served.url}/oauth2/token", content=TOKEN_FORM)
    assert answer.json()["error"] == "invalid_client"


@pytest.mark.parametrize(
    "name",
    ["..%2f..%2fstook.db", "%2e%2e%2fstook.db", "..", ".%00", "FILE_x%2f..%2f..%2fstook.db", "%5c"],
)
def test_a_file_is_named_by_no_path(mallory: httpx.Client, name: str) -> None:
    answer = mallory.get(f"/rest/api/v1/chat-files/{name}")
    assert answer.status_code in (404, 405) and b"SQLite" not in answer.content


def test_another_host_changes_nothing(mallory: httpx.Client) -> None:
    for host in ("evil.example", "x/rest/api/index", "x?", "x#/ai/v1", "[::1", "x@y"):
        answer = mallory.post("/ai/v1/none", headers={"Host": host, "X-Forwarded-Host": host})
        assert answer.status_code == 404 and answer.json()["code"] == "not_found"
        assert host not in answer.text and "location" not in answer.headers
