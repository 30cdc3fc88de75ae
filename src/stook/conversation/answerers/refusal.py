"""Whether what was found answers the question, decided from signals with fitted weights."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from stook.conversation.answerers.base import Brief
from stook.conversation.answerers.scoring import Asked, Candidate, text_terms

# Fitted by `python benchmarks/fit_refusal.py` on xquad: half of its articles known.
BIAS = -6.25
WEIGHTS = (3.17, 3.46, 3.71, 4.54, 1.84, 0.51, -4.5)
UNDATED = 1.5  # what it costs to have nothing dated for a short period …
SHORT_PERIOD = 31  # … of so many days

_NAME = re.compile(r"(?<!^)(?<![.!?]\s)\b[A-Z]\w[\w’'-]*")


@dataclass(frozen=True, slots=True)
class Signals:
    """``passage`` and ``unit``: matched shares of the question's IDF mass in the best passage
    and in the best unit, each with its headings; ``cosine`` of the best window and
    ``unit_cosine`` of the best unit's; ``margin``: by how much the best
    cosine stands out from the middle one; ``anywhere``: matched share over all that was found;
    ``missing``: how many names of the question that has none of (3 at most); ``timely``
    is added as it is: whether the best unit's date lies in the period asked for."""

    passage: float
    unit: float
    cosine: float
    unit_cosine: float
    margin: float
    anywhere: float
    missing: float
    timely: float = 0.0


def signals(brief: Brief, asking: Asked, candidates: Sequence[Candidate]) -> Signals:
    """The signals of a question and what was found for it."""
    found = brief.found
    best = candidates[0]
    return Signals(
        passage=max(_share(asking, _passage_terms(item)) for item in _first_of_each(candidates)),
        unit=max(_share(asking, item.own | item.around) for item in candidates[:3]),
        cosine=found.best_dense,
        unit_cosine=best.cosine,
        margin=found.best_dense - statistics.median(item.dense for item in found.passages),
        anywhere=_share(asking, _all_terms(brief)),
        missing=_missing(brief),
        timely=_timeliness(asking, best),
    )


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
    logit = BIAS + found.timely
    logit += sum(w * v for w, v in zip(WEIGHTS, astuple(found)[: len(WEIGHTS)], strict=True))
    return 1 / (1 + math.exp(-logit))


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


def _missing(brief: Brief) -> float:
    found = _all_terms(brief)
    names = dict.fromkeys(_NAME.findall(brief.question.asked))
    return float(min(3, sum(not text_terms(name) <= found for name in names)))
