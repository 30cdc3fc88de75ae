"""Glean's chat over plain HTTP: framing, what odd requests get, filters, limits."""

from __future__ import annotations

import json
import time
from datetime import date
from typing import Any

import httpx
import pytest

from tests.dialects.served import FOLLOW_UP, QUESTION
from tests.dialects.streaming import chat_lines

CHAT = "/rest/api/v1/chat"
YEAR = str(date.today().year)
MONTH = f"{date.today():%B}"


def user(text: str) -> dict[str, Any]:
    return {"author": "USER", "fragments": [{"text": text}]}


def ask(client: httpx.Client, *messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = client.post(CHAT, json={"messages": list(messages) or [user(QUESTION)], **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def text_of(answer: dict[str, Any]) -> str:
    return str(answer["messages"][-1]["fragments"][0]["text"])


def sources_of(answer: dict[str, Any]) -> set[str]:
    return {each["sourceDocument"]["url"] for each in answer["messages"][-1]["citations"]}


@pytest.mark.parametrize(
    "content_type", ["text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "", "x"]
)
def test_any_content_type(reader: httpx.Client, content_type: str) -> None:
    body = json.dumps({"stream": False, "messages": [user(QUESTION)]})
    answer = reader.post(CHAT, content=body, headers={"Content-Type": content_type})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"
    assert YEAR in text_of(answer.json())


def test_messages_have_what_readers_need(reader: httpx.Client) -> None:
    answer = ask(reader)
    kinds = [message["messageType"] for message in answer["messages"]]
    assert kinds == ["UPDATE", "UPDATE", "CONTENT"]
    for message in answer["messages"]:
        assert message["author"] == "GLEAN_AI"
        assert isinstance(message["fragments"], list)
    last = answer["messages"][-1]
    assert last["hasMoreFragments"] is False
    assert last["agentConfig"] == {"agent": "DEFAULT", "mode": "DEFAULT"}
    assert last["ts"].endswith("Z")


def test_agent_config_and_session_are_said_back(reader: httpx.Client) -> None:
    config = {"agent": "FAST", "mode": "QUICK", "toolSets": {"enableWebSearch": False}}
    answer = ask(reader, agentConfig=config, chatSessionTrackingToken="mine", novelty=1)
    assert answer["messages"][-1]["agentConfig"] == {"agent": "FAST", "mode": "QUICK"}
    assert answer["chatSessionTrackingToken"] == "mine"


@pytest.mark.parametrize("by_accept", [True, False])
def test_stream_is_lines_of_json(reader: httpx.Client, by_accept: bool) -> None:
    body = {"messages": [user(QUESTION)]} | ({} if by_accept else {"stream": True})
    headers = {"Accept": "text/plain"} if by_accept else {}
    answer = reader.post(CHAT, json=body, headers=headers)
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.endswith("\n")
    lines = chat_lines(answer.text)
    kinds = [line["messages"][0]["messageType"] for line in lines]
    assert kinds[:2] == ["UPDATE", "UPDATE"] and set(kinds[2:]) == {"CONTENT"}
    assert all(line["chatSessionTrackingToken"] for line in lines)
    assert lines[-1]["messages"][0]["citations"]
    assert "followUpPrompts" in lines[-1]


def test_accepting_everything_is_no_wish_for_a_stream(reader: httpx.Client) -> None:
    accept = {"Accept": "application/json, text/plain, */*"}  # what browsers' libraries send
    answer = reader.post(CHAT, json={"messages": [user(QUESTION)]}, headers=accept)
    assert YEAR in text_of(answer.json())


@pytest.mark.parametrize("oldest_first", [True, False])
def test_history_that_is_sent_along(reader: httpx.Client, oldest_first: bool) -> None:
    answered = {
        "author": "GLEAN_AI",
        "messageType": "CONTENT",
        "fragments": [{"text": text_of(ask(reader))}],
    }
    messages = [user(QUESTION), answered, user(FOLLOW_UP)]
    answer = ask(reader, *(messages if oldest_first else messages[::-1]))
    assert MONTH in text_of(answer)
    assert sources_of(answer)


def test_history_of_a_saved_chat(reader: httpx.Client) -> None:
    first = ask(reader, saveChat=True)
    assert MONTH in text_of(ask(reader, user(FOLLOW_UP), chatId=first["chatId"]))
    read = reader.post("/rest/api/v1/getchat", json={"id": first["chatId"]}).json()
    assert len(read["chatResult"]["chat"]["messages"]) == 4


def test_unanswerable_question_is_refused_without_citations(reader: httpx.Client) -> None:
    answer = ask(reader, user("What is the capital of Mongolia?"))
    assert answer["messages"][-1]["citations"] == []
    assert len(answer["messages"][-1]["fragments"]) == 1
    assert text_of(answer)


def test_exclusions_and_inclusions(reader: httpx.Client) -> None:
    url = next(each for each in sources_of(ask(reader)) if each.endswith(f"{YEAR}.md"))
    only = ask(reader, inclusions={"documentSpecs": [{"url": url}]})
    assert sources_of(only) == {url}
    without = ask(reader, exclusions={"documentSpecs": [{"url": url}]})
    assert url not in sources_of(without)
    both = {"documentSpecs": [{"url": url}]}
    assert sources_of(ask(reader, inclusions=both, exclusions=both)) == set()
    assert sources_of(ask(reader, exclusions={"datasourceInstances": ["handbook"]})) == set()
    assert url in sources_of(ask(reader, inclusions={"datasourceInstances": ["handbook"]}))
    content = {"ugcType": "ANSWERS_TYPE", "contentId": 5}
    assert sources_of(ask(reader, inclusions={"documentSpecs": [content]})) == set()


def test_time_limit(reader: httpx.Client) -> None:
    began = time.monotonic()
    answer = reader.post(CHAT, json={"messages": [user(QUESTION)], "timeoutMillis": 1})
    assert answer.status_code == 408
    assert time.monotonic() - began < 60
    assert YEAR in text_of(ask(reader, timeoutMillis=60_000))


def test_month_follows_the_askers_clock(reader: httpx.Client) -> None:
    for offset in (-720, 0, 840):
        answer = reader.post(
            CHAT,
            json={"messages": [user(QUESTION)]},
            params={"timezoneOffset": offset, "locale": "en"},
        )
        assert answer.status_code == 200


BAD: list[tuple[Any, int, str]] = [
    (b"", 400, "JSON"),
    (b"{", 400, "JSON"),
    (b"\xff\xfe", 400, "JSON"),
    (b'"text"', 400, "body"),
    ({}, 400, "messages"),
    ({"messages": None}, 400, "messages"),
    ({"messages": "hello"}, 400, "messages"),
    ({"messages": []}, 400, "USER"),
    ({"messages": ["hello"]}, 400, "messages.0"),
    ({"messages": [{"author": "GLEAN_AI", "fragments": [{"text": "x"}]}]}, 400, "USER"),
    ({"messages": [{"author": 5}]}, 400, "messages.0.author"),
    ({"messages": [{"fragments": {"text": "x"}}]}, 400, "messages.0.fragments"),
    ({"messages": [{"fragments": [{"text": 5}]}]}, 400, "messages.0.fragments.0.text"),
    ({"messages": [user("")]}, 400, "empty"),
    ({"messages": [user(" \n\t ")]}, 400, "empty"),
    ({"messages": [user("\0")]}, 400, "empty"),
    ({"messages": [{"fragments": None}]}, 400, "empty"),
    ({"messages": [user("x" * 100_000)]}, 400, "100,000"),
    ({"messages": [user("x")], "stream": "yes"}, 400, "stream"),
    ({"messages": [user("x")], "saveChat": "yes"}, 400, "saveChat"),
    ({"messages": [user("x")], "timeoutMillis": "soon"}, 400, "timeoutMillis"),
    ({"messages": [user("x")], "timeoutMillis": 0}, 400, "timeoutMillis"),
    ({"messages": [user("x")], "timeoutMillis": -5}, 400, "timeoutMillis"),
    ({"messages": [user("x")], "inclusions": []}, 400, "inclusions"),
    ({"messages": [user("x")], "inclusions": {"documentSpecs": [5]}}, 400, "inclusions"),
    ({"messages": [user("x")], "chatId": ["x"]}, 400, "chatId"),
    ({"messages": [{**user("x"), "uploadedFileIds": ["f"]}]}, 400, "uploadedFileIds"),
    ({"messages": [user("x")], "chatId": "unknown"}, 404, "chat"),
    ({"messages": [user("x")], "chatId": "a\0b"}, 404, "chat"),
    ({"messages": [user("x")], "chatId": 5}, 404, "chat"),
    ({"messages": [user("x")], "pad": "x" * 17_000_000}, 413, "16,777,216"),
]


@pytest.mark.parametrize(("body", "status", "hint"), BAD, ids=lambda value: repr(value)[:50])
@pytest.mark.parametrize("accept", ["application/json", "text/plain"])
def test_bad_request_gets_one_line(
    reader: httpx.Client, body: Any, status: int, hint: str, accept: str
) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body)
    answer = reader.post(CHAT, content=content, headers={"Accept": accept})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/plain; charset=UTF-8"
    assert answer.text.count("\n") == 1 and hint in answer.text
    assert len(answer.text) < 300


@pytest.mark.parametrize("offset", ["x", "1440", "-1440", "1e3"])
def test_bad_offset(reader: httpx.Client, offset: str) -> None:
    body = {"messages": [user("x")]}
    answer = reader.post(CHAT, json=body, params={"timezoneOffset": offset})
    assert (answer.status_code, "timezoneOffset" in answer.text) == (400, True)


@pytest.mark.parametrize("path", ["getchat", "deletechats"])
@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"id":[],"ids":"x"}'])
def test_bad_chat_request(reader: httpx.Client, path: str, body: bytes) -> None:
    answer = reader.post(f"/rest/api/v1/{path}", content=body)
    assert answer.status_code == 400
    assert answer.text.count("\n") == 1


def test_foreign_chat_is_as_unknown(reader: httpx.Client, insider: httpx.Client) -> None:
    foreign = ask(insider, saveChat=True)["chatId"]
    for path, body in (
        ("getchat", {"id": "?"}),
        ("chat", {"messages": [user("x")], "chatId": "?"}),
        ("chat", {"messages": [user("x")], "chatId": "?", "stream": True}),
    ):
        answers = [
            reader.post(f"/rest/api/v1/{path}", content=json.dumps(body).replace("?", each))
            for each in (foreign, "3b1a4c1e-0000-4000-8000-000000000000")
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].text == answers[1].text
    reader.post("/rest/api/v1/deletechats", json={"ids": [foreign]})
    reader.post("/rest/api/v1/deleteallchats")
    assert insider.post("/rest/api/v1/getchat", json={"id": foreign}).status_code == 200


def test_address_errors_are_lines_too(reader: httpx.Client) -> None:
    for answer, status in ((reader.get(CHAT), 405), (reader.post("/rest/api/v1/nothing"), 404)):
        assert (answer.status_code, answer.text.count("\n")) == (status, 1)
        assert answer.headers["content-type"].startswith("text/plain")
