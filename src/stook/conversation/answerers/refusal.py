"""Whether what was found answers the question, decided from signals with fitted weights."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from stook.conversation.answerers.base import Brief
from stook.conversation.answerers.scoring import Asked, Candidate, text_terms

REFUSAL = "I could not find an answer to this in the documents you can see."

# Fitted by `python benchmarks/fit_refusal.py` on xquad: half of its articles known.
BIAS = -10.87
WEIGHTS = (1.92, 3.11, 5.15, 5.57, 2.73, 1.95, 1.12)

_NAME = re.compile(r"(?<!^)(?<![.!?]\s)\b[A-Z][\w’'-]*\w|\b\d[\d.,:]*\d\b|\b\d\b")


@dataclass(frozen=True, slots=True)
class Signals:
    """``passage`` and ``unit``: matched shares of the question's IDF mass in the best passage
    and in the best unit, each with its headings; ``cosine`` of the best window and
    ``unit_cosine`` of the best unit's; ``bm25`` over the question's IDF mass; ``agreement``:
    cosine of the passage that BM25 likes best against the best; ``names``: share of the
    question's names and numbers that what was found has anywhere."""

    passage: float
    unit: float
    cosine: float
    unit_cosine: float
    bm25: float
    agreement: float
    names: float


def signals(brief: Brief, asking: Asked, candidates: Sequence[Candidate]) -> Signals:
    """The signals of a question and what was found for it."""
    found = brief.found
    best = candidates[0]
    mass = sum(term.idf for term in found.terms)
    lexical = max(found.passages, key=lambda passage: passage.lexical)
    return Signals(
        passage=max(_share(asking, _passage_terms(item)) for item in _first_of_each(candidates)),
        unit=max(_share(asking, item.own | item.around) for item in candidates[:3]),
        cosine=found.best_dense,
        unit_cosine=best.cosine,
        bm25=found.best_lexical / mass if mass else 0.0,
        agreement=lexical.dense / found.best_dense if found.best_dense > 0 else 0.0,
        names=_names(brief),
    )


def probability(found: Signals) -> float:
    """The probability that the question is answered by what was found."""
    logit = BIAS + sum(w * v for w, v in zip(WEIGHTS, astuple(found), strict=True))
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


def _names(brief: Brief) -> float:
    names = _NAME.findall(brief.question.asked)
    if not names:
        return 1.0
    found = text_terms("\n".join(p.text for p in brief.found.passages)) | text_terms(
        "\n".join(source.document.title for source in brief.sources)
    )
    held = sum(text_terms(name) <= found for name in names)
    return held / len(names)
