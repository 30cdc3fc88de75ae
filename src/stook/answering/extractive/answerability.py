"""Whether what was found answers the question, from named features with fitted weights."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from stook.answering.base import Brief
from stook.answering.extractive.query_model import QueryModel
from stook.answering.extractive.ranker import Ranked, Scored
from stook.answering.extractive.weights import BIAS, WEIGHTS, Weighted, Weights, weighed
from stook.answering.outcome import Outcome
from stook.understanding.content import text_terms

USUAL_TERMS = 10  # of a question; more dilute it
MOST_NAMES = 3  # more missing names say no more
SHORT_PERIOD = 31  # days; of a short period that is asked for, an answer names a date
BEST_UNITS, BEST_PASSAGES = 3, 5  # in which the question's terms are looked for

_ANY_NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
_NUMBER = re.compile(r"(?<![$€£¥\d.,])\d(?:[\d.,]*\d)?")  # a sum of money is a case, no fact


@dataclass(frozen=True, slots=True)
class Looked:
    """What the features of answerability look at: all that was found, and the best unit."""

    brief: Brief
    query: QueryModel
    units: Sequence[Scored]

    @property
    def best(self) -> Scored:
        return self.units[0]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The probability that the best of what was found answers rightly, and what it rests on.

    ``weights`` are those used: they differ where no late interaction is known. ``absent`` are the
    names in the question which nothing has that the asker may see: then it is not answered.
    """

    outcome: Outcome
    probability: float
    features: Mapping[str, float]
    weights: Weighted
    absent: tuple[str, ...] = ()


NOTHING_FOUND = Judgement(Outcome.NOTHING, 0.0, {}, {})


def judge(brief: Brief, ranked: Ranked, weights: Weights = WEIGHTS) -> Judgement:
    """Decide from what was found whether it answers the question."""
    if not ranked.units:
        return NOTHING_FOUND
    found = features(brief, ranked)
    chosen = weights.answerability
    if brief.found.best_late is None:
        chosen = weights.answerability_without_late_interaction
    known = [name for name in chosen if name != BIAS]
    logit = chosen[BIAS] + weighed(found, chosen, known)
    probability = 1 / (1 + math.exp(-logit))
    absent = absent_names(brief, ranked.query)
    outcome = _outcome(probability, weights.thresholds, is_there=not absent)
    return Judgement(outcome, probability, found, chosen, absent)


def absent_names(brief: Brief, query: QueryModel) -> tuple[str, ...]:
    """Return the names in the question of which nothing is to be seen."""
    return tuple(name for name in query.names if text_terms(name) & brief.found.unseen)


def _outcome(probability: float, least: Weighted, *, is_there: bool) -> Outcome:
    if probability >= least[Outcome.ANSWERED] and is_there:
        return Outcome.ANSWERED
    return Outcome.CLOSEST if probability >= least[Outcome.CLOSEST] else Outcome.NOTHING


def features(brief: Brief, ranked: Ranked) -> dict[str, float]:
    """Return the features of answerability by name; at least one unit was found."""
    looked = Looked(brief, ranked.query, ranked.units)
    return {name: feature(looked) for name, feature in FEATURES.items()}


def late(at: Looked) -> float:
    """Return the best late interaction of what was found (-1 to 1), 0 where none is known."""
    return at.brief.found.best_late or 0.0


def unit_late(at: Looked) -> float:
    """Return the late interaction of the best unit's passage; if not known, the least known."""
    if at.best.passage.late is not None:
        return at.best.passage.late
    return min((one.late for one in at.brief.found.passages if one.late is not None), default=0.0)


def cosine(at: Looked) -> float:
    """Return the best cosine of what was found."""
    return at.brief.found.best_dense


def unit_cosine(at: Looked) -> float:
    """Return the cosine of the best unit's window."""
    return at.best.feature("cosine")


def unit_coverage(at: Looked) -> float:
    """Return the share of the question's IDF mass in the best units, each with its headings."""
    return max(
        at.query.mass_in(one.candidate.own | one.candidate.around) for one in at.units[:BEST_UNITS]
    )


def passage_coverage(at: Looked) -> float:
    """Return the share of the question's IDF mass in the best passages, each with its headings."""
    return max(at.query.mass_in(_passage_terms(one)) for one in _best_of_each_passage(at.units))


def names_missing(at: Looked) -> float:
    """Return how many names of the question the best unit's passage lacks (3 at most)."""
    return _missing(at, _passage_terms(at.best))


def names_unseen(at: Looked) -> float:
    """Return how many names of the question nothing has that was found (3 at most)."""
    return _missing(at, _all_terms(at.brief))


def names_apart(at: Looked) -> float:
    """Return how many names of the question neither the best unit has nor what stands above it."""
    return _missing(at, at.best.candidate.own | at.best.candidate.around)


