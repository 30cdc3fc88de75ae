"""Answers in the form that a kind of question asks for."""

from __future__ import annotations

import pytest

from stook.answering.extractive.candidates import candidates
from stook.answering.extractive.compose import compose
from stook.answering.extractive.forms import ordered
from stook.answering.extractive.ranker import rank
from stook.answering.extractive.selection import select
from tests.answering.cases import Case

OFFICES = """# Offices

| city | opened | desks |
| --- | --- | --- |
| Graz | 2019 | 40 |
| Bergen | 2021 | 25 |
| Porto | 2021 | 60 |
"""
CLOSED = """# Days off 2027

The days off in 2027 are 3 days on which all offices are closed:

| Date | Day off |
| --- | --- |
| January 1, 2027 | New Year's Day |
| May 1, 2027 | May Day |
| December 25, 2027 | Christmas Day |
"""
SICK = """# Sick leave

| Length of a sick leave | Pay |
| --- | --- |
| Week 1 | full |
| Week 2 | half |

Send your manager a message before ten.
"""
LICENCES = """# Licences

We avoid libraries under these licences, which are not allowed:

- AGPL
- LGPL

Libraries under MIT are fine.
"""


def answer(question: str, text: str) -> str:
    """Answer from one text, whatever the probability."""
    brief = Case(question, {text.split("\n", 1)[0].strip("# "): text}).brief()
    return compose(select(ordered(brief, rank(candidates(brief)))).chosen).text


@pytest.mark.parametrize(
    ("question", "text", "shown", "hidden"),
    [
        ("Which offices opened in 2021?", OFFICES, ["Bergen", "Porto"], ["Graz"]),
        ("Which offices opened in 2019?", OFFICES, ["Graz"], ["Bergen", "Porto"]),
        ("How many days off are there in 2027?", CLOSED, ["3 days"], ["Christmas"]),
        ("When is Christmas Day in 2027?", CLOSED, ["December 25"], ["May Day"]),
        ("I'm sick, what do I have to do?", SICK, ["Send your manager"], ["Week 2"]),
        ("Which licences should we not use?", LICENCES, ["AGPL", "LGPL"], ["MIT"]),
    ],
)
def test_an_answer_shows_what_is_asked_for_and_nothing_else(
    question: str, text: str, shown: list[str], hidden: list[str]
) -> None:
    told = answer(question, text)
    assert all(one in told for one in shown)
    assert not any(one in told for one in hidden)
