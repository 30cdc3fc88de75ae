"""Answers that people write come first where their question is asked, for those who may see."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from stook.knowledge.store.curated import key_of
from tests.dialects.administrators import ADMINISTRATION, administering
from tests.dialects.served import INSIDER, PATIENCE, QUESTION, READER, Credentials, Served, stook
from tests.dialects.test_stook import API, ask, citations, signed_in, text_of

ANSWERS = f"{ADMINISTRATION}/answers"


@pytest.fixture(scope="module")
def page(served: Served, data_dir: Path, people: Credentials) -> Iterator[httpx.Client]:
    """A browser of the administrator's."""
    with administering(served, data_dir) as client:
        yield client


def write(page: httpx.Client, question: str, text: str, **more: Any) -> str:
    body = {"question": question, "text": text, "allow": ["everyone"], **more}
    answer = page.post(ANSWERS, json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["document_id"])


def test_an_answer_is_given_word_for_word_and_taken_back(
    served: Served, data_dir: Path, page: httpx.Client
) -> None:
    with signed_in(served, data_dir, READER) as reader:
        usual = text_of(ask(reader, QUESTION))
        own = "**Thirty weeks**, since the spring.\n\n- Ask Wren\n- or the front desk"
        written = write(page, QUESTION, own, wordings=["The kestrel allowance, how much is it?"])
        events = ask(reader, f"Please tell me: {QUESTION.lower()}")
        assert text_of(events) == own != usual
        (citation,) = citations(events)
        assert citation["document"]["id"] == written and citation["text"] == own
        assert citation["answer_range"] == {"start": 0, "end": len(own)}
        assert events[-1]["outcome"] == "answered"
        assert text_of(ask(reader, "How much is the kestrel allowance")) != own  # another order
        assert text_of(ask(reader, "kestrel allowance, how much")) == own
        first = reader.get(f"{API}/search", params={"query": QUESTION}).json()["results"][0]
        assert first["document"]["id"] == written
        listed = page.get(ANSWERS, params={"query": QUESTION}).json()["answers"]
        assert [each["text"] for each in listed if each["document_id"] == written] == [own]
        write(page, QUESTION, "Anew: forty.", document_id=written)
        until = time.monotonic() + PATIENCE
        while text_of(ask(reader, QUESTION)) != "Anew: forty.":
            assert time.monotonic() < until
        assert page.delete(f"{ANSWERS}/{written}").status_code == 200
        assert text_of(ask(reader, QUESTION)) == usual
        assert page.delete(f"{ANSWERS}/{written}").status_code == 404


def test_an_answer_is_for_those_who_may_see_it(
    served: Served, data_dir: Path, page: httpx.Client
) -> None:
    question, own = "Who keeps the heron key?", "Wren keeps it in the third drawer."
    written = write(page, question, own, allow=[f"user:{INSIDER}"])
    with (
        signed_in(served, data_dir, READER) as reader,
        signed_in(served, data_dir, INSIDER) as insider,
    ):
        assert text_of(ask(insider, question)) == own
        events = ask(reader, question)
        assert "drawer" not in text_of(events) and not [
            each for each in citations(events) if each["document"]["id"] == written
        ]
        found = reader.get(f"{API}/search", params={"query": question}).json()["results"]
        assert written not in [each["document"]["id"] for each in found]
    assert page.delete(f"{ANSWERS}/{written}").status_code == 200


def test_a_page_is_found_and_cited(served: Served, data_dir: Path, page: httpx.Client) -> None:
    body = {
        "title": "The puffin lounge",
        "text": "The puffin lounge opens at seven.",
        "allow": ["everyone"],
    }
    answer = page.post(f"{ADMINISTRATION}/pages", json=body)
    assert answer.status_code == 200, answer.text
    written = answer.json()["document_id"]
    with signed_in(served, data_dir, READER) as reader:
        document = reader.get(f"{API}/documents/{written}")
        assert document.status_code == 200 and "opens at seven" in document.text
    assert page.delete(f"{ADMINISTRATION}/documents/{written}").status_code == 200


def test_the_command_line_writes_answers(
    served: Served, data_dir: Path, page: httpx.Client
) -> None:
    question = "When does the osprey ferry leave?"
    stook("answer", "add", question, "--text", "At ten past nine.", data_dir=data_dir)
    with signed_in(served, data_dir, READER) as reader:
        assert text_of(ask(reader, question)) == "At ten past nine."
    (listed,) = page.get(ANSWERS, params={"query": "osprey"}).json()["answers"]
    assert listed["author"].startswith("command line")
    stook("answer", "remove", listed["document_id"], "--yes", data_dir=data_dir)
    assert not page.get(ANSWERS, params={"query": "osprey"}).json()["answers"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"allow": ["user:nobody@alderbrook.example"]}, "Nobody is known as"),
        ({"allow": ["all"]}, "everyone, user:EMAIL or group:NAME"),
        ({"question": "What is it?"}, "No word of"),
        ({"text": "  "}, "a title, and a text"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    page: httpx.Client, wrong: dict[str, Any], says: str
) -> None:
    body = {"question": "Where is the tern?", "text": "There.", "allow": ["everyone"], **wrong}
    answer = page.post(ANSWERS, json=body)
    assert answer.status_code == 400 and says in answer.json()["message"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("When is payday?", "What is payday?"),
        ("What is covered?", "What is not covered?"),
        ("The train from Berlin to Paris", "The train from Paris to Berlin"),
        ("Parking before nine", "Parking after nine"),
    ],
)
def test_what_asks_for_something_else_is_another_question(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)
    assert key_of(one) == key_of(f"Please tell me, {one.lower()}!")
