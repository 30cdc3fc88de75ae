"""What a caller of Gloo's completions may wish of the models, with a model that notes it.

The model is real, and small: what it writes is hardly ever supported by the documents, so the
requests to it are looked at rather than its words. The same server queues questions of a busy chat.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from glean.api_client import Glean

from stook.conversation.models.local import LocalServer, weights
from stook.storage.claims import open_claims
from tests.conformance.conftest import recorder
from tests.conformance.findings import proves
from tests.conformance.recording import Recorder, recorded
from tests.dialects.served import PATIENCE, QUESTION, Credentials, opened, serve

pytestmark = pytest.mark.filterwarnings("ignore:.*DEPRECATED:DeprecationWarning")
V1, V2 = "/ai/v1/chat/completions", "/ai/v2/chat/completions"
GROUNDED = f"{V2}/grounded"
RESPONSES = ("/ai/v1/responses", "/ai/v2/responses")
STYLE = "Answer as the keeper of a lighthouse would, briefly and with great calm."
NOWHERE = "Who founded the zeppelin museum of Zanzibar?"  # no model is asked then
SMALL, EXTRACTIVE = "openai:smollm2", "stook-extractive"


@dataclass(frozen=True)
class Modelled:
    """A server, and what it has asked of its model."""

    url: str
    requests: Recorder

    def asked(self) -> list[frozenset[str]]:
        """The fields of each request to the model since the last time."""
        return [each.sent for each in self.requests.take()]


@pytest.fixture(scope="module")
def modelled(data_dir: Path, people: Credentials) -> Iterator[Modelled]:
    model, requests = LocalServer(weights("smollm2"), threads=1), Recorder()
    settings = {
        "STOOK_MODEL": f"{SMALL},extractive",
        "STOOK_MODEL_API_KEY": model.key,
        "STOOK_MODEL_MAX_TOKENS": "4",
        "STOOK_MODEL_CONTEXT_CHARACTERS": "200",
        "STOOK_CHATS_IN_FLIGHT": "queue",
    }
    with recorded(model.base_url.removesuffix("/v1"), requests) as front:
        settings["STOOK_MODEL_BASE_URL"] = f"{front}/v1"
        with serve(data_dir, **settings) as running, recorded(running.url, recorder) as url:
            yield Modelled(url, requests)
    model.close()


@pytest.fixture
def http(modelled: Modelled, people: Credentials) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {people.reader}"}
    with httpx.Client(base_url=modelled.url, headers=headers, timeout=PATIENCE) as client:
        yield client


def each(paths: tuple[str, ...], *fields: str) -> pytest.MarkDecorator:
    params = [pytest.param(path, marks=proves(path, *fields)) for path in paths]
    return pytest.mark.parametrize("path", params)


def answered(http: httpx.Client, path: str, **more: Any) -> dict[str, Any]:
    asks = {"input": QUESTION} if path in RESPONSES else {"messages": [user(QUESTION)]}
    answer = http.post(path, json=asks | more)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def user(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


@proves(V1, "model", "temperature")
def test_version_1(modelled: Modelled, http: httpx.Client) -> None:
    answered(http, V1, model=SMALL)
    assert ["temperature" in sent for sent in modelled.asked()] == [False]
    answered(http, V1, model=SMALL, temperature=0.5)
    assert ["temperature" in sent for sent in modelled.asked()] == [True]
    assert answered(http, V1, model=EXTRACTIVE, temperature=0.5)["model"] == EXTRACTIVE
    assert modelled.asked() == []


@each((V2, GROUNDED), "model", "model_family", "temperature")
def test_version_2(modelled: Modelled, http: httpx.Client, path: str) -> None:
    told = answered(http, path, model_family="openai", temperature=0.5)
    assert told["model_family"] == "OpenAI"
    assert ["temperature" in sent for sent in modelled.asked()] == [True]
    quoted = answered(http, path, model=EXTRACTIVE)
    assert (quoted["model"], quoted["model_family"]) == (EXTRACTIVE, "Stook")
    assert modelled.asked() == []


@pytest.fixture(scope="module")
def without_style(modelled: Modelled, people: Credentials) -> int:
    """How many tokens the model reads for the question alone."""
    headers = {"Authorization": f"Bearer {people.reader}"}
    with httpx.Client(base_url=modelled.url, headers=headers, timeout=PATIENCE) as client:
        return int(answered(client, RESPONSES[0], model=SMALL)["usage"]["input_tokens"])


@each(RESPONSES, "model", "instructions")
def test_responses(modelled: Modelled, http: httpx.Client, without_style: int, path: str) -> None:
    modelled.asked()
    told = answered(http, path, model=SMALL, instructions=STYLE)
    assert told["usage"]["input_tokens"] > without_style + 10
    assert told["instructions"] == STYLE and len(modelled.asked()) == 1
    quoted = answered(http, path, model=EXTRACTIVE)
    assert (quoted["model"], quoted["instructions"]) == (EXTRACTIVE, None)
    assert modelled.asked() == []


@proves("/rest/api/v1/chat", "chatId")
def test_a_question_in_a_busy_chat_is_answered_later(
    modelled: Modelled, people: Credentials, data_dir: Path
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

    with http, Glean(api_token=people.reader, server_url=modelled.url, client=http) as glean:
        chat = glean.client.chat
        chat_id = asked().chat_id
        with busy(data_dir, chat_id):
            queued = asked(chat_id)
        assert statuses == [200, 202]
        assert (queued.chat_id, queued.messages) == (chat_id, None)
        until = time.monotonic() + PATIENCE
        while len(chat.retrieve(id=chat_id).chat_result.chat.messages) < 4:
            assert time.monotonic() < until, "a queued question was not answered"
            time.sleep(0.05)


@contextlib.contextmanager
def busy(data_dir: Path, chat_id: str) -> Iterator[None]:
    with opened(data_dir) as database:
        claims = open_claims(database)
        assert claims.take([f"chat {chat_id}"])
        try:
            yield
        finally:
            claims.give_back([f"chat {chat_id}"])
