"""What every request meets: ids, limits, errors, the front page, the description, the log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from stook.server import page
from stook.server.app import create_app
from stook.server.lifecycle import Phase
from stook.settings import Settings
from tests.dialects.served import Served

MIB = 1024 * 1024


def test_health_and_readiness(client: httpx.Client) -> None:
    for path in ("/health", "/ready"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_front_page_lists_the_apis(client: httpx.Client) -> None:
    apis = client.get("/").json()["apis"]
    assert {api["name"] for api in apis} == {
        "Glean",
        "Glean Platform",
        "Glean Indexing",
        "Gleen",
        "Gloo",
        "Gloo Completions",
        "SCIM",
        "Stook",
    }
    assert all(operation["summary"] for api in apis for operation in api["operations"])
    shown = client.get("/", headers={"Accept": "text/html"})
    assert shown.headers["content-type"].startswith("text/html")


async def test_where_no_page_was_built_people_see_the_apis(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "built", lambda: None)
    app = create_app(Settings(data_dir=tmp_path))
    app.state.lifecycle.phase = Phase.SERVING
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://stook.example") as client:
        apis = (await client.get("/")).json()["apis"]
        shown = (await client.get("/", headers={"Accept": "text/html"})).text
    assert "make setup" in shown
    for api in apis:
        for operation in api["operations"]:
            assert operation["path"] in shown


def test_request_id_is_given_back_or_made(client: httpx.Client) -> None:
    given = client.get("/health", headers={"X-Request-Id": "mine-1"})
    assert given.headers["x-request-id"] == "mine-1"
    made = {client.get("/health").headers["x-request-id"] for _ in range(3)}
    assert len(made) == 3
    for odd in ("", "a b", "x" * 500, "<script>"):
        answer = client.get("/health", headers={"X-Request-Id": odd})
        assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])
    for path in ("/nothing", "/rest/api/v1/chat", "/ai/v1/chats"):
        answer = client.get(path, headers={"X-Request-Id": "mine-2"})
        assert answer.headers["x-request-id"] == "mine-2"


def test_one_line_is_logged_for_a_request(served: Served, client: httpx.Client) -> None:
    client.get("/ai/v1/chat?chat_id=unknown-chat", headers={"X-Request-Id": "logged-1"})
    (line,) = served.logged("logged-1")
    assert (line["method"], line["route"], line["status"]) == ("GET", "/ai/v1/chat", 404)
    assert line["milliseconds"] >= 0
    assert line["token_id"].startswith("tok_")
    assert "unknown-chat" not in served.log.read_text()


@pytest.mark.parametrize(
    ("path", "kind", "limit"),
    [
        ("/rest/api/v1/chat", "text/plain; charset=UTF-8", MIB),
        ("/api/v1/send_message", "application/json; charset=UTF-8", MIB),
        ("/ai/v1/message", "application/json; charset=UTF-8", MIB),
        ("/oauth2/token", "application/json; charset=UTF-8", 16 * 1024),
    ],
)
def test_body_limit_holds_for_declared_and_for_chunked_bodies(
    client: httpx.Client, path: str, kind: str, limit: int
) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(20):
            yield b" " * (limit // 10)

    for content in (b" " * (limit + 1), chunks()):
        answer = client.post(path, content=content)
        assert (answer.status_code, answer.headers["content-type"]) == (413, kind)
    assert client.post(path, content=b" " * limit).status_code in (400, 422)


def test_unknown_address_and_wrong_method(client: httpx.Client) -> None:
    unknown = client.get("/nothing")
    assert unknown.status_code == 404 and "GET /" in unknown.json()["error"]
    wrong = client.post("/health")
    assert wrong.status_code == 405 and wrong.headers["allow"] == "GET"
    assert client.get("/nothing/").status_code == 404


def test_question_without_documents_is_refused(served: Served, client: httpx.Client) -> None:
    response = client.post("/api/v1/send_message", json={"query_text": "Why?"})
    answer = response.json()
    assert answer["content"] and answer["sources"] == []
    assert served.logged(response.headers["X-Request-Id"])
    assert "Why?" not in served.log.read_text()
