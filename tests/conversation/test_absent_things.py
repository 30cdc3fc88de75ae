"""What is asked of one thing is not answered with the value of another."""

from __future__ import annotations

import functools
from dataclasses import replace

import pytest

from stook.answering.base import Brief
from stook.answering.extractive.answerer import extract_answer
from stook.answering.outcome import Outcome
from tests.conversation.corpus import brief

RENTS = "# Rents\n\n" + "\n\n".join(
    f"## {town}\n\n- The monthly rent is {rent} euro."
    for town, rent in (("Oslo", 1200), ("Bergen", 900), ("Porto", 700))
)
RELEASES = "# Kestrel releases\n\n" + "\n\n".join(
    f"## {version}\n\n- {what}"
    for version, what in (("3.1.0", "Added the dark theme."), ("3.1.1", "Fixed the crash."))
)


def found(question: str, text: str, unseen: str = "") -> Brief:
    made = brief(question, {"page": text})
    passages = tuple(replace(one, late=0.6) for one in made.found.passages)
    sources = tuple(
        replace(one, passages=tuple(replace(each, late=0.6) for each in one.passages))
        for one in made.sources
    )
    unseen_terms = frozenset(unseen.split())
    return replace(
        made, found=replace(made.found, passages=passages, unseen=unseen_terms), sources=sources
    )


@functools.cache
def said(question: str, text: str, unseen: str = "") -> tuple[Outcome, str]:
    extract = extract_answer(found(question, text, unseen))
    return extract.outcome, extract.draft.text


@pytest.mark.parametrize(
    ("question", "text", "unseen", "others"),
    [
        ("What is the monthly rent in Madrid?", RENTS, "madrid", ("1200", "900", "700")),
        ("How high is the rent of the office in Lyon?", RENTS, "lyon", ("1200", "900", "700")),
        ("What changed in Kestrel 4.0.0?", RELEASES, "4.0.0", ("theme", "crash")),
    ],
)
def test_an_absent_thing_is_named_and_no_others_value_given(
    question: str, text: str, unseen: str, others: tuple[str, ...]
) -> None:
    outcome, answer = said(question, text, unseen)
    assert outcome is not Outcome.ANSWERED
    assert f"Nothing here is about {unseen.capitalize()}." in answer
    assert not any(other in answer for other in others)


@pytest.mark.parametrize(
    ("question", "text", "wanted", "others"),
    [
        (
            "What is the monthly rent in Bergen?",
            RENTS,
            "**Bergen:** The monthly rent is 900",
            "1200",
        ),
        ("What changed in Kestrel 3.1.1?", RELEASES, "3.1.1:** Fixed the crash.", "theme"),
        ("What changed in Kestrel 3.1.0?", RELEASES, "3.1.0:** Added the dark theme.", "crash"),
    ],
)
def test_a_thing_that_is_there_is_told_from_its_siblings(
    question: str, text: str, wanted: str, others: str
) -> None:
    outcome, answer = said(question, text)
    assert outcome is Outcome.ANSWERED
    assert wanted in answer and others not in answer
