"""Runs and judgements in TREC's file formats, which other tools read (trec_eval, ir-measures)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from stook.evaluation.outcomes import QuestionResult

TAG = "stook"

_BLANK = re.compile(r"\s")


def run_lines(outcomes: Sequence[QuestionResult]) -> Iterator[str]:
    """``query Q0 document rank score tag``, for every question with known documents.

    Scores fall strictly with the rank: tools sort by them, and break ties in their own ways.
    """
    for outcome in _judged(outcomes):
        for rank, hit in enumerate(outcome.ranking, 1):
            score = len(outcome.ranking) - rank + 1
            yield f"{_name(outcome.id)} Q0 {_name(hit.name)} {rank} {score} {TAG}\n"


def qrels_lines(outcomes: Sequence[QuestionResult]) -> Iterator[str]:
    """``query 0 document gain``, for the same questions."""
    for outcome in _judged(outcomes):
        for document, gain in outcome.relevant.items():
            yield f"{_name(outcome.id)} 0 {_name(document)} {gain}\n"


def _judged(outcomes: Sequence[QuestionResult]) -> list[QuestionResult]:
    return [one for one in outcomes if one.answerable and one.relevant]


def _name(name: str) -> str:
    """A name without blanks, which these formats do not allow."""
    return _BLANK.sub(lambda blank: quote(blank[0]), name)