def numbers_apart(at: Looked) -> float:
    """Return 1 where neither the best unit nor what stands above it has a number of the question.

    Times aside.
    """
    if at.query.question.times:
        return 0.0
    best = at.best
    above = (best.source.document.title, *best.unit.heading_path)
    held = {_ungrouped(one) for one in _ANY_NUMBER.findall("\n".join((*above, best.raw)))}
    asked = _NUMBER.findall(at.query.question.asked)
    return float(any(_ungrouped(one) not in held for one in asked))


def unseen(at: Looked) -> float:
    """Return the share of the question's IDF mass that nothing has which the asker may see."""
    return at.query.mass_in(at.brief.found.unseen)


def length(at: Looked) -> float:
    """Return how often the question's terms are twice as many as those of a usual question.

    As the binary logarithm, at least 0: what is told around a question lowers all shares.
    """
    return max(0.0, math.log2(max(1, len(at.query.masses)) / USUAL_TERMS))


def foreign(at: Looked) -> float:
    """Return the part of the question that the encoder does not know (0 to 1)."""
    return 1.0 - at.brief.found.known_share


def foreign_unit(at: Looked) -> float:
    """Return ``unit_coverage`` as far as the encoder does not know the question."""
    return foreign(at) * unit_coverage(at)


def foreign_passage(at: Looked) -> float:
    """Return ``passage_coverage`` as far as the encoder does not know the question."""
    return foreign(at) * passage_coverage(at)


def foreign_late(at: Looked) -> float:
    """Return ``late`` as far as the encoder does not know the question."""
    return foreign(at) * late(at)


def evidence(at: Looked) -> float:
    """Return the part of the best unit's score from its own words and window."""
    return at.best.evidence


def margin(at: Looked) -> float:
    """Return by how much the best unit is better than all of other sections."""
    section = (at.best.source, at.best.unit.heading_path)
    others = (one for one in at.units if (one.source, one.unit.heading_path) != section)
    return at.best.score - next((one.score for one in others), 0.0)


def year_apart(at: Looked) -> float:
    """Return 1 where a year is asked for that neither the best unit has nor what is above it."""
    times = at.query.question.times
    years = {str(one.period.first.year) for one in times if not one.yearless}
    asked = {year for year in years if year in at.query.question.asked}
    best = at.best
    held = "\n".join((best.source.document.title, *best.unit.heading_path, best.raw))
    return float(any(year not in held for year in asked))


def number_missing(at: Looked) -> float:
    """Return 1 where the best passage lacks a number of the question, times aside."""
    if at.query.question.times:
        return 0.0
    best = at.best
    text = "\n".join((best.source.document.title, *best.unit.heading_path, best.passage.text))
    held = {_ungrouped(number) for number in _ANY_NUMBER.findall(text)}
    asked = _NUMBER.findall(at.query.question.asked)
    return float(any(_ungrouped(one) not in held for one in asked))


def in_period(at: Looked) -> float:
    """Return how well the best unit's date fits the period asked for (0 to 1)."""
    return max(at.best.feature("in_period"), 0.0)


def nothing_dated(at: Looked) -> float:
    """Return 1 where the best unit has no date in a short period that is asked for."""
    period = at.query.period
    short = period is not None and (period.last - period.first).days <= SHORT_PERIOD
    return float(short and at.best.feature("in_period") <= 0)


FEATURES: Mapping[str, Callable[[Looked], float]] = {
    one.__name__: one
    for one in (
        late,
        unit_late,
        cosine,
        unit_cosine,
        unit_coverage,
        passage_coverage,
        names_missing,
        names_unseen,
        names_apart,
        numbers_apart,
        unseen,
        length,
        foreign,
        foreign_unit,
        foreign_passage,
        foreign_late,
        evidence,
        margin,
        year_apart,
        number_missing,
        in_period,
        nothing_dated,
    )
}


def _best_of_each_passage(units: Sequence[Scored]) -> list[Scored]:
    first: dict[tuple[int, int], Scored] = {}
    for item in units:
        first.setdefault((item.source.rank, item.passage.ordinal), item)
        if len(first) == BEST_PASSAGES:
            break
    return list(first.values())


def _passage_terms(item: Scored) -> frozenset[str]:
    return text_terms(item.passage.text) | item.candidate.around


def _all_terms(brief: Brief) -> frozenset[str]:
    texts = [passage.text for passage in brief.found.passages]
    texts += [" ".join(passage.heading_path) for passage in brief.found.passages]
    texts += [source.document.title for source in brief.sources]
    return frozenset[str]().union(*(text_terms(text) for text in texts))


def _missing(at: Looked, held: frozenset[str]) -> float:
    lacking = sum(not text_terms(name) <= held for name in at.query.names)
    return float(min(MOST_NAMES, lacking))


def _ungrouped(number: str) -> str:
    return number.replace(",", "")
