"""What is asked in a long message, and what is told around it."""

from __future__ import annotations

import pytest

from stook.understanding.rambling import told_apart

STORY = (
    "My sister gets married in Lisbon next spring and the whole family flies down for a week. "
    "The flights are cheaper on a Tuesday. {} I hope this is the right place to ask."
)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("How many days off do I get for that?", "How many days off do I get for that?"),
        ("Can I take unpaid leave as well?", "Can I take unpaid leave as well?"),
        ("A few days off are fine, isn't it?", "A few days off are fine?"),
        ("And what about my lost Sunday then.", "And what about my lost Sunday then."),
    ],
)
def test_what_asks_is_found(asked: str, found: str) -> None:
    message = told_apart(STORY.format(asked))
    assert message.asked == found
    assert "Lisbon" in message.told and asked not in message.told


@pytest.mark.parametrize(
    "text",
    [
        "How many days off do I get for a wedding in Lisbon next spring?",
        "I lost my badge. What now?",
        STORY.format("It is a long way."),
    ],
)
def test_a_short_message_and_one_that_only_tells_are_asked(text: str) -> None:
    assert told_apart(text).asked == text
    assert told_apart(text).told == ""


def test_several_questions_are_all_asked() -> None:
    text = STORY.format("Who approves that? And by when must I ask?")
    assert told_apart(text).asked == "Who approves that? And by when must I ask?"


def test_german() -> None:
    text = (
        "Meine Schwester heiratet im Frühling in Lissabon und die ganze Familie fliegt eine Woche "
        "lang dorthin, weil die Flüge dienstags billiger sind. Wie viele Tage bekomme ich dafür "
        "frei? Vielen Dank schon einmal für die Mühe."
    )
    assert told_apart(text).asked == "Wie viele Tage bekomme ich dafür frei?"
