"""Chats that are shown to colleagues: each sees what they may see themselves; chats as files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.dialects.served import (
    INSIDER,
    QUESTION,
    READER,
    SECRET_QUESTION,
    SECRET_WORD,
    Credentials,
    Served,
)
from tests.dialects.test_stook import API, ask
from tests.knowledge.files_by_code import pdf

NOTHING = "Who won the football world cup of 1998?"
PRIVATE = "The brass ferry leaves Tarn Quay at 06:40."


@pytest.fixture(scope="module")
def owner(served: Served, people: Credentials) -> Iterator[httpx.Client]:
    with served.client(people.insider) as client:
        yield client


@pytest.fixture(scope="module")
def colleague(served: Served, people: Credentials) -> Iterator[httpx.Client]:
    with served.client(people.reader) as client:
        yield client


@pytest.fixture(scope="module")
def chat_id(owner: httpx.Client) -> str:
    """A chat of the insider's: open to both, secret, small talk that counts documents, nothing."""
    chat = str(ask(owner, QUESTION)[0]["chat_id"])
    for question in (SECRET_QUESTION, "What can you do?", NOTHING):
        ask(owner, question, chat_id=chat)
    return chat


def share(client: httpx.Client, chat_id: str, **wanted: Any) -> httpx.Response:
    return client.put(f"{API}/chats/{chat_id}/sharing", json=wanted)


def read(client: httpx.Client, chat_id: str) -> dict[str, Any]:
    answer = client.get(f"{API}/chats/{chat_id}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_a_colleague_sees_only_what_they_may_see(
    owner: httpx.Client, colleague: httpx.Client, chat_id: str
) -> None:
    assert colleague.get(f"{API}/chats/{chat_id}").status_code == 404
    assert share(owner, chat_id, people=[READER]).json() == {"everyone": False, "people": [READER]}
    found = read(colleague, chat_id)
    assert found["shared_by"] and not read(owner, chat_id)["shared_by"]
    answers = [each for each in found["messages"] if each["author"] == "assistant"]
    open_to_both, secret, small_talk, nothing = answers
    assert "Christmas" in open_to_both["text"] and open_to_both["citations"]
    assert not open_to_both["withheld"] and not open_to_both["suggestions"]
    assert secret["withheld"] and not secret["citations"] and secret["outcome"] == "answered"
    assert small_talk["withheld"]  # it counts and names what its owner may see
    assert nothing["outcome"] == "nothing" and not nothing["withheld"]
    assert SECRET_WORD not in colleague.get(f"{API}/chats/{chat_id}").text
    assert SECRET_WORD in owner.get(f"{API}/chats/{chat_id}").text
    for written in ("markdown", "json"):
        file = colleague.get(f"{API}/chats/{chat_id}/export", params={"format": written})
        assert SECRET_WORD not in file.text and "Christmas" in file.text


def test_a_shared_chat_is_read_and_nothing_else(
    owner: httpx.Client, colleague: httpx.Client, chat_id: str
) -> None:
    share(owner, chat_id, people=[READER])
    shared = colleague.get(f"{API}/chats").json()
    assert [each["id"] for each in shared["shared"]] == [chat_id]
    assert chat_id not in [each["id"] for each in shared["chats"]]
    address = f"{API}/chats/{chat_id}"
    assert colleague.patch(address, json={"title": "Mine"}).status_code == 404
    assert colleague.delete(address).status_code == 404
    assert colleague.get(f"{address}/sharing").status_code == 404
    assert share(colleague, chat_id, people=[]).status_code == 404
    events = colleague.post(f"{API}/ask", json={"question": "And?", "chat_id": chat_id})
    assert events.status_code == 404 or '"failed"' in events.text


def test_sharing_ends_at_once(owner: httpx.Client, colleague: httpx.Client, chat_id: str) -> None:
    share(owner, chat_id, everyone=True)
    assert read(colleague, chat_id)["messages"]
    assert not colleague.get(f"{API}/chats").json()["shared"]  # not by name
    share(owner, chat_id)
    assert colleague.get(f"{API}/chats/{chat_id}").status_code == 404


def test_a_chat_is_shared_with_people_only(owner: httpx.Client, chat_id: str) -> None:
    wrong = share(owner, chat_id, people=["nobody@alderbrook.example"])
    assert wrong.status_code == 400 and "nobody@" in wrong.json()["message"]
    assert share(owner, chat_id, people=[INSIDER]).json()["people"] == []  # it is theirs anyway
    assert share(owner, "none", people=[READER]).status_code == 404


def test_a_file_of_the_owner_stays_theirs(owner: httpx.Client, colleague: httpx.Client) -> None:
    sent = {"files": ("ferry.pdf", pdf(PRIVATE), "application/pdf")}
    [file] = owner.post(f"{API}/files", files=sent).json()["files"]
    while file["status"] == "PROCESSING":
        [file] = owner.get(f"{API}/files", params={"ids": [file["id"]]}).json()["files"]
    asked = ask(owner, "When does the brass ferry leave Tarn Quay?", files=[file["id"]])
    chat = asked[0]["chat_id"]
    share(owner, chat, people=[READER])
    [question, answer] = read(colleague, chat)["messages"]
    assert answer["withheld"] and not question["files"]
    assert "06:40" in read(owner, chat)["messages"][1]["text"]


def test_a_chat_becomes_a_file(owner: httpx.Client, chat_id: str) -> None:
    answer = owner.get(f"{API}/chats/{chat_id}/export")
    assert answer.headers["content-type"].startswith("text/markdown")
    assert "attachment" in answer.headers["content-disposition"]
    assert f"## {QUESTION}" in answer.text and "\n- [1] Company holidays 2026" in answer.text
    assert " [1]\n" in answer.text
    whole = owner.get(f"{API}/chats/{chat_id}/export", params={"format": "json"}).json()
    assert whole == read(owner, chat_id)
    assert owner.get(f"{API}/chats/none/export").status_code == 404
