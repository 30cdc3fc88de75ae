"""What a question comes to for the index: weighted terms, a vector, tokens.

A follow-up may lean on earlier questions: their terms, their vectors and their tokens count, too,
each by the weight of its question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stook.knowledge.encoding.embedding import Embedder
from stook.knowledge.index.protocol import Encoded, Vectors
from stook.knowledge.retrieval.fusion import WeightedTokens
from stook.knowledge.text import analysis


@dataclass(frozen=True, slots=True)
class Leaning:
    """An earlier text of the conversation, and what it weighs against the question's 1."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Query:
    """``terms`` with their weights; ``vector`` of all texts together and ``own_vector`` of the
    question alone, shape (dimensions,); ``known_share``: see ``Encoder.known_share``."""

    terms: dict[str, float]
    vector: Vectors
    own_vector: Vectors
    tokens: tuple[WeightedTokens, ...]
    known_share: float


async def understand(embedder: Embedder, question: str, leanings: Sequence[Leaning] = ()) -> Query:
    """The query for a question and what it leans on."""
    texts = [Leaning(question, 1.0), *leanings]
    encoded = await embedder.encode([one.text for one in texts])
    return Query(
        terms=weighted_terms(texts),
        vector=_mixed(texts, encoded.vectors) if leanings else encoded.vectors[0],
        own_vector=encoded.vectors[0],
        tokens=_tokens(texts, encoded),
        known_share=embedder.known_share(question),
    )


def weighted_terms(texts: Sequence[Leaning]) -> dict[str, float]:
    """The terms to look for; one that several texts have gets the largest of their weights."""
    weights: dict[str, float] = {}
    for one in texts:
        for term in analysis.query_terms(one.text):
            weights[term] = max(weights.get(term, 0.0), one.weight)
    return weights


def _mixed(texts: Sequence[Leaning], vectors: Vectors) -> Vectors:
    weights = np.array([one.weight for one in texts], dtype=np.float32)
    mixed = (weights[:, None] * vectors).sum(axis=0)
    return np.asarray(mixed / max(float(np.linalg.norm(mixed)), 1e-12), dtype=np.float32)


def _tokens(texts: Sequence[Leaning], encoded: Encoded) -> tuple[WeightedTokens, ...]:
    pairs = zip(texts, encoded.tokens, strict=True)
    return tuple(WeightedTokens(tokens, one.weight) for one, tokens in pairs)
