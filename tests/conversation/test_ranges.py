"""Quantities of questions and the ranges of documents."""

from __future__ import annotations

import pytest

from stook.answering.extractive.features.ranges import quantities, ranges


def holds(text: str, question: str) -> bool:
    return any(one.holds(each) for one in ranges(text) for each in quantities(question))


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("| above £3,500 | the chief financial officer |", "Who signs off a claim of £5,000?"),
        ("| £400 to £3,500 | your head of department |", "Who signs off £3,500?"),
        ("| £400–£3,500 | your head of department |", "Who signs off 1200?"),
        ("up to £400: your manager", "Can I buy a chair for £ 250?"),
        ("between 5k and 10k €", "What about €7,500?"),
        ("After an absence of six weeks or more you return in steps.", "I was ill for 2 months."),
        ("Notice is 30 days for contracts of at least one year", "a contract of 3 years"),
        ("Teams of 20 people or more", "We are 25 people."),
        ("Files under 25 MB", "May I send 12 MB?"),
    ],
)
def test_ranges_that_hold_what_is_asked_for(text: str, question: str) -> None:
    assert holds(text, question)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("| up to £400 | your manager |", "Who signs off a claim of £5,000?"),
        ("| £400 to £3,500 | your head of department |", "Who signs off £5,000?"),
        ("above $3,500", "Who signs off £5,000?"),  # another currency
        ("within 45 days", "Can I claim £20?"),
        ("Teams of 20 people or more", "We are 12 people."),
        ("an absence of six weeks or more", "I was ill for 2 days."),
        ("from 9 to 17", "What happened in 2026?"),
        ("more than one thing", "Who are the two founders?"),
        ("nothing", "£5"),
    ],
)
def test_ranges_that_do_not(text: str, question: str) -> None:
    assert not holds(text, question)


def test_units_of_time_are_compared() -> None:
    (weeks,) = quantities("for 6 weeks")
    assert (weeks.low, weeks.unit) == (42, "day")
    assert quantities("What is new in 2026, for 5?") == ()
