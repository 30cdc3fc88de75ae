"""A server that is set up otherwise: with a language model, and with a queue in each chat.

What callers of Gloo's completions wish of the model is looked for in what the model is asked. It
never answers, so the words of the answers are the documents' own.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from glean.api_client import Glean

from tests.conformance.conftest import recorder
from tests.conformance.findings import of_each, proves
from tests.conformance.recording import recorded
from tests.dialects.served import PATIENCE, QUESTION, Credentials, held_up, serve

pytestmark = pytest.mark.filterwarnings("ignore:.*DEPRECATED:DeprecationWarning")
V1, V2 = "/ai/v1/chat/completions", "/ai/v2/chat/completions"
GROUNDED = f"{V2}/grounded"
RESPONSES = ("/ai/v1/responses", "/ai/v2/responses")
STYLE = "Answer as the keeper of a lighthouse would, briefly and with great calm."
NOWHERE = "Who founded the zeppelin museum of Zanzibar?"  # no model is asked then
GIVEN, EXTRACTIVE = "openai:given", "stook-extractive"
Json = dict[str, Any]
ASKED: list[Json] = []


class OutOfOrder(BaseHTTPRequestHandler):
    """A model's server that writes down what it is asked, and answers nothing."""

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        ASKED.append(json.loads(self.rfile.read(length)))
        self.send_error(503)

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


@pytest.fixture(scope="module")
def url(data_dir: Path, people: Credentials) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), OutOfOrder) as models:
        Thread(target=models.serve_forever, daemon=True).start()
        settings = {
            "STOOK_MODEL": f"{GIVEN},extractive",
            "STOOK_MODEL_BASE_URL": f"http://127.0.0.1:{models.server_port}/v1",
            "STOOK_MODEL_API_KEY": "any",
            "STOOK_MODEL_RETRIES": "0",
            "STOOK_CHATS_IN_FLIGHT": "queue",
        }
        with serve(data_dir, **settings) as running, recorded(running.url, recorder) as front:
            yield front
        models.shutdown()


@pytest.fixture
def http(url: str, people: Credentials) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {people.reader}"}
    with httpx.Client(base_url=url, headers=headers, timeout=PATIENCE) as client:
        yield client


def answered(http: httpx.Client, path: str, **more: Any) -> tuple[Json, list[Json]]:
    """The answer, and what the model was asked for it."""
    ASKED.clear()
    question = {"role": "user", "content": QUESTION}
    asks = {"input": QUESTION} if path in RESPONSES else {"messages": [question]}
    answer = http.post(path, json=asks | more)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()), list(ASKED)


@proves(V1, "model", "temperature")
def test_version_1(http: httpx.Client) -> None:
    _, (asked,) = answered(http, V1, model=GIVEN, temperature=0.5)
    assert (asked["model"], asked["temperature"]) == ("given", 0.5)
    _, (asked,) = answered(http, V1, model=GIVEN)
    assert "temperature" not in asked
    answer, unasked = answered(http, V1, model=EXTRACTIVE, temperature=0.5)
    assert (answer["model"], unasked) == (EXTRACTIVE, [])


@of_each((V2, GROUNDED), "model", "model_family", "temperature")
def test_version_2(http: httpx.Client, path: str) -> None:
    answer, (asked,) = answered(http, path, model_family="openai", temperature=0.5)
    assert (answer["model_family"], asked["temperature"]) == ("OpenAI", 0.5)
    answer, unasked = answered(http, path, model=EXTRACTIVE)
    assert (answer["model"], answer["model_family"], unasked) == (EXTRACTIVE, "Stook", [])


@of_each(RESPONSES, "model", "instructions")
def test_responses(http: httpx.Client, path: str) -> None:
    answer, (asked,) = answered(http, path, model=GIVEN, instructions=STYLE)
    assert answer["instructions"] == STYLE
    assert STYLE in asked["messages"][-1]["content"]
    answer, unasked = answered(http, path, model=EXTRACTIVE)
    assert (answer["model"], answer["instructions"], unasked) == (EXTRACTIVE, None, [])


@proves("/rest/api/v1/chat", "chatId")
def test_a_question_in_a_busy_chat_is_answered_later(
    url: str, people: Credentials, data_dir: Path
) -> None:
    """The client is told 202; the chat is busy as if another question were answered in it."""
    statuses: list[int] = []
    http = httpx.Client(
        event_hooks={"response": [lambda answer: statuses.append(answer.status_code)]},
        timeout=PATIENCE,
    )

    def asked(chat_id: str | None = None) -> Any:
        messages = [{"fragments": [{"text": NOWHERE}]}]
        return chat.create(messages=messages, chat_id=chat_id, save_chat=True)

    with http, Glean(api_token=people.reader, server_url=url, client=http) as glean:
        chat = glean.client.chat
        chat_id = asked().chat_id
        with held_up(data_dir, chat_id):
            queued = asked(chat_id)
        assert statuses == [200, 202]
        assert (queued.chat_id, queued.messages) == (chat_id, None)
        until = time.monotonic() + PATIENCE
        while len(chat.retrieve(id=chat_id).chat_result.chat.messages) < 4:
            assert time.monotonic() < until, "a queued question was not answered"
            time.sleep(0.05)
