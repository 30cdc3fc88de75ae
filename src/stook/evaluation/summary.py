"""Sums up what came of all questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stook.evaluation.measures import mean, quantile
from stook.evaluation.outcomes import Answered, QuestionResult

Summary = dict[str, dict[str, float | None]]


def summarise(outcomes: Sequence[QuestionResult]) -> Summary:
    """A section for each kind of measure; what cannot be told from the questions is None."""
    answered = [one for one in outcomes if one.answer is not None]
    sections: Summary = {"questions": _counts(outcomes), "retrieval": _retrieval(outcomes)}
    if answered:
        sections["answers"] = _answers(answered)
        sections["refusals"] = _refusals(answered)
        sections["citations"] = _citations(answered)
    sections["latency"] = _latency(outcomes)
    return sections


def _counts(outcomes: Sequence[QuestionResult]) -> dict[str, float | None]:
    return {
        "asked": float(len(outcomes)),
        "answerable": float(sum(one.answerable is True for one in outcomes)),
        "failed": float(sum(bool(one.error) for one in outcomes)),
    }


def _retrieval(outcomes: Sequence[QuestionResult]) -> dict[str, float | None]:
    """Means over the answerable questions with known documents; one that failed counts 0."""
    judged = [one for one in outcomes if one.answerable and one.relevant]
    names = dict.fromkeys(name for one in judged for name in one.retrieval)
    return {name: mean(one.retrieval.get(name, 0.0) for one in judged) for name in names}


def _answers(outcomes: Sequence[QuestionResult]) -> dict[str, float | None]:
    """Over the answerable questions with expected answers; a refusal holds nothing."""
    judged = [answer for answer in _given(outcomes, answerable=True) if answer.right is not None]
    return {
        "contains": mean(bool(answer.right) for answer in judged),
        "token F1": mean(0.0 if answer.refused else answer.f1 or 0.0 for answer in judged),
    }


def _refusals(outcomes: Sequence[QuestionResult]) -> dict[str, float | None]:
    rightly = [answer.refused for answer in _given(outcomes, answerable=False)]
    wrongly = [answer.refused for answer in _given(outcomes, answerable=True)]
    refused = sum(rightly) + sum(wrongly)
    return {
        "precision": sum(rightly) / refused if refused else None,
        "recall": mean(rightly),
        "wrongly refused": mean(wrongly),
    }


def _citations(outcomes: Sequence[QuestionResult]) -> dict[str, float | None]:
    """Precision over the citations; recall over the answerable questions: one citation right.

    "supported" is the share of a language model's statements that a passage supports.
    """
    every = [one for outcome in outcomes if outcome.answer for one in outcome.answer.citations]
    given = [
        [one.right for one in answer.citations if one.right is not None]
        for outcome, answer in _with_answers(outcomes)
        if outcome.answerable and (outcome.relevant or answer.right is not None)
    ]
    return {
        "precision": mean(bool(right) for one in given for right in one),
        "recall": mean(any(one) for one in given),
        "verbatim": mean(one.verbatim for one in every),
        "supported": _supported(outcomes),
    }


def _supported(outcomes: Iterable[QuestionResult]) -> float | None:
    answers = [answer for _, answer in _with_answers(outcomes)]
    statements = sum(answer.statements for answer in answers)
    return sum(answer.supported for answer in answers) / statements if statements else None


def _latency(outcomes: Sequence[QuestionResult]) -> dict[str, float | None]:
    """Milliseconds; CPU is of all threads of the process together."""
    done = [one for one in outcomes if not one.error]
    answers = [answer for _, answer in _with_answers(done)]
    found: dict[str, float | None] = {}
    for name, values in (
        ("search", [one.search_milliseconds for one in done]),
        ("search CPU", [one.search_cpu_milliseconds for one in done]),
        ("answer", [one.milliseconds for one in answers]),
        ("answer CPU", [one.cpu_milliseconds for one in answers]),
    ):
        if values:
            found |= {f"{name} p50": quantile(values, 0.5), f"{name} p95": quantile(values, 0.95)}
    return found


def _given(outcomes: Iterable[QuestionResult], *, answerable: bool) -> list[Answered]:
    return [answer for one, answer in _with_answers(outcomes) if one.answerable is answerable]


def _with_answers(outcomes: Iterable[QuestionResult]) -> list[tuple[QuestionResult, Answered]]:
    return [(one, one.answer) for one in outcomes if one.answer is not None]
