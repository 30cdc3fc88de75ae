"""Combines the named scores of the hits into one ranking, which can say why it is as it is.

A signal is one score of every hit, normalised to 0 to 1, with a weight. The combined score is the
weighted mean of the signals: a normalised weighted sum beat reciprocal rank fusion on every set
that was measured.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from stook.knowledge.encoding.embedding import knows
from stook.knowledge.index.protocol import IndexHit, PassageKey, Vectors
from stook.knowledge.store.documents import SignalScore

# Weights of BM25: of two signals, and with late interaction as the third. The less of a question
# is in a language that the encoder knows, the more BM25 weighs.
LEXICAL_WEIGHT = 0.5
LEXICAL_OF_THREE = 0.35
LATE_SHARE = 5 / 7  # of what BM25 leaves
LEXICAL_UNKNOWN = 1.0  # where no encoder knows anything of the question
# Where only the second encoder knows it: hit@1 of Chinese within xquad, tune half, at .35 / .6 /
# .75 is .90 / .925 / .938, of Chinese over English .625 / .638 / .638.
LEXICAL_OTHER = 0.75
# Proximity decides between passages that are nearly as good. nDCG@10 with it, for 300 questions
# of each set: xquad en, de, scifact and azure_hr +.003, ar +.002, zh +.001, mtrag -.001.
PROXIMITY_WEIGHT = 0.05
# Where even the best hit by BM25 holds less than this of a question, the documents are in another
# language, and words and tokens weigh less. Of German questions the English paragraphs of xquad
# hold .10 at the median, of English ones .81. With it hit@1 / recall@10 of German questions over
# English went from .61 / .91 to .78 / .92, of English ones over German from .68 / .97 to
# .79 / .99; within a language nothing moved by more than .005 (tune halves).
SAME_LANGUAGE = 0.5

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Signal:
    """One named score of every hit: ``values`` of shape (hits,), each 0 to 1."""

    name: str
    values: Scores
    weight: float


@dataclass(frozen=True, slots=True)
class RankedHit:
    """A hit with its combined score and the signals that it is made of.

    ``lexical`` is raw BM25, ``dense`` the cosine of the best window (the lowest of all hits where
    it is not known). ``late`` is the question's own late interaction and ``vectors`` are those of
    its windows, where they were looked at.
    """

    key: PassageKey
    score: float
    lexical: float
    dense: float
    signals: tuple[SignalScore, ...] = ()
    late: float | None = None
    vectors: Vectors | None = field(default=None, compare=False, repr=False)


def combine(hits: Sequence[IndexHit], signals: Sequence[Signal]) -> list[RankedHit]:
    """Rank the hits by the weighted mean of their signals; ties in the order of their keys."""
    total = sum(signal.weight for signal in signals) or 1.0
    shares = [signal.weight / total for signal in signals]
    values = np.array([signal.values for signal in signals]).reshape(len(signals), len(hits))
    scores = np.array(shares) @ values
    names = [signal.name for signal in signals]
    ranked = [
        RankedHit(
            hit.key,
            float(scores[at]),
            hit.lexical,
            dense,
            tuple(map(SignalScore, names, values[:, at].tolist(), shares)),
        )
        for at, (hit, dense) in enumerate(zip(hits, _cosines(hits), strict=True))
    ]
    return sorted(
        ranked, key=lambda one: (-one.score, one.key.document_id, one.key.version, one.key.ordinal)
    )


def hybrid(hits: Sequence[IndexHit], lexical_weight: float) -> list[Signal]:
    """BM25 and cosine, which share a weight of 1."""
    return [bm25(hits, lexical_weight), dense(hits, 1 - lexical_weight)]


def bm25(hits: Sequence[IndexHit], weight: float) -> Signal:
    """BM25 divided by its maximum."""
    return Signal("bm25", _by_maximum(np.array([hit.lexical for hit in hits])), weight)


def dense(hits: Sequence[IndexHit], weight: float) -> Signal:
    """The cosine of the best window, min-max; what has none counts as the lowest."""
    return Signal("dense", _min_max(np.array(_cosines(hits), dtype=np.float64)), weight)


def late_interaction(
    hits: Sequence[IndexHit], scores: Mapping[PassageKey, float], weight: float
) -> Signal:
    """Late interaction, min-max of those looked at; the others count as the worst of them."""
    least = min(scores.values(), default=0.0)
    return Signal(
        "late interaction", _min_max(np.array([scores.get(hit.key, least) for hit in hits])), weight
    )


def proximity(hits: Sequence[IndexHit], scores: Mapping[PassageKey, float]) -> Signal:
    """Term proximity divided by its maximum; what was not looked at has none."""
    values = np.array([scores.get(hit.key, 0.0) for hit in hits])
    return Signal("proximity", _by_maximum(values), PROXIMITY_WEIGHT)


def exact_match(
    hits: Sequence[IndexHit], shares: Mapping[PassageKey, float], weight: float
) -> Signal:
    """The share of the exact phrases and identifiers asked for that a passage holds."""
    return Signal("exact match", np.array([shares.get(hit.key, 0.0) for hit in hits]), weight)


def lexical_weight(
    known_share: float, at_best: float = LEXICAL_WEIGHT, token_share: float | None = None
) -> float:
    """What BM25 weighs for a question of which the encoders know that share.

    ``token_share`` is what the encoder of tokens knows of it: what only another one knows is
    found less surely.
    """
    by_any = knows(known_share)
    by_tokens = by_any if token_share is None else min(by_any, knows(token_share))
    unknown, by_other = 1 - by_any, by_any - by_tokens
    return LEXICAL_UNKNOWN * unknown + LEXICAL_OTHER * by_other + at_best * by_tokens


def matched_mass(hits: Sequence[IndexHit], terms: Mapping[str, float]) -> float:
    """How much of the terms' weight the best hit by BM25 holds (0 to 1)."""
    best = max(hits, key=lambda hit: hit.lexical, default=None)
    total = math.fsum(terms.values())
    if best is None or not total:
        return 1.0
    held = set(best.terms.split())
    return math.fsum(weight for term, weight in terms.items() if term in held) / total


def late_share(token_share: float, known_share: float) -> float:
    """What late interaction weighs of what BM25 leaves.

    It fades where the encoder of the tokens knows less of the question than another one does.
    """
    best = knows(known_share)
    return LATE_SHARE * (knows(token_share) / best if best else 1.0)


def _by_maximum(values: Scores) -> Scores:
    return np.asarray(values / (values.max(initial=0.0) or 1.0))


def _min_max(values: Scores) -> Scores:
    if not len(values):
        return values
    low, high = values.min(), values.max()
    return np.asarray((values - low) / ((high - low) or 1.0))


def _cosines(hits: Sequence[IndexHit]) -> list[float]:
    low = min((hit.dense for hit in hits if hit.dense is not None), default=0.0)
    return [low if hit.dense is None else hit.dense for hit in hits]
