"""Explains an answer: what was understood, searched, found, weighed, taken and left, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stook.answering.base import Brief
from stook.answering.extractive.answerer import Extract, extract_answer
from stook.answering.extractive.query_model import QueryModel
from stook.answering.extractive.ranker import Scored
from stook.answering.extractive.selection import Decision
from stook.answering.extractive.weights import BIAS, WEIGHTS, Weighted
from stook.answering.outcome import Outcome
from stook.knowledge.store.documents import FoundPassage

MOST_CANDIDATES = 30  # shown, best first, beside all that were taken
LONGEST_TEXT = 300  # characters of a candidate
NOT_REACHED = "the answer was full before"
NOT_ANSWERED = "the question is not answered"


@dataclass(frozen=True, slots=True)
class ExplainedFeature:
    """A feature's value, its weight, and what it adds: the product of the two."""

    name: str
    value: float
    weight: float
    adds: float


@dataclass(frozen=True, slots=True)
class ExplainedQuestion:
    """What the question was understood as. ``terms`` have their shares of its weight."""

    asked: str
    searched: str
    inherited: str
    also_searched: tuple[str, ...]
    answer_type: str
    period: str | None
    terms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ExplainedPassage:
    """A passage that was found, with the signals that its score is the sum of."""

    title: str
    url: str
    heading_path: tuple[str, ...]
    score: float
    signals: tuple[ExplainedFeature, ...]


@dataclass(frozen=True, slots=True)
class ExplainedCandidate:
    """A unit or a whole list, with its features, and why it was taken or left."""

    kind: str
    text: str
    title: str
    heading_path: tuple[str, ...]
    score: float
    features: tuple[ExplainedFeature, ...]
    taken: bool
    why: str


@dataclass(frozen=True, slots=True)
class ExplainedAnswerability:
    """The probability that the question is answered, and the features that it is made of.

    ``threshold`` is the least probability of an answer, ``closest`` that of what comes closest.
    """

    answered: bool
    outcome: Outcome
    probability: float
    threshold: float
    closest: float
    bias: float
    features: tuple[ExplainedFeature, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """How an answer came about; ``answer`` says so where the question is not answered."""

    question: ExplainedQuestion
    passages: tuple[ExplainedPassage, ...]
    answerability: ExplainedAnswerability
    candidates: tuple[ExplainedCandidate, ...]
    answer: str


def explain_answer(brief: Brief) -> Explanation:
    """Make the answer from what was found, and keep how."""
    extract = extract_answer(brief)
    return Explanation(
        question=_question(extract.ranked.query),
        passages=tuple(map(explain_passage, brief.found.passages)),
        answerability=_answerability(extract),
        candidates=tuple(_candidates(extract)),
        answer=extract.draft.text,
    )


def explain_passage(passage: FoundPassage) -> ExplainedPassage:
    """Say why a search hit stands where it does."""
    return ExplainedPassage(
        title=passage.document.title,
        url=passage.document.url,
        heading_path=passage.heading_path,
        score=passage.score,
        signals=tuple(
            ExplainedFeature(one.name, one.value, one.weight, one.value * one.weight)
            for one in passage.signals
        ),
    )


def _question(query: QueryModel) -> ExplainedQuestion:
    question, period = query.question, query.period
    return ExplainedQuestion(
        asked=question.asked,
        searched=question.text,
        inherited=question.inherited,
        also_searched=tuple(one.text for one in question.context_queries),
        answer_type=query.type.name.lower(),
        period=f"{period.first} to {period.last}" if period else None,
        terms=query.weights,
    )


def _answerability(extract: Extract) -> ExplainedAnswerability:
    judgement, least = extract.judgement, WEIGHTS.thresholds
    return ExplainedAnswerability(
        answered=extract.outcome is Outcome.ANSWERED,
        outcome=extract.outcome,
        probability=judgement.probability,
        threshold=least[Outcome.ANSWERED],
        closest=least[Outcome.CLOSEST],
        bias=judgement.weights.get(BIAS, 0.0),
        features=_features(judgement.features, judgement.weights),
    )


def _candidates(extract: Extract) -> Iterator[ExplainedCandidate]:
    """All that were taken, and the best of the others, by score."""
    ranked, selection = extract.ranked, extract.selection
    decided = {id(one.scored): one for one in selection.decisions} if selection else {}
    unreached = NOT_REACHED if selection else NOT_ANSWERED
    everything = sorted((*ranked.units, *ranked.lists), key=lambda one: -one.score)
    for number, scored in enumerate(everything):
        decision = decided.get(id(scored)) or Decision(scored, False, unreached)
        if number < MOST_CANDIDATES or decision.taken:
            yield _candidate(scored, decision)


def _candidate(scored: Scored, decision: Decision) -> ExplainedCandidate:
    return ExplainedCandidate(
        kind="list" if scored.whole_list else scored.unit.form.name.lower(),
        text=_shortened(scored.raw),
        title=scored.source.document.title,
        heading_path=scored.unit.heading_path,
        score=scored.score,
        features=_features(scored.candidate.features, WEIGHTS.ranking),
        taken=decision.taken,
        why=decision.why,
    )


def _features(values: Weighted, weights: Weighted) -> tuple[ExplainedFeature, ...]:
    return tuple(
        ExplainedFeature(name, value, weights[name], value * weights[name])
        for name, value in values.items()
        if name in weights
    )


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TEXT else f"{line[: LONGEST_TEXT - 1]}…"
