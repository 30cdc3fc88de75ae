"""Questions made from headings."""

from __future__ import annotations

import pytest

from stook.answering.suggestions import Heading, question_about
from tests.conversation.corpus import brief

OFFICES = """\
# Offices

Every desk has a number, in Hamburg as well.
"""


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("Sharing a desk", "What does the Offices page say about sharing a desk?"),
        ("Parking", "What does the Offices page say about parking?"),
        ("Porto, Portugal", "What does the Offices page say about Porto, Portugal?"),
        ("Hamburg", "What does the Offices page say about Hamburg?"),
        ("2. IT help", "What does the Offices page say about IT help?"),
        ("How to book a desk", "How do I book a desk?"),
        ("Q1: who has a key?", "Who has a key?"),
    ],
)
def test_headings_become_questions(heading: str, question: str) -> None:
    source = brief("What is there?", {"Offices": OFFICES}).sources[0]
    assert question_about(Heading(source, ("Offices", heading), 1.0)) == question
