"""Which questions may be looked at, and which only report.

Weights, thresholds and choices are made on the *tune* half. What the pages say is of the *report*
half, whose questions are not looked at. A question's half follows from its id, once and for all.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Sequence

from stook.evaluation.questions import Question

OUTSIDE = "outside-"  # before the id of a question that is borrowed from another set


class Half(enum.StrEnum):
    TUNE = "tune"
    REPORT = "report"


def half_of(question_id: str) -> Half:
    """Return the half of a question; borrowed by another set, it keeps its own."""
    digest = hashlib.sha256(question_id.removeprefix(OUTSIDE).encode()).digest()
    return Half.REPORT if digest[0] % 2 else Half.TUNE


def of_half(questions: Sequence[Question], half: Half) -> list[Question]:
    """Return the questions of one half, in their order."""
    return [one for one in questions if half_of(one.id) is half]
