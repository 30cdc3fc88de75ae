"""What is asked for behind the words of a kind of question."""

from __future__ import annotations

from datetime import date

import pytest

from stook.conversation.research.resolving import plan
from stook.understanding import acts
from stook.understanding.acts import Act
from stook.understanding.followup import stand_alone
from stook.understanding.rambling import told_apart
from stook.understanding.time_expressions import read

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("asked", "topic"),
    [
        ("List all company values", "company values"),
        ("Give me a list of all the offices", "offices"),
        ("please name our products", "products"),
        ("Nenne mir alle Feiertage", "Feiertage"),
        ("Which offices are there?", "Which offices are there?"),
        ("list", "list"),
    ],
)
def test_the_words_that_ask_for_a_list_are_not_searched_for(asked: str, topic: str) -> None:
    assert acts.without_list_lead(asked) == topic


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("Someone told me to open a ticket in Lantern. What's that?", "What's Lantern?"),
        ("We pay with Tally. And what is it?", "And what is Tally?"),
        ("It broke again. What is that?", "It broke again. What is that?"),
    ],
)
def test_a_pointer_is_the_name_in_the_sentence_before(message: str, asked: str) -> None:
    assert told_apart(message).asked == asked


@pytest.mark.parametrize(
    ("question", "months"),
    [
        ("Why does our year not run from January to December?", []),
        ("Läuft unser Jahr von Januar bis Dezember?", []),
        ("Which holidays are there from April to June?", [(4, 6)]),
        ("Is it closed from December to February?", [(12, 2)]),
    ],
)
def test_months_joined_are_one_time_and_a_whole_year_is_none(
    question: str, months: list[tuple[int, int]]
) -> None:
    periods = [one.period for one in read(question, TODAY)]
    assert [(one.first.month, one.last.month) for one in periods] == months
    assert all(one.first < one.last for one in periods)


@pytest.mark.parametrize(
    ("question", "act", "parts"),
    [
        ("What did the board decide? Just the main points", Act.SUMMARY, 1),
        ("What does remote mean here? In two sentences", Act.SUMMARY, 1),
        ("Stipend: how much is it and does my manager have to say yes?", Act.MULTI_PART, 2),
    ],
)
def test_how_long_an_answer_shall_be_is_no_part_of_a_question(
    question: str, act: Act, parts: int
) -> None:
    asked = stand_alone(question, [], TODAY)
    whole = acts.act_of(question).act
    planned = plan(asked, TODAY, day_first=False)
    assert whole is act
    assert len(planned) == parts
    if act is not Act.SUMMARY:
        assert all(part.act is not Act.SUMMARY for _, part in planned)
