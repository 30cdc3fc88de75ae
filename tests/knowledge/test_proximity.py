"""Words that stand together in the question and in the passage."""

from __future__ import annotations

import pytest

from stook.knowledge.index.protocol import PassageKey
from stook.knowledge.retrieval.proximity import term_proximity
from stook.knowledge.text import analysis

QUESTION = {"travel": 2.0, "allow": 4.0, "germani": 3.0}


def close(text: str) -> float:
    key = PassageKey("a", 1, 0)
    return term_proximity(QUESTION, {key: " ".join(analysis.terms(text))})[key]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The travel allowance is paid monthly.", 3.0),
        ("An allowance for travel", 3.0 / 2),
        ("Travel is fun. Travel allowance", 3.0),  # the nearest occurrences count
        ("The travel allowance in Germany", 3.0 + 3.5 / 2),
        ("Travel to Germany", 0.0),  # no neighbours in the question
        ("Travel: one two three four five six seven eight nine allowance", 0.0),
        ("Nothing of it", 0.0),
        ("", 0.0),
    ],
)
def test_neighbours_in_the_question_count_by_their_distance(text: str, expected: float) -> None:
    assert close(text) == pytest.approx(expected)


def test_a_single_word_has_no_neighbour() -> None:
    assert term_proximity({"travel": 2.0}, {PassageKey("a", 1, 0): "travel"}) == {
        PassageKey("a", 1, 0): 0.0
    }
