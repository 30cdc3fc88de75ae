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


LUNCH = "What is there for lunch in Boston?"
OPENING = "When does the Hamburg office open?"
RIVER = "What does Weir River cost?"


@pytest.mark.parametrize(
    ("questions", "text"),
    [
        ((LUNCH, "no, I meant Porto"), "What is there for lunch in Porto?"),
        ((LUNCH, "I was asking about Porto, not Boston"), "What is there for lunch in Porto?"),
        ((VACATION, "sorry, I meant sick days"), "How many sick days do I get?"),
        ((OPENING, "no, the Porto office"), "When does the Porto office open?"),
        ((OPENING, "I meant the Porto office, not Hamburg"), "When does the Porto office open?"),
        ((RIVER, "no, I meant Tidemark Town"), "What does Tidemark Town cost?"),
        ((RIVER, "and Brook?"), "What does Weir Brook cost?"),
        (("What are the holidays in 2027?", "sorry, I meant 2028"), "What are the holidays 2028?"),
        ((LUNCH, "No, I meant how do I get there"), "how do I get there?"),
        (
            ("Wie lange ist die Elternzeit?", "nein, ich meinte die Probezeit"),
            "Wie lange ist die Probezeit?",
        ),
        (
            (VACATION, "shorter", "are you sure?", "and for contractors?"),
            "How many vacation days do I get for contractors?",
        ),
    ],
)
def test_corrections(questions: tuple[str, ...], text: str) -> None:
    assert follow(*questions).text == text


def test_what_is_about_the_last_answer_keeps_its_question() -> None:
    for turn in ("more", "shorter please", "are you sure?", "what about the other one?"):
        asked = follow(VACATION, turn)
        assert asked.text == VACATION
        assert asked.said == "…"


def test_the_other_one_is_not_the_one_that_was_named() -> None:
    asked = follow(LUNCH, "what about the other one?")
    assert asked.text == "What is there for lunch in?"
    assert follow("Was kostet Weir River?", "und das andere?").text == "Was kostet?"


def test_more_counts_all_that_was_said_since_the_question() -> None:
    history = [
        Past(Author.USER, VACATION),
        Past(Author.ASSISTANT, "27 days."),
        Past(Author.USER, "more"),
        Past(Author.ASSISTANT, "One more after two years."),
    ]
    asked = stand_alone("and?", history, TODAY)
    assert asked.said == "27 days.\nOne more after two years."
    assert stand_alone("are you sure?", history, TODAY).said == "One more after two years."


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
