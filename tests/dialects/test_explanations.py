"""How an answer comes about, as administrators are told: in figures that add up."""

from __future__ import annotations

import math
from pathlib import Path

import httpx
import pytest

from stook.identity.principals import Scope
from stook.understanding.locales import refusal
from tests.dialects.served import (
    INSIDER,
    READER,
    SECRET_QUESTION,
    SECRET_WORD,
    Served,
    make_token,
    opened,
)

PATH = "/rest/api/v1/explainanswer"


@pytest.fixture(scope="module")
def explained_to(data_dir: Path, served: Served, people: object) -> dict[str, str]:
    """Tokens of administrators, by whom they act for."""
    with opened(data_dir) as database:
        return {email: make_token(database, email, Scope.ADMIN) for email in (READER, INSIDER)}


def explain(served: Served, token: str, question: str) -> httpx.Response:
    with served.client(token) as client:
        return client.post(PATH, json={"question": question})


def test_every_score_is_the_sum_of_what_its_features_add(
    served: Served, explained_to: dict[str, str]
) -> None:
    found = explain(served, explained_to[READER], "How many vacation days do I get?").json()
    assert found["candidates"] and found["passages"]
    for one in found["candidates"]:
        added = math.fsum(part["adds"] for part in one["features"])
        assert one["score"] == pytest.approx(added)
        assert one["why"]
    for one in found["passages"]:
        assert one["score"] == pytest.approx(math.fsum(part["adds"] for part in one["signals"]))
    judged = found["answerability"]
    logit = judged["bias"] + math.fsum(part["adds"] for part in judged["features"])
    assert judged["probability"] == pytest.approx(1 / (1 + math.exp(-logit)))
    taken = [one for one in found["candidates"] if one["taken"]]
    assert judged["answered"] and taken[0]["text"][:40] in found["answer"]


def test_a_question_that_is_not_answered_says_why(
    served: Served, explained_to: dict[str, str]
) -> None:
    question = "What is the capital of Mongolia?"
    found = explain(served, explained_to[READER], question).json()
    assert found["answer"].startswith(refusal("en", ["Mongolia"]))
    judged = found["answerability"]
    assert judged["outcome"] == "nothing" and judged["probability"] < judged["closest"]
    assert not any(one["taken"] for one in found["candidates"])


def test_an_explanation_shows_nothing_that_the_asker_may_not_see(
    served: Served, explained_to: dict[str, str]
) -> None:
    assert SECRET_WORD in explain(served, explained_to[INSIDER], SECRET_QUESTION).text
    assert SECRET_WORD not in explain(served, explained_to[READER], SECRET_QUESTION).text
