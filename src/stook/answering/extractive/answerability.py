"""Whether what was found answers the question, decided from signals with fitted weights."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stook.answering.base import Brief
from stook.answering.extractive.scoring import Asked, Candidate
from stook.understanding.content import text_terms

# Fitted by `python benchmarks/fit_refusal.py` on xquad, half of its articles known; the biases
# are a bit higher than fitted, for questions put in other words than the documents'.
WEIGHTS = {"late": 8.75, "unit_late": 9.0, "cosine": 5.95, "unit": 2.7, "passage": 2.25}
WEIGHTS |= {"names": -0.8, "numbers": -1.4}
BIAS = -10.5
# … and where late interaction is not known.
QUICK_WEIGHTS = {"cosine": 7.4, "unit_cosine": 6.9, "unit": 4.4, "passage": 3.6}
QUICK_WEIGHTS |= {"names": -1.0, "numbers": -1.6}
QUICK_BIAS = -8.75
STRANGER = 1.5  # what it costs for each name of the question that nothing found has
UNDATED = 1.5  # what it costs to have nothing dated for a short period …
SHORT_PERIOD = 31  # … of so many days

_NAME = re.compile(r"(?<!^)(?<![.!?]\s)\b[A-Z]\w[\w’'-]*")
_ANY_NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
_NUMBER = re.compile(r"(?<![$€£¥\d.,])\d(?:[\d.,]*\d)?")  # a sum of money is a case, no fact


@dataclass(frozen=True, slots=True)
class Signals:
    """``late``: the best late interaction, None if not known, and ``unit_late`` that of the best
    unit's passage; ``cosine`` of the best window and ``unit_cosine`` of the best unit's; ``unit``
    and ``passage``: matched shares of the question's IDF mass in the best unit and in the best
    passage, each with its headings; ``names``: how many names of the question the best unit's
    passage lacks (3 at most); ``numbers``: 1 if it lacks a number. Added as they are:
    ``strangers``, for names that nothing found has, and ``timely``, whether the best unit's date
    lies in the period asked for."""

    late: float | None
    unit_late: float
    cosine: float
    unit_cosine: float
    unit: float
    passage: float
    names: float
    numbers: float
    strangers: float = 0.0
    timely: float = 0.0


def signals(brief: Brief, asking: Asked, candidates: Sequence[Candidate]) -> Signals:
    """The signals of a question and what was found for it."""
    best = candidates[0]
    return Signals(
        late=brief.found.best_late,
        unit_late=_late(brief, best),
        cosine=brief.found.best_dense,
        unit_cosine=best.cosine,
        unit=max(_share(asking, item.own | item.around) for item in candidates[:3]),
        passage=max(_share(asking, _passage_terms(item)) for item in _first_of_each(candidates)),
        names=_names_lacking(brief, _passage_terms(best)),
        numbers=_number_lacking(brief, best),
        strangers=-STRANGER * _names_lacking(brief, _all_terms(brief)),
        timely=_timeliness(asking, best),
    )


def _late(brief: Brief, best: Candidate) -> float:
    """The late interaction of the best unit's passage; if it is not known, the least that is."""
    if best.passage.late is not None:
        return best.passage.late
    known = [one.late for one in brief.found.passages if one.late is not None]
    return min(known, default=0.0)


def _timeliness(asking: Asked, best: Candidate) -> float:
    """What it says for an answer that its date lies in the period asked for, or that none does."""
    period = asking.question.period
    if period is None:
        return 0.0
    if best.date > 0:
        return best.date
    return -UNDATED if (period.last - period.first).days <= SHORT_PERIOD else 0.0


def probability(found: Signals) -> float:
    """The probability that the question is answered by what was found."""
    if found.late is None:
        logit = QUICK_BIAS + weighed(found, QUICK_WEIGHTS)
    else:
        logit = BIAS + weighed(found, WEIGHTS)
    return 1 / (1 + math.exp(-logit - found.strangers - found.timely))


def weighed(found: Signals, weights: Mapping[str, float]) -> float:
    """The weighted sum of the signals that have a weight."""
    return sum(weight * float(getattr(found, name)) for name, weight in weights.items())


def refuses(brief: Brief, asking: Asked, candidates: Sequence[Candidate]) -> bool:
    """Whether to say that the documents do not answer."""
    return not candidates or probability(signals(brief, asking, candidates)) < 0.5


def _share(asking: Asked, found: frozenset[str]) -> float:
    return sum(mass for term, mass in asking.masses.items() if term in found)


def _first_of_each(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The best candidate of each of the five best passages."""
    first: dict[tuple[int, int], Candidate] = {}
    for item in candidates:
        first.setdefault((item.source.rank, item.passage.ordinal), item)
        if len(first) == 5:
            break
    return list(first.values())


def _passage_terms(candidate: Candidate) -> frozenset[str]:
    return text_terms(candidate.passage.text) | candidate.around


def _all_terms(brief: Brief) -> frozenset[str]:
    texts = [passage.text for passage in brief.found.passages]
    texts += [" ".join(passage.heading_path) for passage in brief.found.passages]
    texts += [source.document.title for source in brief.sources]
    return frozenset[str]().union(*(text_terms(text) for text in texts))


def _names_lacking(brief: Brief, held: frozenset[str]) -> float:
    names = dict.fromkeys(_NAME.findall(brief.question.asked))
    return float(min(3, sum(not text_terms(name) <= held for name in names)))


def _number_lacking(brief: Brief, best: Candidate) -> float:
    """Whether the best passage lacks a number of the question; times are looked at elsewhere."""
    if brief.question.times:
        return 0.0
    names = (best.source.document.title, *best.unit.heading_path)
    text = "\n".join((*names, best.passage.text))
    held = {_ungrouped(number) for number in _ANY_NUMBER.findall(text)}
    return float(any(_ungrouped(one) not in held for one in _NUMBER.findall(brief.question.asked)))


def _ungrouped(number: str) -> str:
    return number.replace(",", "")
