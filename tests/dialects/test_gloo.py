"""Gloo's API: tokens, messages, chats, streams, errors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime

import httpx
import pytest

from tests.dialects.gloo import CHAT, GRANT, MESSAGE, TOKEN, ask, frames_of, token_of
from tests.dialects.served import FOLLOW_UP, QUESTION, Credentials, Served

YEAR = str(date.today().year)
MONTH = f"{date.today():%B}"
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


@pytest.fixture
def gloo(served: Served, people: Credentials, stranger: httpx.Client) -> Iterator[httpx.Client]:
    """A client with an OAuth access token of the reader."""
    with served.client(token_of(stranger, people.client_id, people.client_secret)) as client:
        yield client


def test_token_by_header_and_by_form(stranger: httpx.Client, people: Credentials) -> None:
    by_header = stranger.post(TOKEN, data=GRANT, auth=(people.client_id, people.client_secret))
    form = {
        "grant_type": "client_credentials",
        "client_id": people.client_id,
        "client_secret": people.client_secret,
    }
    by_form = stranger.post(TOKEN, data=form)
    for answer in (by_header, by_form):
        assert answer.status_code == 200
        assert set(answer.json()) == {"access_token", "expires_in", "token_type"}
        assert type(answer.json()["expires_in"]) is int
        assert answer.json()["access_token"].count(".") == 2
        assert answer.headers["cache-control"] == "no-store"


BAD_FORMS = [
    ({}, 400, "invalid_request"),
    ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ({"grant_type": ["client_credentials"] * 2}, 400, "invalid_request"),
    ({**GRANT, "scope": "everything"}, 400, "invalid_scope"),
    (GRANT, 401, "invalid_client"),
    ({**GRANT, "client_id": "x"}, 401, "invalid_client"),
    ({**GRANT, "client_id": "x\0", "client_secret": "y\0"}, 401, "invalid_client"),
]


@pytest.mark.parametrize(("form", "status", "code"), BAD_FORMS)
def test_token_refused(
    stranger: httpx.Client, form: dict[str, str], status: int, code: str
) -> None:
    answer = stranger.post(TOKEN, data=form)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert isinstance(answer.json()["detail"], str)


@pytest.mark.parametrize("basic", ["Basic", "Basic !", "Basic eA==", "Basic eDp5", "Basic /w=="])
def test_token_refused_for_bad_basic(stranger: httpx.Client, basic: str) -> None:
    answer = stranger.post(TOKEN, data=GRANT, headers={"Authorization": basic})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_message_and_follow_up(gloo: httpx.Client) -> None:
    first = ask(gloo, character_limit=1000, sources_limit=5, stream=False, publishers=[])
    assert re.fullmatch("c" + UUID, str(first["chat_id"]))
    assert re.fullmatch("q" + UUID, str(first["query_id"]))
    assert re.fullmatch("m" + UUID, str(first["message_id"]))
    stamp = datetime.fromisoformat(str(first["timestamp"]))
    assert stamp.tzinfo is None and len(str(first["timestamp"])) == 26
    assert first["success"] is True
    assert YEAR in str(first["message"]) and len(str(first["message"])) <= 1000
    assert first["sources_limit"] == 5
    urls = [source["item_url"] for source in first["sources"]]
    assert any(url.endswith(f"holidays/{YEAR}.md") for url in urls)
    second = ask(gloo, FOLLOW_UP, chat_id=first["chat_id"])
    assert second["chat_id"] == first["chat_id"]
    assert MONTH in str(second["message"])


def test_chat_id_in_the_query(gloo: httpx.Client) -> None:
    chat_id = ask(gloo)["chat_id"]
    answer = gloo.post(MESSAGE, json={"query": FOLLOW_UP}, params={"chat_id": chat_id})
    assert answer.json()["chat_id"] == chat_id


def test_limits(gloo: httpx.Client) -> None:
    assert len(str(ask(gloo, character_limit=120)["message"])) <= 120
    assert len(ask(gloo, sources_limit=1)["sources"]) == 1
    assert ask(gloo, sources_limit=0, character_limit=0)["sources"]


def test_switches_in_body_and_query(gloo: httpx.Client) -> None:
    assert ask(gloo, enable_suggestions=1)["suggestions"]
    assert ask(gloo, enable_suggestions=0)["suggestions"] == []
    off = gloo.post(MESSAGE, json={"query": QUESTION}, params={"enable_suggestions": 0})
    assert off.json()["suggestions"] == []
    hidden = gloo.post(MESSAGE, json={"query": QUESTION}, params={"enable_sources": 0})
    assert hidden.json()["sources"] == []


def test_unknown_publisher_holds_nothing(gloo: httpx.Client) -> None:
    answer = ask(gloo, publishers=["Nobody's Press"])
    assert answer["sources"] == [] and YEAR not in str(answer["message"])


def test_short_form(gloo: httpx.Client) -> None:
    answer = gloo.post(f"{MESSAGE}/kallm", json={"query": QUESTION}).json()
    assert set(answer) == {"query_id", "message_id", "message", "timestamp", "chat_id"}


def test_stream(gloo: httpx.Client) -> None:
    whole = ask(gloo)
    answer = gloo.post(MESSAGE, json={"query": QUESTION, "stream": True})
    assert answer.headers["content-type"].startswith("text/event-stream")
    frames = frames_of(answer.text)
    assert "".join(frame["message"] for frame in frames[:-1]) == whole["message"]
    assert [frame["done"] for frame in frames] == [False] * (len(frames) - 1) + [True]
    assert set(frames[-1]) == set(whole) | {"done"}
    for name in ("query_id", "message_id"):
        assert len({frame[name] for frame in frames}) == 1
    assert {frame["chat_id"] for frame in frames if frame["message"]} == {frames[-1]["chat_id"]}


def test_chat_history(gloo: httpx.Client) -> None:
    first = ask(gloo, character_limit=900, sources_limit=3)
    second = ask(gloo, FOLLOW_UP, chat_id=first["chat_id"])
    chat = gloo.get(CHAT, params={"chat_id": first["chat_id"]}).json()
    assert chat["chat_id"] == first["chat_id"]
    assert re.fullmatch("u" + UUID, chat["user_id"])
    assert [message["role"] for message in chat["messages"]] == ["user", "kallm"] * 2
    asked, answered, _, last = chat["messages"]
    assert asked["message"] == asked["content"] == QUESTION
    assert asked["query_id"] == answered["query_id"] == first["query_id"]
    assert answered["message_id"] == first["message_id"]
    assert answered["message"] == answered["content"] == first["message"]
    assert (asked["character_limit"], answered["sources_limit"]) == (900, 3)
    assert answered["sources"] == first["sources"]
    assert last["message"] == second["message"]
    assert (chat["title"], chat["pin"], chat["summary"]) == (QUESTION, False, None)


def test_list_and_delete(gloo: httpx.Client) -> None:
    chat_id = ask(gloo)["chat_id"]
    other = ask(gloo)["chat_id"]
    listed = [chat["chat_id"] for chat in gloo.get("/ai/v1/chats").json()["chats"]]
    assert listed[:2] == [other, chat_id]
    deleted = gloo.delete(CHAT, params={"chat_id": chat_id})
    assert deleted.json() == {"deleted": True, "chat_id": chat_id}
    assert gloo.request("DELETE", CHAT, json={"chat_id": other}).status_code == 200
    for gone in (chat_id, other):
        assert gloo.get(CHAT, params={"chat_id": gone}).status_code == 404
        assert gloo.delete(CHAT, params={"chat_id": gone}).status_code == 404
        assert gloo.post(MESSAGE, json={"query": "x", "chat_id": gone}).status_code == 404


def test_foreign_chat_is_as_unknown(gloo: httpx.Client, insider: httpx.Client) -> None:
    chat_id = str(ask(insider)["chat_id"])
    ids = [chat_id, chat_id[1:], "c00000000-0000-4000-8000-000000000000", "x", "c", "c\0"]
    for call in (
        lambda each: gloo.get(CHAT, params={"chat_id": each}),
        lambda each: gloo.delete(CHAT, params={"chat_id": each}),
        lambda each: gloo.post(MESSAGE, json={"query": "x", "chat_id": each}),
    ):
        answers = [call(each) for each in ids]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.text for answer in answers}) == 1
    assert insider.get(CHAT, params={"chat_id": chat_id}).status_code == 200


def test_api_token_is_taken_too(reader: httpx.Client) -> None:
    assert ask(reader)["success"] is True


BAD = [
    (b"", ["body"]),
    (b"{", ["body"]),
    (b"[]", ["body"]),
    (b"{}", ["body", "query"]),
    (b'{"query":5}', ["body", "query"]),
    (b'{"query":"  "}', ["body", "query"]),
    (json.dumps({"query": "x" * 100_000}).encode(), ["body", "query"]),
    (b'{"query":"x","sources_limit":-1}', ["body", "sources_limit"]),
    (b'{"query":"x","sources_limit":"many"}', ["body", "sources_limit"]),
    (b'{"query":"x","enable_suggestions":7}', ["body", "enable_suggestions"]),
    (b'{"query":"x","stream":"yes"}', ["body", "stream"]),
    (b'{"query":"x","publishers":"P"}', ["body", "publishers"]),
    (b'{"query":"x","chat_id":5}', ["body", "chat_id"]),
]


@pytest.mark.parametrize(("body", "where"), BAD, ids=lambda value: repr(value)[:40])
def test_bad_message(reader: httpx.Client, body: bytes, where: list[str]) -> None:
    answer = reader.post(MESSAGE, content=body)
    assert answer.status_code == 422
    (fault, *_) = answer.json()["detail"]
    assert fault["loc"][: len(where)] == where
    assert {"type", "msg", "input"} <= set(fault)


def test_missing_parameter(reader: httpx.Client) -> None:
    for answer in (reader.get(CHAT), reader.delete(CHAT)):
        assert answer.status_code == 422
        (fault,) = answer.json()["detail"]
        assert (fault["type"], fault["loc"], fault["msg"]) == (
            "missing",
            ["query", "chat_id"],
            "Field required",
        )


def test_errors_have_gloos_shape(stranger: httpx.Client, reader: httpx.Client) -> None:
    missing = stranger.get("/ai/v1/chats")
    assert missing.status_code == 401
    assert missing.json()["error"] == "Missing Authorization"
    assert missing.json()["code"] == "unauthorized_missing_authorization"
    for answer, status in (
        (stranger.get("/ai/v1/chats", headers={"Authorization": "Bearer a.b.c"}), 401),
        (reader.get("/ai/v1/nothing"), 404),
        (reader.put("/ai/v1/chats"), 405),
        (reader.post(MESSAGE, content=b"x" * 17_000_000), 413),
    ):
        assert answer.status_code == status
        assert set(answer.json()) == {"error", "code", "detail"}
        assert isinstance(answer.json()["detail"], str)
