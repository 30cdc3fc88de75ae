"""Whether what was found answers the question, decided from signals with fitted weights."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from stook.conversation.answerers.base import Brief
from stook.conversation.answerers.scoring import Asked, Candidate, text_terms

REFUSAL = "I could not find an answer to this in the documents you can see."

# bias, then a weight for each signal of `Signals`, in their order.
BIAS = -4.0
WEIGHTS = (3.0, 1.5, 4.0, 0.0, 2.0)

_NAME = re.compile(r"(?<!^)(?<![.!?]\s)\b[A-Z][\w’'-]*\w|\b\d[\d.,:]*\d\b|\b\d\b")


@dataclass(frozen=True, slots=True)
class Signals:
    """``found`` and ``best``: matched shares of the question's weight in the best passage (with
    its headings) and in the best unit; ``cosine``: of the best window; ``bm25``: per term of
    the question; ``names``: share of the question's names and numbers found anywhere."""

    found: float
    best: float
    cosine: float
    bm25: float
    names: float

    def values(self) -> tuple[float, ...]:
        return (self.found, self.best, self.cosine, self.bm25, self.names)


def signals(brief: Brief, asking: Asked, candidates: Sequence[Candidate]) -> Signals:
    """The signals of a question and what was found for it."""
    passages = brief.found.passages
    top = candidates[0]
    return Signals(
        found=max(_share(asking, _passage_terms(candidate)) for candidate in candidates[:3]),
        best=top.cover + top.context,
        cosine=max((passage.dense for passage in passages), default=0.0),
        bm25=max((p.lexical for p in passages), default=0.0) / max(len(asking.weights), 1),
        names=_names(brief),
    )


def probability(found: Signals) -> float:
    """The probability that the question is answered by what was found."""
    logit = BIAS + sum(w * v for w, v in zip(WEIGHTS, found.values(), strict=True))
    return 1 / (1 + math.exp(-logit))


def refuses(brief: Brief, asking: Asked, candidates: Sequence[Candidate]) -> bool:
    """Whether to say that the documents do not answer."""
    return not candidates or probability(signals(brief, asking, candidates)) < 0.5


def _share(asking: Asked, found: frozenset[str]) -> float:
    return sum(weight for term, weight in asking.weights.items() if term in found)


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
