"""Ranks the hits of an index: BM25, the best window's cosine, late interaction and closeness.

Late interaction (ColBERT, Khattab and Zaharia 2020): each token of the question looks for the
token of a window that is most like it, and the mean of these likenesses is the window's score.
Tokens are the signs of the encoder's own token vectors (48 bytes instead of 1,536), and their
likeness is the cosine of the signs, 1 - 2 · Hamming distance / dimensions. Measured on four public
sets the signs rank as well as the vectors themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from stook.knowledge.index.protocol import IndexHit, PassageKey, TokenBits, Vectors

RERANKED = 20  # hits that late interaction and closeness look at

# Weights of BM25: of two parts, and with late interaction as the third. The less of a question
# is in a language that the encoder knows, the more BM25 weighs.
LEXICAL_WEIGHT = 0.5
LEXICAL_OF_THREE = 0.35
LATE_SHARE = 5 / 7  # of what BM25 leaves
LEXICAL_UNKNOWN = 1.0  # where the encoder knows nothing of the question
# Closeness decides between passages that are nearly as good. nDCG@10 with it, for 300 questions
# of each set: xquad en, de, scifact and azure_hr +.003, ar +.002, zh +.001, mtrag -.001.
CLOSENESS_WEIGHT = 0.05
UNKNOWN_BELOW, KNOWN_FROM = 0.4, 0.85  # shares of its letters in pieces that the encoder knows

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ScoredKey:
    """A hit with its fused score.

    ``late`` is the question's own late interaction and ``vectors`` are those of its windows,
    where they were looked at.
    """

    key: PassageKey
    score: float
    lexical: float
    dense: float
    late: float | None = None
    vectors: Vectors | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Late:
    """Late interaction with a passage: of all texts that are asked, and of the first alone."""

    together: float
    own: float


@dataclass(frozen=True, slots=True)
class WeightedTokens:
    """The tokens of a text that is asked, and what it weighs against the others."""

    tokens: TokenBits
    weight: float


def lexical_weight(known_share: float, at_best: float = LEXICAL_WEIGHT) -> float:
    """What BM25 weighs for a question of which the encoder knows that share."""
    knows = (known_share - UNKNOWN_BELOW) / (KNOWN_FROM - UNKNOWN_BELOW)
    knows = min(1.0, max(0.0, knows))
    return LEXICAL_UNKNOWN - (LEXICAL_UNKNOWN - at_best) * knows


def fuse(hits: Sequence[IndexHit], lexical_weight: float = LEXICAL_WEIGHT) -> list[ScoredKey]:
    """BM25 ÷ maximum and min-max of cosine, weighted; best first, ties in the order of keys."""
    lexical, dense = _normalised(hits)
    return _ranked(hits, lexical_weight * lexical + (1 - lexical_weight) * dense)


def fuse_all(
    hits: Sequence[IndexHit],
    late: Mapping[PassageKey, Late],
    close: Mapping[PassageKey, float],
    lexical_weight: float,
) -> list[ScoredKey]:
    """The same with late interaction, min-max of those looked at, and closeness ÷ maximum.

    Hits that neither looked at count as the worst looked at, and as not close.
    """
    lexical, dense = _normalised(hits)
    scores = {key: one.together for key, one in late.items()}
    least = min(scores.values(), default=0.0)
    third = _min_max(np.array([scores.get(hit.key, least) for hit in hits]))
    rest = 1 - lexical_weight
    fused = lexical_weight * lexical + rest * (1 - LATE_SHARE) * dense + rest * LATE_SHARE * third
    nearness = np.array([close.get(hit.key, 0.0) for hit in hits])
    nearness /= nearness.max(initial=0.0) or 1.0
    fused = (fused + CLOSENESS_WEIGHT * nearness) / (1 + CLOSENESS_WEIGHT)
    own = {key: one.own for key, one in late.items()}
    return [replace(one, late=own.get(one.key)) for one in _ranked(hits, fused)]


def interactions(
    question: Sequence[WeightedTokens], found: Mapping[PassageKey, Sequence[TokenBits]]
) -> dict[PassageKey, Late]:
    """The late interaction of what is asked with the best window of each passage (-1 to 1).

    Passages without tokens are left out.
    """
    held = {key: [bits for bits in windows if len(bits)] for key, windows in found.items()}
    held = {key: windows for key, windows in held.items() if windows}
    if not held:
        return {}
    windows = [bits for some in held.values() for bits in some]
    starts = np.cumsum([0, *(len(bits) for bits in windows[:-1])])
    tokens = np.concatenate(windows)
    total = sum(text.weight for text in question)
    scores = [_likeness(text.tokens, tokens, starts) for text in question]
    weights = [text.weight / total for text in question]
    together = sum(weight * score for weight, score in zip(weights, scores, strict=True))
    firsts = np.cumsum([0, *(len(some) for some in held.values())])[:-1]
    best = [np.maximum.reduceat(score, firsts) for score in (np.asarray(together), scores[0])]
    return {key: Late(float(both), float(own)) for key, both, own in zip(held, *best, strict=True)}


def _likeness(asked: TokenBits, tokens: TokenBits, starts: NDArray[np.int64]) -> Scores:
    """For each window the mean over the asked tokens of the likeness of its most similar token."""
    differing = np.bitwise_count(_wide(asked)[:, None] ^ _wide(tokens)[None]).sum(
        axis=2, dtype=np.int32
    )
    nearest = np.minimum.reduceat(differing, starts, axis=1)
    return np.asarray(1 - 2 * nearest.mean(axis=0) / (8 * tokens.shape[1]))


def _wide(bits: TokenBits) -> NDArray[np.unsignedinteger]:
    """The same bits in the longest words that they fill."""
    return np.ascontiguousarray(bits).view(np.uint64) if bits.shape[1] % 8 == 0 else bits


def _normalised(hits: Sequence[IndexHit]) -> tuple[Scores, Scores]:
    """BM25 ÷ maximum, and min-max of the cosine; what has no cosine counts as the lowest."""
    lexical = np.array([hit.lexical for hit in hits], dtype=np.float64)
    return lexical / (lexical.max(initial=0.0) or 1.0), _min_max(np.array(_cosines(hits)))


def _cosines(hits: Sequence[IndexHit]) -> list[float]:
    low = min((hit.dense for hit in hits if hit.dense is not None), default=0.0)
    return [low if hit.dense is None else hit.dense for hit in hits]


def _min_max(values: Scores) -> Scores:
    if not len(values):
        return values
    low, high = values.min(), values.max()
    return np.asarray((values - low) / ((high - low) or 1.0))


def _ranked(hits: Sequence[IndexHit], scores: Scores) -> list[ScoredKey]:
    scored = [
        ScoredKey(hit.key, float(score), hit.lexical, dense)
        for hit, score, dense in zip(hits, scores, _cosines(hits), strict=True)
    ]
    return sorted(
        scored, key=lambda one: (-one.score, one.key.document_id, one.key.version, one.key.ordinal)
    )
