"""Streams that are cut, resumed and stopped, with two server processes on one database."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.dialects.served import (
    INSIDER,
    QUESTION,
    READER,
    Credentials,
    Served,
    held_up,
    serve,
)
from tests.dialects.streaming import data_of, frames, is_comment, is_silent

STRANGE = "00000000-0000-4000-8000-000000000000"
RESUMABLE = {"X-Stook-Resumable": "true"}


@pytest.fixture(scope="module")
def other(data_dir: Path, served: Served) -> Iterator[Served]:
    """A second process on the same database; the first one is there before it."""
    with serve(data_dir) as running:
        yield running


@dataclass(frozen=True)
class Api:
    """How one wire API asks, resumes and stops; ``end`` is what ends a piece of its streams."""

    path: str
    resume: str
    stop: tuple[str, str]
    end: bytes

    def body(self, chat_id: str | None = None) -> dict[str, Any]:
        if self is PLATFORM:
            more = {"conversation_id": chat_id} if chat_id else {}
            return {"input": QUESTION, "stream": True, **more}
        more = {"chatId": chat_id} if chat_id else {}
        messages = [{"fragments": [{"text": QUESTION}]}]
        return {"messages": messages, "saveChat": True, "stream": True, **more}

    def says(self, piece: bytes) -> bool:
        """Whether a piece says anything, and does not only keep the connection alive."""
        if self is GLEAN:
            return not is_silent(json.loads(piece))
        return not is_comment(piece.decode())

    def said(self, pieces: list[bytes]) -> list[Any]:
        """What the pieces say."""
        return [_data(piece) if self is PLATFORM else json.loads(piece) for piece in pieces]

    def text(self, said: list[Any]) -> str:
        if self is PLATFORM:
            return "".join(each.get("delta", "") for each in said)
        messages = [each["messages"][0] for each in said]
        content = [each for each in messages if each["messageType"] == "CONTENT"]
        return "".join(part.get("text", "") for each in content for part in each["fragments"])


PLATFORM = Api(
    "/api/chat",
    "/api/chat/responses/resp_{}/events",
    ("POST", "/api/chat/responses/resp_{}/cancel"),
    b"\n\n",
)
GLEAN = Api(
    "/rest/api/v1/chat",
    "/rest/api/v1/chat/streams/{}",
    ("DELETE", "/rest/api/v1/chat/streams/{}"),
    b"\n",
)
RUN_IN = {"messages": [{"role": "USER", "content": [{"text": QUESTION, "type": "text"}]}]}


@pytest.mark.parametrize(
    ("path", "resume", "body"),
    [
        (
            "/rest/api/v1/agents/runs/stream",
            "/rest/api/v1/agents/runs/{}/events",
            {"agent_id": "research-your-documents", **RUN_IN},
        ),
        (
            "/api/agents/research-your-documents/runs",
            "/api/agents/research-your-documents/runs/{}/events",
            {"stream": True, **RUN_IN},
        ),
    ],
    ids=["glean", "platform"],
)
def test_a_run_of_an_agent_goes_on_in_another_process(
    other: Served, asker: httpx.Client, searchers: dict[str, str], path: str, resume: str, body: Any
) -> None:
    with asker.stream("POST", path, json=body, headers=RESUMABLE) as response:
        turn = response.headers["x-stook-turn"]
        begun = next(pieces_of(response, PLATFORM)).decode()
    with other.client(searchers[READER]) as there:
        rest = there.get(resume.format(turn), headers={"Last-Event-ID": "1"})
        whole = there.get(resume.format(turn))
        assert [begun, *frames(rest.text)] == frames(whole.text)
        assert there.get(resume.format(STRANGE)).status_code == 404
        assert there.get(PLATFORM.resume.format(turn)).status_code == 404
    with other.client(searchers[INSIDER]) as stranger:
        assert stranger.get(resume.format(turn)).status_code == 404
    assert "x-stook-turn" not in asker.post(path, json=body).headers


both = pytest.mark.parametrize("api", [PLATFORM, GLEAN], ids=["platform", "glean"])


def _data(frame: bytes) -> Any:
    data = data_of(frame.decode())
    data.get("response", {}).pop("request_id", None)  # of the request that it came with
    return data


def pieces_of(response: httpx.Response, api: Api) -> Iterator[bytes]:
    """The pieces that say something, without what ends each."""
    held = b""
    for data in response.iter_raw():
        *whole, held = (held + data).split(api.end)
        yield from filter(api.says, whole)
    assert held == b""


def resumed(client: httpx.Client, api: Api, turn: str, after: int = 0) -> list[bytes]:
    path = api.resume.format(turn)
    with client.stream("GET", path, params={"after": after}) as response:
        assert response.status_code == 200, response.read()
        return list(pieces_of(response, api))


@both
@pytest.mark.parametrize("after", [1, 3])
def test_a_cut_stream_goes_on_in_another_process(
    served: Served, other: Served, people: Credentials, api: Api, after: int
) -> None:
    with served.client(people.reader) as here, other.client(people.reader) as there:
        with here.stream("POST", api.path, json=api.body(), headers=RESUMABLE) as response:
            turn = response.headers["x-stook-turn"]
            pieces = pieces_of(response, api)
            begun = [next(pieces) for _ in range(after)]
        rest = resumed(there, api, turn, after)
        whole = resumed(here, api, turn)
        assert api.said(begun + rest) == api.said(whole)
        asked = here.post("/api/v1/send_message", json={"query_text": QUESTION})
        assert api.text(api.said(begun + rest)) == asked.json()["content"] != ""


def test_event_streams_go_on_behind_the_last_event_id(
    reader: httpx.Client, other: Served, people: Credentials
) -> None:
    body = PLATFORM.body()
    with reader.stream("POST", PLATFORM.path, json=body) as response:
        turn = response.headers["x-stook-turn"]
        pieces = list(pieces_of(response, PLATFORM))
    assert [piece.split(b"\n")[0] for piece in pieces] == [
        b"id: %d" % (number + 1) for number in range(len(pieces))
    ]
    with other.client(people.reader) as there:
        path, last = PLATFORM.resume.format(turn), {"Last-Event-ID": "2"}
        going_on = frames(there.get(path, headers=last).text)[0]
        assert going_on.startswith(pieces[2].split(b"data:")[0].decode())
        assert there.get(path, headers={"Last-Event-ID": "x"}).status_code == 400
        everything = {"Last-Event-ID": str(len(pieces))}
        over = there.get(path, headers=everything)
        assert over.content and frames(over.text) == []


@both
def test_streams_of_others_are_not_there(
    reader: httpx.Client, insider: httpx.Client, other: Served, people: Credentials, api: Api
) -> None:
    with reader.stream("POST", api.path, json=api.body(), headers=RESUMABLE) as response:
        turn = response.headers["x-stook-turn"]
    method, stop = api.stop
    foreign = GLEAN if api is PLATFORM else PLATFORM
    with other.client(people.insider) as elsewhere:
        for client in (insider, elsewhere):
            assert client.get(api.resume.format(turn)).status_code == 404
            assert client.request(method, stop.format(turn)).status_code == 404
    assert reader.get(foreign.resume.format(turn)).status_code == 404
    assert reader.get(api.resume.format(STRANGE)).status_code == 404
    assert reader.get(api.resume.format("%00")).status_code == 404


def chat_of(client: httpx.Client) -> str:
    body = PLATFORM.body() | {"stream": False}
    return str(client.post(PLATFORM.path, json=body).json()["conversation_id"])


@both
def test_a_turn_goes_on_when_its_client_is_gone(
    data_dir: Path, reader: httpx.Client, other: Served, people: Credentials, api: Api
) -> None:
    chat_id = chat_of(reader)
    with held_up(data_dir, chat_id):
        body = api.body(chat_id)
        with reader.stream("POST", api.path, json=body, headers=RESUMABLE) as response:
            turn = response.headers["x-stook-turn"]
    with other.client(people.reader) as there:
        said = api.said(resumed(there, api, turn))
    assert api.text(said)
    chat = reader.get("/ai/v1/chat", params={"chat_id": f"c{chat_id}"}).json()
    assert chat["messages"][-1]["message"] == api.text(said)


@both
def test_another_process_stops_a_turn(
    data_dir: Path, reader: httpx.Client, other: Served, people: Credentials, api: Api
) -> None:
    chat_id = chat_of(reader)
    with held_up(data_dir, chat_id), other.client(people.reader) as there:
        body = api.body(chat_id)
        with reader.stream("POST", api.path, json=body, headers=RESUMABLE) as response:
            turn = response.headers["x-stook-turn"]
            method, stop = api.stop
            assert there.request(method, stop.format(turn)).status_code == 200
            last = api.said(list(pieces_of(response, api)))[-1]
        assert "The answer was stopped." in json.dumps(last)
        assert there.request(method, stop.format(turn)).status_code == 404


def test_clients_of_a_server_that_died_hear_of_it(
    data_dir: Path, reader: httpx.Client, people: Credentials
) -> None:
    chat_id = chat_of(reader)
    with held_up(data_dir, chat_id), serve(data_dir, STOOK_STREAM_LEASE_SECONDS="1") as doomed:
        body = PLATFORM.body(chat_id)
        with (
            doomed.client(people.reader) as client,
            client.stream("POST", PLATFORM.path, json=body) as response,
        ):
            turn = response.headers["x-stook-turn"]
            os.kill(doomed.process.pid, signal.SIGKILL)
        answer = reader.get(PLATFORM.resume.format(turn))
    assert "is gone; ask again" in answer.text
