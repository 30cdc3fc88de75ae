"""Gleen's and Gloo's calls, field by field: by the released client of the one, else by plain HTTP,
since neither publishes a client that can send everything.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conformance.findings import of_each, proves
from tests.dialects.https_front import https_front
from tests.dialects.served import (
    FOLLOW_UP,
    HANDBOOK,
    PATIENCE,
    QUESTION,
    Credentials,
    Served,
    clean_environment,
)
from tests.dialects.streaming import data_of, frames
from tests.dialects.test_gloo_ingestion import Press, press  # noqa: F401  a fixture

SEND, FAQS = "/api/v1/send_message", "/api/v1/product-faqs"
MESSAGE, CHAT = "/ai/v1/message", "/ai/v1/chat"
FORMS = (MESSAGE, f"{MESSAGE}/kallm")
YEAR = str(date.today().year)
UNANSWERED = "Can you track my order A-17?"
TRACK = {"name": "track_order", "parameters": {"properties": {"order": {"type": "string"}}}}
GLEENAI = f"""
import gleenai, json, os
gleenai.set_api_key(os.environ["KEY"])
first = gleenai.send_message({QUESTION!r})
second = gleenai.send_message({FOLLOW_UP!r}, thread_id=first["thread_id"], stream=True)
third = gleenai.send_message({UNANSWERED!r}, functions=[{TRACK!r}])
print(json.dumps([first, second, third]))
"""
Call = Callable[..., dict[str, Any]]


def page_of(name: str) -> str:
    return (HANDBOOK / name).resolve().as_uri()


@pytest.fixture
def post(reader: httpx.Client) -> Iterator[Call]:
    def posted(path: str, params: dict[str, Any] | None = None, **body: Any) -> dict[str, Any]:
        answer = reader.post(path, json=body, params=params)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    yield posted


# --- Gleen ---------------------------------------------------------------------------------------


@proves(SEND, "query_text", "thread_id", "functions", "stream")
def test_gleens_client(served: Served, people: Credentials, tmp_path: Path) -> None:
    with https_front(served.url, tmp_path) as front:
        done = subprocess.run(
            [sys.executable, "-c", GLEENAI],
            env=clean_environment(KEY=people.reader, **front),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
    assert done.returncode == 0, done.stderr
    first, second, third = json.loads(done.stdout)
    assert YEAR in first["content"] and first["sources"]
    assert second["thread_id"] == first["thread_id"] and second["content"] != first["content"]
    assert third["function_call"]["name"] == "track_order"


@proves(SEND, "locale", "faq_id", "page_url")
@proves(FAQS, "page_url")
def test_gleens_other_fields(reader: httpx.Client, post: Call) -> None:
    told = {post(SEND, query_text=UNANSWERED, locale=each)["content"] for each in ("en", "de")}
    assert len(told) == 2
    page = page_of("time-off/vacation.md")
    faq = reader.get(FAQS, params={"page_url": page}).json()["faqs"][0]
    answer = post(SEND, query_text=faq["question"], faq_id=faq["id"], page_url=page)
    assert answer["content"] == faq["answer"]


@proves(SEND, "user_metadata")
def test_metadata_fills_in_functions(post: Call) -> None:
    track = {"name": "track_order", "parameters": {"properties": {"customer": {}}}}
    known = {"_customer": "c-9"}
    told = post(SEND, query_text=UNANSWERED, functions=[track], user_metadata=known)
    assert json.loads(told["function_call"]["arguments"]) == {"customer": "c-9"}


# --- Gloo: messages and chats --------------------------------------------------------------------


@proves("/oauth2/token", "grant_type", "scope", "client_id", "client_secret")
def test_credentials_in_header_and_form(stranger: httpx.Client, people: Credentials) -> None:
    pair = people.client_id, people.client_secret
    secret = dict(zip(("client_id", "client_secret"), pair, strict=True))
    grant = {"grant_type": "client_credentials"}
    by_form = stranger.post("/oauth2/token", data={**grant, **secret})
    by_header = stranger.post("/oauth2/token", data={**grant, "scope": "api/access"}, auth=pair)
    for answer in (by_form, by_header):
        assert isinstance(answer.json()["expires_in"], int)
    wrong = stranger.post("/oauth2/token", data={**grant, **secret, "client_secret": "x"})
    assert wrong.status_code in (400, 401)
    assert stranger.post("/oauth2/token", data={**secret, "grant_type": "x"}).status_code == 400


@of_each(FORMS, "query", "chat_id", "character_limit")
def test_question_limit_and_follow_up(post: Call, path: str) -> None:
    whole = post(path, query=QUESTION)
    assert YEAR in whole["message"]
    assert len(post(path, query=QUESTION, character_limit=120)["message"]) <= 120
    follow_up = post(path, query=FOLLOW_UP, chat_id=whole["chat_id"])
    assert follow_up["chat_id"] == whole["chat_id"] and follow_up["message"] != whole["message"]


@pytest.fixture
def told(reader: httpx.Client, post: Call) -> Call:
    """An answer with its sources and suggestions; where its form is short, they are in the chat."""

    def asked(path: str, **body: Any) -> dict[str, Any]:
        answer = post(path, query=QUESTION, **body)
        if path == MESSAGE:
            return answer
        chat = reader.get(CHAT, params={"chat_id": answer["chat_id"]}).json()
        return dict(chat["messages"][-1])

    return asked


@of_each(FORMS, "sources_limit", "publishers", "intent", "enable_sources")
def test_sources(told: Call, path: str) -> None:
    assert len(told(path, sources_limit=1)["sources"]) == 1
    assert told(path, publishers=["handbook"])["sources"]
    assert told(path, publishers=["nobody"])["sources"] == []
    for intent, enable, some in ((1, 0, False), (1, 1, True), (0, 1, False), (0, 2, True)):
        answer = told(path, intent=intent, enable_sources=enable)
        assert (answer["intent"], bool(answer["sources"])) == (intent, some), enable


@of_each(FORMS, "enable_suggestions")
def test_suggestions(told: Call, path: str) -> None:
    assert told(path, enable_suggestions=0)["suggestions"] == []
    assert told(path, enable_suggestions=1)["suggestions"]


@of_each(FORMS, "stream")
def test_message_as_a_stream(reader: httpx.Client, post: Call, path: str) -> None:
    answer = reader.post(path, json={"query": QUESTION, "stream": True})
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert (
        post(path, query=QUESTION, stream=False)["message"]
        in data_of(frames(answer.text)[-1])["message"]
    )


@proves(CHAT, "chat_id", "chat_field", "new_value")
def test_chat_is_read_changed_listed_and_deleted(reader: httpx.Client, post: Call) -> None:
    params = {"chat_id": post(MESSAGE, query=QUESTION)["chat_id"]}
    title = {**params, "chat_field": "title"}
    assert reader.patch(CHAT, params=title, json={"new_value": "Days"}).json()["value"] == "Days"
    read = reader.get(CHAT, params=params).json()
    assert read["title"] == "Days"
    assert [each["role"] for each in read["messages"]] == ["user", "kallm"]
    listed = reader.get("/ai/v1/chats").json()["chats"]
    assert params["chat_id"] in {each["chat_id"] for each in listed}
    assert reader.delete(CHAT, params=params).json()["deleted"] is True
    assert reader.get(CHAT, params=params).status_code == 404


@proves(MESSAGE, "message_id", "query_id", "rating", "comment")
def test_messages_are_rated_and_deleted(reader: httpx.Client, post: Call) -> None:
    first, second = post(MESSAGE, query=QUESTION), post(MESSAGE, query=QUESTION)
    params = {"message_id": first["message_id"]}
    rated = reader.patch(MESSAGE, params=params, json={"rating": 1, "comment": "Just so."})
    assert rated.json() == {"success": True}
    assert reader.delete(MESSAGE, params=params).json()["deleted"] is True
    by_query = reader.delete(MESSAGE, params={"query_id": second["query_id"]})
    assert by_query.json()["message_id"] == second["message_id"]


@proves(MESSAGE, "task", "chat_id", "message_id")
def test_stopping_what_is_over(reader: httpx.Client, post: Call) -> None:
    done = post(MESSAGE, query=QUESTION)
    params = {"task": "stop", "chat_id": done["chat_id"], "message_id": done["message_id"]}
    answer = reader.put(MESSAGE, params=params)
    assert answer.status_code in (200, 404), answer.text
    assert reader.put(MESSAGE, params={**params, "task": "fly"}).status_code == 422


# --- Gloo: search, ingestion ---------------------------------------------------------------------


@proves("/ai/data/v1/search", "query", "collection", "tenant")
@proves("/ai/v1/data/items/recommendations/base", "query")
@proves("/ai/v1/data/items/recommendations/verbose", "query")
@proves("/ai/v1/data/affiliates/referenced-items", "query")
def test_search_and_recommendations(asker: httpx.Client) -> None:
    where = {"collection": "GlooProd", "tenant": "handbook", "query": QUESTION}
    hits = asker.post("/ai/data/v1/search", json={**where, "certainty": 0.5}).json()["data"]
    assert hits and all(hit["properties"]["publisher"] == "handbook" for hit in hits)
    nobody = asker.post("/ai/data/v1/search", json={**where, "tenant": "nobody"})
    assert nobody.status_code != 200 or nobody.json()["data"] == []
    for kind in ("base", "verbose"):
        path = f"/ai/v1/data/items/recommendations/{kind}"
        items = asker.post(path, json={**where, "certainty_threshold": 0.5}).json()
        assert any("holiday" in item["item_title"].lower() for item in items)
    referenced = {"query": QUESTION, "certainty_threshold": 0.5}
    assert asker.post("/ai/v1/data/affiliates/referenced-items", json=referenced).json()


@proves("/ingestion/v2/files", "publisher_id", "files")
@proves("/engine/v2/item", "publisher_id", "item_id")
@proves("/ingestion/v1/real_time_upload", "content", "publisher_id")
def test_ingestion(press: Press) -> None:  # noqa: F811
    (item_id,) = press.taken(("fern.md", b"# Fern\n\nThe fern is watered on Mondays."))["ingesting"]
    named = {"publisher_id": "fernpress", "item_id": item_id, "item_title": "On ferns"}
    assert press.http.post("/engine/v2/item", json=named).json()["success"] is True
    press.properties_of(item_id, item_title="On ferns")
    text = {"content": "The fern fair opens in May.", "publisher_id": "fernpress"}
    uploaded = press.http.post("/ingestion/v1/real_time_upload", json=text)
    assert uploaded.json()["success"] is True
    refused = press.http.post("/ingestion/v1/real_time_upload", json=text | {"publisher_id": "x"})
    assert refused.status_code == 403
