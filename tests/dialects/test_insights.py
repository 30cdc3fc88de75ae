"""Insights of administrators: what is counted, what is kept for how long, what is never told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from stook.conversation import question_log
from stook.conversation.question_log import DAY, AskedQuestion
from stook.storage import clock
from stook.storage.tables import asked_questions
from tests.dialects.administrators import ADMINISTRATION, administering
from tests.dialects.served import (
    INSIDER,
    PATIENCE,
    QUESTION,
    READER,
    SECRET_QUESTION,
    Credentials,
    Served,
    opened,
)
from tests.dialects.test_stook import API, ask, citations, signed_in

INSIGHTS = f"{ADMINISTRATION}/insights"


@pytest.fixture(scope="module")
def page(served: Served, data_dir: Path, people: Credentials) -> Iterator[httpx.Client]:
    """A browser of the administrator's."""
    with administering(served, data_dir) as client:
        yield client


def today(page: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = page.get(INSIGHTS, params={"days": 1}).json()
    return found


def counted(page: httpx.Client) -> dict[str, int]:
    (day,) = today(page)["days"]
    return {name: day[name] for name in ("answered", "closest", "nothing", "failed")}


def note(data_dir: Path, text: str, *, days_ago: float = 0, outcome: str = "nothing") -> str:
    """Note a question as if it had been asked then; the id of its turn."""
    turn = f"turn-{clock.now()}"
    at = clock.now() - int(days_ago * DAY)
    with opened(data_dir) as database:
        question = AskedQuestion(turn, f"m-{turn}", at, text, outcome, 120)
        database.write_now(question_log.note, question, [])
    return turn


def clusters(page: httpx.Client, days: int = 30) -> list[list[str]]:
    found = page.get(f"{INSIGHTS}/unanswered", params={"days": days}).json()["clusters"]
    return [[question["text"] for question in each["questions"]] for each in found]


def test_questions_are_counted_by_outcome_and_citations_by_document(
    served: Served, data_dir: Path, page: httpx.Client
) -> None:
    before = counted(page)
    with signed_in(served, data_dir, READER) as reader:
        events = ask(reader, QUESTION)
        ask(reader, "Hello!")  # asks for nothing that documents could answer
    cited = {each["document"]["id"] for each in citations(events)}
    until = time.monotonic() + PATIENCE
    while counted(page) == before:
        assert time.monotonic() < until
    assert counted(page) == before | {"answered": before["answered"] + 1}
    speed = {each["percent"]: each["milliseconds"] for each in today(page)["speed"]}
    assert 0 < speed[50] <= speed[90] <= speed[99]
    wanted: dict[str, str | int] = {"kind": "most_cited", "days": 1}
    used = page.get(f"{INSIGHTS}/documents", params=wanted).json()["documents"]
    assert cited and cited <= {each["id"] for each in used if each["answers"] >= 1}


def test_a_secret_question_is_not_told_with_who_asked(
    served: Served, data_dir: Path, page: httpx.Client
) -> None:
    with signed_in(served, data_dir, READER) as reader:
        ask(reader, SECRET_QUESTION)
    until = time.monotonic() + PATIENCE
    while not any(SECRET_QUESTION in each for each in clusters(page)):
        assert time.monotonic() < until
    told = page.get(f"{INSIGHTS}/unanswered").text + page.get(INSIGHTS).text
    assert READER not in told and INSIDER not in told


def test_unanswered_questions_of_a_meaning_stand_together(
    data_dir: Path, page: httpx.Client
) -> None:
    alike = [
        "Where can I charge my electric car at the office?",
        "Is there an electric car charger at the office?",
        "Can I charge an electric car in the office car park?",
    ]
    for text in ["Who waters the plants on the third floor?", *alike]:
        note(data_dir, text)
    note(data_dir, "Where is my answered electric car?", outcome="answered")
    found = clusters(page)
    assert sorted(alike) in [sorted(each) for each in found]
    assert ["Who waters the plants on the third floor?"] in found


def test_texts_are_forgotten_when_their_time_is_over(data_dir: Path, page: httpx.Client) -> None:
    kept, over = "What is the badger code?", "What is the otter code?"
    note(data_dir, kept, days_ago=29)
    turn = note(data_dir, over, days_ago=31)
    told = {text for each in clusters(page, days=365) for text in each}
    assert kept in told and over not in told  # even before it is tidied away
    with opened(data_dir) as database:
        database.write_now(question_log.tidy, 30)
        texts = sa.select(asked_questions.c.text).where(asked_questions.c.id == turn)
        assert database.read_now(lambda connection: connection.scalar(texts)) == ""
        assert any(day["nothing"] for day in page.get(INSIGHTS).json()["days"])


def test_feedback_is_told_without_who_gave_it(
    served: Served, data_dir: Path, page: httpx.Client
) -> None:
    before = today(page)
    with signed_in(served, data_dir, READER) as reader:
        message = ask(reader, QUESTION)[0]["message_id"]
        for good in (True, False):  # the last word counts
            body = {"message_id": message, "good": good, "reason": "wrong", "comment": "No, nine."}
            assert reader.post(f"{API}/feedback", json=body).status_code == 200
    until = time.monotonic() + PATIENCE
    while not (found := today(page))["complaints"] or not found["complaints"][0]["question"]:
        assert time.monotonic() < until
    assert (found["good"], found["bad"]) == (before["good"], before["bad"] + 1)
    complaint = found["complaints"][0]
    assert (complaint["reason"], complaint["comment"]) == ("wrong", "No, nine.")
    assert complaint["question"] == QUESTION
    assert READER not in str(found)


def test_documents_are_told_that_nobody_needs(page: httpx.Client) -> None:
    stale = page.get(f"{INSIGHTS}/documents", params={"kind": "stale", "days": 1}).json()
    changed = [each["changed_at"] for each in stale["documents"]]
    assert changed == sorted(changed)
    never: dict[str, str | int] = {"kind": "never_cited", "days": 1}
    assert page.get(f"{INSIGHTS}/documents", params=never).json()["documents"] == []  # all new
