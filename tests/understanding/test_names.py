"""Names in questions, by which one thing is told from another."""

from __future__ import annotations

import pytest

from stook.understanding.names import names


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What is the monthly rent in Madrid?", ("Madrid",)),
        ("What changed in Ledger 4.7.0?", ("Ledger", "4.7.0")),
        ("Is Slack's plan OK?", ("Slack",)),
        ("Hi. My dog Rufus is old. What does Anna pay on Monday?", ("Anna",)),
        ("¿La empresa paga algo?", ()),
        ("Wie viele Urlaubstage habe ich in der Abteilung M9?", ("M9",)),
        ("How much is a co-pay of 20.5 in 2021?", ()),
    ],
)
def test_names_and_codes_are_found(question: str, found: tuple[str, ...]) -> None:
    assert names(question) == found
