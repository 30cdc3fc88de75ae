"""Gleen's API: the released client, threads, streams, errors."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import httpx
import pytest

from tests.dialects.https_front import https_front
from tests.dialects.served import (
    FOLLOW_UP,
    PATIENCE,
    QUESTION,
    Credentials,
    Served,
    clean_environment,
)
from tests.dialects.streaming import data_of, frames

PATH = "/api/v1/send_message"
YEAR = str(date.today().year)
MONTH = f"{date.today():%B}"

CLIENT = f"""
import gleenai, json, os
gleenai.set_api_key(os.environ["KEY"])
first = gleenai.send_message({QUESTION!r})
second = gleenai.send_message({FOLLOW_UP!r}, thread_id=first["thread_id"], stream=True)
gleenai.set_api_key("wrong")
third = gleenai.send_message("Hello")
gleenai.set_api_key(os.environ["KEY"])
order = {{"properties": {{"order": {{"type": "string"}}}}, "required": ["order"]}}
track = {{"name": "track_order", "parameters": order}}
fourth = gleenai.send_message("Can you track my order A-17?", functions=[track])
print(json.dumps([first, second, third, fourth]))
"""


def test_released_client_follows_up_in_a_thread(
    served: Served, people: Credentials, tmp_path: Path
) -> None:
    with https_front(served.url, tmp_path) as front:
        done = subprocess.run(
            [sys.executable, "-c", CLIENT],
            env=clean_environment(KEY=people.reader, **front),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
    assert done.returncode == 0, done.stderr
    first, second, third, fourth = json.loads(done.stdout)
    assert list(first)[:2] == ["thread_id", "content"]
    assert first["thread_id"].isdigit()
    assert YEAR in first["content"]
    assert any(source["url"].endswith(f"holidays/{YEAR}.md") for source in first["sources"])
    assert second["thread_id"] == first["thread_id"]
    assert MONTH in second["content"]
    assert third == {"error": "Invalid API key"}
    assert fourth["function_call"] == {"name": "track_order", "arguments": '{"order":"A-17"}'}


@pytest.mark.parametrize("new", [{}, {"thread_id": None}, {"thread_id": ""}])
def test_new_thread(reader: httpx.Client, new: dict[str, object]) -> None:
    first = reader.post(PATH, json={"query_text": QUESTION, **new}).json()
    second = reader.post(PATH, json={"query_text": QUESTION, **new}).json()
    assert int(first["thread_id"]) < int(second["thread_id"])
    assert first["content"] == first["response"] == first["message"]


def test_thread_id_may_be_a_number(reader: httpx.Client) -> None:
    thread = reader.post(PATH, json={"query_text": QUESTION}).json()["thread_id"]
    body = {
        "query_text": FOLLOW_UP,
        "thread_id": int(thread),
        "locale": "en",
        "functions": [{"name": "f", "parameters": {}}],
        "faq_id": None,
        "page_url": "https://ex.example/",
        "user_metadata": {"_token": "x", "name": "R"},
        "unknown": 1,
    }
    answer = reader.post(PATH, json=body)
    assert answer.status_code == 200
    assert answer.json()["thread_id"] == thread
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"


@pytest.mark.parametrize("header", ["ALHENA_API_KEY", "X-API-Key"])
def test_key_in_other_headers(stranger: httpx.Client, people: Credentials, header: str) -> None:
    answer = stranger.post(PATH, json={"query_text": QUESTION}, headers={header: people.reader})
    assert answer.status_code == 200


def test_stream_is_one_document_unless_events_are_accepted(reader: httpx.Client) -> None:
    body = {"query_text": QUESTION, "stream": True}
    whole = reader.post(PATH, json=body).json()
    answer = reader.post(PATH, json=body, headers={"Accept": "text/event-stream"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    said = [data_of(frame) for frame in frames(answer.text)]
    assert "".join(each["content"] for each in said[:-1]) == whole["content"]
    assert said[-1]["content"] == whole["content"]
    assert said[-1]["done"] is True
    assert {each["thread_id"] for each in said} == {said[-1]["thread_id"]}
    assert int(said[-1]["thread_id"]) > int(whole["thread_id"])
    assert set(said[-1]) == {*whole, "done"}
    again = {**body, "query_text": FOLLOW_UP, "thread_id": said[-1]["thread_id"]}
    follow_up = reader.post(PATH, json=again, headers={"Accept": "text/event-stream"}).text
    assert MONTH in follow_up and f'"thread_id":"{said[-1]["thread_id"]}"' in follow_up


def test_foreign_thread_is_as_unknown(reader: httpx.Client, insider: httpx.Client) -> None:
    thread = insider.post(PATH, json={"query_text": QUESTION}).json()["thread_id"]
    answers = [
        reader.post(PATH, json={"query_text": FOLLOW_UP, "thread_id": each})
        for each in (thread, "999999999", "9" * 400, "abc", "-1", 10**18, "١")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.text for answer in answers} == {'{"error":"thread not found"}'}


BAD = [
    (b"", 400),
    (b"{", 400),
    (b"[]", 400),
    (b"\xff", 400),
    (b'{"thread_id":"1"}', 400),
    (b'{"query_text":null}', 400),
    (b'{"query_text":5}', 400),
    (b'{"query_text":"  "}', 400),
    (b'{"query_text":"x","thread_id":true}', 400),
    (b'{"query_text":"x","thread_id":1.5}', 400),
    (b'{"query_text":"x","stream":"yes"}', 400),
    (b'{"query_text":"x","functions":{}}', 400),
    (b'{"query_text":"x","functions":["f"]}', 400),
    (b'{"query_text":"x","functions":[{"name":""}]}', 400),
    (b'{"query_text":"x","functions":[{"name":"x","parameters":{"properties":[]}}]}', 400),
    (b'{"query_text":"x","faq_id":"first"}', 400),
    (b'{"query_text":"x","faq_id":0}', 400),
    (b'{"query_text":"x","faq_id":2147483648}', 400),
    (b'{"query_text":"x","page_url":7}', 400),
    (b'{"query_text":"x","user_metadata":[]}', 400),
    (json.dumps({"query_text": "x", "user_metadata": {"k": "x" * 20_000}}).encode(), 400),
    (json.dumps({"query_text": "x" * 100_000}).encode(), 400),
    (json.dumps({"query_text": "x", "pad": "x" * 17_000_000}).encode(), 413),
]


@pytest.mark.parametrize(("body", "status"), BAD, ids=lambda value: repr(value)[:40])
def test_bad_request(reader: httpx.Client, body: bytes, status: int) -> None:
    answer = reader.post(PATH, content=body)
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    assert 5 < len(answer.json()["error"]) < 200


def test_missing_question_is_named(reader: httpx.Client) -> None:
    assert reader.post(PATH, json={}).json() == {"error": "query_text is required"}


def test_errors_of_the_address_are_json_too(reader: httpx.Client) -> None:
    for answer, status in (
        (reader.get(PATH), 405),
        (reader.post("/api/v1/nothing"), 404),
    ):
        assert answer.status_code == status
        assert answer.json()["error"]
