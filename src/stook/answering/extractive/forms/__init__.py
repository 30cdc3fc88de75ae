"""Forms of answers: a kind of question that has its own is not answered by the best sentences."""

from __future__ import annotations

from stook.answering.base import Brief
from stook.answering.extractive.compose import Draft
from stook.answering.extractive.forms.last_answer import more, rests_on, shorter
from stook.answering.extractive.forms.summary import summary
from stook.answering.extractive.ranker import Ranked
from stook.answering.outcome import Outcome
from stook.understanding.acts import Act


def formed(brief: Brief, ranked: Ranked, outcome: Outcome) -> tuple[Outcome, Draft] | None:
    """Write the answer in the form of its kind; None where it has none, or that does not fit.

    ``outcome`` is what the best sentences would be.
    """
    act = brief.question.act
    if act is Act.SUMMARY:
        draft = summary(brief, outcome)
        return None if draft is None else (Outcome.ANSWERED, draft)
    if outcome is Outcome.NOTHING:
        return None
    if act is Act.MORE:
        return more(brief, ranked)
    if act is Act.SHORTER:
        return shorter(brief, ranked)
    return rests_on(brief, ranked) if act is Act.DOUBT else None
