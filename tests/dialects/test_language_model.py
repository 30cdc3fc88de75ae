"""A server with a language model: what Glean's clients see of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from tests.dialects.served import Credentials, Served, serve

CHAT = "/rest/api/v1/chat"
ALONE = {"agent": "GPT"}


@pytest.fixture(scope="module")
def modelled(data_dir: Path, people: Credentials) -> Iterator[Served]:
    small = {
        "STOOK_MODEL": "local:smollm2",
        "STOOK_MODEL_THREADS": "1",
        "STOOK_MODEL_MAX_TOKENS": "12",
        "STOOK_MODEL_CONTEXT_CHARACTERS": "400",
    }
    with serve(data_dir, STOOK_LOG_FORMAT="json", **small) as running:
        yield running


@pytest.fixture
def asker(modelled: Served, people: Credentials) -> Iterator[httpx.Client]:
    with modelled.client(people.reader) as client:
        yield client


def question(text: str, **more: Any) -> dict[str, Any]:
    message = {"author": "USER", "messageType": "CONTENT", "fragments": [{"text": text}]}
    return {"messages": [message], "saveChat": False, **more}


def content_of(body: dict[str, Any]) -> str:
    return "".join(
        fragment.get("text", "")
        for message in body["messages"]
        if message["messageType"] == "CONTENT"
        for fragment in message["fragments"]
    )


def test_the_agent_without_documents_answers(asker: httpx.Client) -> None:
    body = asker.post(CHAT, json=question("Say hello.", agentConfig=ALONE)).json()
    assert {message["messageType"] for message in body["messages"]} <= {"CONTENT", "UPDATE"}
    assert content_of(body).strip()
    assert not any(message.get("citations") for message in body["messages"])


def test_streamed_and_unstreamed_are_the_same_text(asker: httpx.Client) -> None:
    asked = question("What is the daily travel allowance?")
    whole = content_of(asker.post(CHAT, json=asked).json())
    streamed = asker.post(CHAT, json={**asked, "stream": True}).text
    lines = [orjson.loads(line) for line in streamed.splitlines() if line.strip()]
    assert "".join(content_of(line) for line in lines) == whole
    assert whole.strip()


def test_what_was_checked_is_logged_without_a_word_of_it(
    asker: httpx.Client, modelled: Served
) -> None:
    asked = question("How many days of annual leave do I get?")
    assert asker.post(CHAT, json=asked).status_code == 200
    written = [
        orjson.loads(line)
        for line in modelled.log.read_bytes().splitlines()
        if b"answer_written" in line
    ]
    assert written
    assert written[-1]["answered_by"]
    assert written[-1]["output_tokens"] <= 12 or written[-1]["answered_by"] == "extractive"
    assert b"annual leave" not in modelled.log.read_bytes()
