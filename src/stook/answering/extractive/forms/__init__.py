"""Forms of answers: a kind of question that has its own is not answered by the best sentences."""

from __future__ import annotations

from stook.answering.base import Brief
from stook.answering.extractive.compose import Draft
from stook.answering.extractive.forms.summary import summary
from stook.answering.outcome import Outcome
from stook.understanding.acts import Act


def formed(brief: Brief, outcome: Outcome) -> Draft | None:
    """Write the answer in the form of its kind; None where it has none, or that does not fit."""
    if brief.question.act is Act.SUMMARY:
        return summary(brief, outcome)
    return None
