"""Follow-ups made to stand alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stook.understanding.followup import stand_alone
from stook.understanding.question import Author, Past, Question
from tests.conversation.corpus import TODAY

HOLIDAYS = "What are the company holidays this year?"
VACATION = "How many vacation days do I get?"


def follow(*questions: str, subject: str = "") -> Question:
    """The last of the questions, after the others were asked and answered."""
    *before, last = questions
    history: list[Past] = []
    for question in before:
        history += [Past(Author.USER, question), Past(Author.ASSISTANT, "…", subject)]
    return stand_alone(last, history, TODAY)


@pytest.mark.parametrize(
    ("questions", "text"),
    [
        ((HOLIDAYS,), "What are the company holidays 2026?"),
        ((HOLIDAYS, "What about this month?"), "What are the company holidays November 2026?"),
        (
            (HOLIDAYS, "What about this month?", "and next month?"),
            "What are the company holidays December 2026?",
        ),
        ((HOLIDAYS, "and in March?"), "What are the company holidays March 2026?"),
        ((HOLIDAYS, "What about Germany?"), "What are the company holidays Germany 2026?"),
        (
            (HOLIDAYS, "What about Germany?", "and France?"),
            "What are the company holidays France 2026?",
        ),
        (
            (HOLIDAYS, "What about Germany?", "next year?"),
            "What are the company holidays Germany 2027?",
        ),
        ((HOLIDAYS, "how many?"), "how many company holidays 2026?"),
        ((VACATION, "and for contractors?"), "How many vacation days do I get for contractors?"),
        ((VACATION, "For interns?"), "How many vacation days do I get For interns?"),
        ((VACATION, "does it roll over?"), "does vacation days roll over?"),
        ((VACATION, "who approves them?"), "who approves vacation days?"),
        ((VACATION, "Why?"), "Why vacation days?"),
        ((VACATION, "tell me more"), "How many vacation days do I get?"),
        ((VACATION, "What is the deadline?"), "What is the deadline vacation days?"),
        ((VACATION, "How many hours?"), "How many hours vacation days?"),
        ((VACATION, "How much notice?"), "How much notice vacation days?"),
        (
            ("Which laptops can I choose?", "Which is the cheapest?"),
            "Which is the cheapest laptops?",
        ),
        (
            ("What is a FICO score? I looked at mine. Is that the same?", "how is it calculated?"),
            "how is FICO score calculated?",
        ),
    ],
)
def test_follow_ups(questions: tuple[str, ...], text: str) -> None:
    assert follow(*questions).text == text


FEIERTAGE = "Welche Feiertage gibt es dieses Jahr?"
URLAUB = "Wie viele Urlaubstage bekomme ich?"


@pytest.mark.parametrize(
    ("questions", "text"),
    [
        ((FEIERTAGE,), "Welche Feiertage gibt es 2026?"),
        ((FEIERTAGE, "Was ist mit diesem Monat?"), "Welche Feiertage gibt es November 2026?"),
        ((FEIERTAGE, "und im März?"), "Welche Feiertage gibt es März 2026?"),
        ((FEIERTAGE, "nächstes Jahr?"), "Welche Feiertage gibt es 2027?"),
        ((FEIERTAGE, "Und in Hamburg?"), "Welche Feiertage gibt es in Hamburg 2026?"),
        (
            (URLAUB, "Und für Auftragnehmer?"),
            "Wie viele Urlaubstage bekomme ich für Auftragnehmer?",
        ),
        ((URLAUB, "Gilt das auch für Teilzeit?"), "Wie viele Urlaubstage bekomme ich Teilzeit?"),
        (
            (URLAUB, "Wie sieht es bei Praktikanten aus?"),
            "Wie viele Urlaubstage bekomme ich Praktikanten?",
        ),
        ((URLAUB, "Warum?"), "Warum Urlaubstage?"),
        ((URLAUB, "Wer genehmigt sie?"), "Wer genehmigt Urlaubstage?"),
        ((URLAUB, "Was ist die Frist?"), "Was ist die Frist Urlaubstage?"),
        ((URLAUB, "mehr dazu"), "Wie viele Urlaubstage bekomme ich?"),
    ],
)
def test_german_follow_ups(questions: tuple[str, ...], text: str) -> None:
    assert follow(*questions).text == text


@pytest.mark.parametrize(
    "question",
    [
        "Wie viele Parkplätze gibt es?",
        "Wo ist das Büro in Porto?",
        "Können Sie Flüge buchen?",
        "Wer ist für die Reisekosten zuständig?",
        "Welche Laptops stehen zur Auswahl?",
        "Ist es möglich, Überstunden auszahlen zu lassen?",
    ],
)
def test_a_new_german_topic_leaves_the_old_one_behind(question: str) -> None:
    asked = follow(FEIERTAGE, question, subject="Feiertage 2026")
    assert asked.inherited == ""
    assert "Feiertage" not in asked.text
    assert asked.times == ()


@pytest.mark.parametrize(
    "question",
    [
        "What is the travel policy for flights?",
        "parental leave",
        "How do I reset my laptop if it is broken?",
        "Who can access the IT department?",
        "Where is the form that I need for expenses?",
        "And how do I book a hotel for a customer visit?",
        "Is there a gym in the office?",
        "Is a sabbatical the same as unpaid leave?",
        "What about how I get my expenses back?",
        "What if I want to work from another country since my family lives there?",
    ],
)
def test_a_new_topic_leaves_the_old_one_behind(question: str) -> None:
    asked = follow(HOLIDAYS, question, subject="Company holidays 2026")
    assert asked.inherited == ""
    assert "holiday" not in asked.text
    assert asked.times == ()


def test_a_pointer_brings_the_subject_of_the_last_answer() -> None:
    asked = follow(
        "How do I get back what I paid for a taxi?", "Who approves it?", subject="Expenses"
    )
    assert "taxi" in asked.text
    assert "Expenses" in asked.text
    assert asked.own == "Who approves it"


def test_the_newest_words_are_told_from_inherited_ones() -> None:
    asked = follow(HOLIDAYS, "What about Germany?")
    assert asked.own == "Germany"
    assert "company holidays" in asked.inherited
    only_time = follow(HOLIDAYS, "What about this month?")
    assert only_time.own == ""
    assert only_time.times[-1].concrete == "November 2026"


def test_without_history_nothing_is_a_follow_up() -> None:
    assert follow("What about this month?").inherited == ""
    assert follow("why?").text == "why?"


@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_any_conversation_gives_a_question(questions: list[str]) -> None:
    asked = follow(*questions)
    assert asked == follow(*questions)
    assert asked.text.endswith("?")


def test_earlier_questions_weigh_less_the_longer_ago_they_were() -> None:
    asked = follow("first?", "second?", "third?", "fourth?", "What is the deadline?")
    weights = {one.text: one.weight for one in asked.context_queries}
    assert weights["What is the deadline?"] == 1.0  # as it was put, beside the rewritten one
    assert weights["fourth?"] > weights["first?"] > weights["third?"] > weights["second?"]
    longer = follow("fourth?", "Which forms do contractors send with an invoice?").context_queries
    assert [one.text for one in longer] == ["fourth?"]
    assert longer[0].weight < weights["fourth?"]
    assert follow("What is the deadline?").context_queries == ()
    assert [one.text for one in follow(VACATION, VACATION).context_queries] == []
