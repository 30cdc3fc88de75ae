"""Looks closer at the best hits: late interaction and term proximity.

Late interaction (ColBERT, Khattab and Zaharia 2020): each token of the question looks for the
token of a window that is most like it, and the mean of these similarities is the window's score.
Tokens are the signs of the encoder's own token vectors (48 bytes instead of 1,536), and their
similarity is the cosine of the signs, 1 - 2 · Hamming distance / dimensions. Measured on four
public sets the signs rank as well as the vectors themselves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stook.knowledge.index.protocol import IndexHit, PassageIndex, PassageKey, TokenBits
from stook.knowledge.retrieval import fusion
from stook.knowledge.retrieval.fusion import RankedHit, Scores, Signal
from stook.knowledge.retrieval.proximity import term_proximity
from stook.knowledge.retrieval.query import QueryModel, WeightedTokens

RERANKED = 20  # hits that are looked at


@dataclass(frozen=True, slots=True)
class LateInteraction:
    """A passage's score with all texts of the query, and with the question alone (-1 to 1)."""

    with_context: float
    without_context: float


async def rerank(
    index: PassageIndex, model: QueryModel, hits: Sequence[IndexHit], ranked: Sequence[RankedHit]
) -> list[RankedHit] | None:
    """Rank the hits anew after looking at the best of them; None where there is nothing to see."""
    keys = [one.key for one in ranked[:RERANKED]]
    windows = await index.windows(keys)
    tokens = {key: held.tokens for key, held in windows.items()}
    late = await asyncio.to_thread(late_interactions, model.query.tokens, tokens)
    if not late:
        return None
    terms = {hit.key: hit.terms for hit in hits}
    near = term_proximity(
        {one.term: one.idf for one in model.terms}, {key: terms[key] for key in keys}
    )
    signals = _signals(model, hits, {key: one.with_context for key, one in late.items()}, near)
    alone = {key: one.without_context for key, one in late.items()}
    vectors = {key: held.vectors for key, held in windows.items()}
    return [
        replace(one, late=alone.get(one.key), vectors=vectors.get(one.key))
        for one in fusion.combine(hits, signals)
    ]


def _signals(
    model: QueryModel,
    hits: Sequence[IndexHit],
    late: Mapping[PassageKey, float],
    near: Mapping[PassageKey, float],
) -> list[Signal]:
    shared = model.shares_language(hits)
    lexical = model.lexical_weight(hits, fusion.LEXICAL_OF_THREE)
    rest = 1 - lexical
    late_share = fusion.late_share(model.query.token_share, model.query.known_share) * shared
    signals = [
        fusion.bm25(hits, lexical),
        fusion.dense(hits, rest * (1 - late_share)),
        fusion.late_interaction(hits, late, rest * late_share),
        fusion.proximity(hits, near),
    ]
    return [*signals, *model.exact.signals(hits, sum(signal.weight for signal in signals))]


def late_interactions(
    question: Sequence[WeightedTokens], found: Mapping[PassageKey, Sequence[TokenBits]]
) -> dict[PassageKey, LateInteraction]:
    """Score the best window of each passage; passages without tokens are left out."""
    held = {key: [bits for bits in windows if len(bits)] for key, windows in found.items()}
    held = {key: windows for key, windows in held.items() if windows}
    if not held:
        return {}
    windows = [bits for some in held.values() for bits in some]
    starts = np.cumsum([0, *(len(bits) for bits in windows[:-1])])
    tokens = np.concatenate(windows)
    total = sum(text.weight for text in question)
    scores = [_similarity(text.tokens, tokens, starts) for text in question]
    weights = [text.weight / total for text in question]
    together = sum(weight * score for weight, score in zip(weights, scores, strict=True))
    firsts = np.cumsum([0, *(len(some) for some in held.values())])[:-1]
    best = [np.maximum.reduceat(score, firsts) for score in (np.asarray(together), scores[0])]
    return {
        key: LateInteraction(float(both), float(alone))
        for key, both, alone in zip(held, *best, strict=True)
    }


def _similarity(asked: TokenBits, tokens: TokenBits, starts: NDArray[np.int64]) -> Scores:
    """The mean, for each window, over the asked tokens of that of its most similar token."""
    differing = np.bitwise_count(_wide(asked)[:, None] ^ _wide(tokens)[None]).sum(
        axis=2, dtype=np.int32
    )
    nearest = np.minimum.reduceat(differing, starts, axis=1)
    return np.asarray(1 - 2 * nearest.mean(axis=0) / (8 * tokens.shape[1]))


def _wide(bits: TokenBits) -> NDArray[np.unsignedinteger]:
    """The same bits in the longest words that they fill."""
    return np.ascontiguousarray(bits).view(np.uint64) if bits.shape[1] % 8 == 0 else bits
