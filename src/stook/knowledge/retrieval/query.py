"""The query model: what a question comes to for the index, and who asks.

A follow-up may lean on earlier questions, its context: their terms, their vectors and their
tokens count, too, each by the weight of its question.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stook.identity.principals import Viewer
from stook.knowledge.encoding.embedding import Embedder
from stook.knowledge.index.protocol import (
    Encoded,
    IndexFilter,
    IndexHit,
    PassageIndex,
    TokenBits,
    Vectors,
)
from stook.knowledge.retrieval import fusion
from stook.knowledge.retrieval.exact_match import ExactMatches
from stook.knowledge.text import analysis


@dataclass(frozen=True, slots=True)
class ContextQuery:
    """An earlier text of the conversation, and what it weighs against the question's 1."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class WeightedTokens:
    """The tokens of one text of a query, and what it weighs against the others."""

    tokens: TokenBits
    weight: float


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A term of the question and its inverse document frequency over all passages."""

    term: str
    idf: float


@dataclass(frozen=True, slots=True)
class Query:
    """``terms`` with their weights; ``vector`` of all texts together and ``own_vector`` of the
    question alone, shape (dimensions,); ``known_share`` and ``token_share``: see ``Embedder``."""

    terms: dict[str, float]
    vector: Vectors
    own_vector: Vectors
    tokens: tuple[WeightedTokens, ...]
    known_share: float
    token_share: float
    crosses_languages: bool


@dataclass(frozen=True, slots=True)
class QueryModel:
    """Everything that the stages of a search need to know: what is asked, and by whom."""

    viewer: Viewer
    query: Query
    terms: tuple[QueryTerm, ...]
    allowed: IndexFilter
    exact: ExactMatches

    def lexical_weight(self, hits: Sequence[IndexHit], at_best: float) -> float:
        """What BM25 weighs in these hits, where it weighs ``at_best`` in the best case."""
        query = self.query
        weight = fusion.lexical_weight(query.known_share, at_best, query.token_share)
        return weight * self.shares_language(hits)

    def shares_language(self, hits: Sequence[IndexHit]) -> float:
        """Whether question and documents seem to be in one language (0 to 1), by the words that
        they share; 1 where no encoder could find documents in another."""
        if not self.query.crosses_languages:
            return 1.0
        held = fusion.matched_mass(hits, {one.term: one.idf for one in self.terms})
        return min(1.0, held / fusion.SAME_LANGUAGE)


async def encode_query(
    embedder: Embedder, question: str, context: Sequence[ContextQuery] = ()
) -> Query:
    """Encode a question and its context."""
    texts = [ContextQuery(question, 1.0), *context]
    encoded = await embedder.encode_questions([one.text for one in texts])
    return Query(
        terms=weighted_terms(texts),
        vector=_mixed(texts, encoded.vectors) if context else encoded.vectors[0],
        own_vector=encoded.vectors[0],
        tokens=_tokens(texts, encoded),
        known_share=embedder.known_share(question),
        token_share=embedder.token_share(question),
        crosses_languages=embedder.crosses_languages,
    )


async def weigh_terms(index: PassageIndex, terms: Sequence[str]) -> tuple[QueryTerm, ...]:
    """Give each term its inverse document frequency."""
    total = await index.count()
    counts = await index.document_frequencies(terms)
    return tuple(QueryTerm(term, _idf(counts[term], total)) for term in terms)


def weighted_terms(texts: Sequence[ContextQuery]) -> dict[str, float]:
    """The terms to look for; one that several texts have gets the largest of their weights."""
    weights: dict[str, float] = {}
    for one in texts:
        for term in analysis.query_terms(one.text):
            weights[term] = max(weights.get(term, 0.0), one.weight)
    return weights


def _idf(count: int, total: int) -> float:
    """BM25's inverse document frequency, as Lucene computes it (never negative)."""
    return math.log(1 + (max(total, count) - count + 0.5) / (count + 0.5))


def _mixed(texts: Sequence[ContextQuery], vectors: Vectors) -> Vectors:
    weights = np.array([one.weight for one in texts], dtype=np.float32)
    mixed = (weights[:, None] * vectors).sum(axis=0)
    length = np.linalg.norm(vectors[0]) / max(float(np.linalg.norm(mixed)), 1e-12)
    return np.asarray(mixed * length, dtype=np.float32)


def _tokens(texts: Sequence[ContextQuery], encoded: Encoded) -> tuple[WeightedTokens, ...]:
    pairs = zip(texts, encoded.tokens, strict=True)
    return tuple(WeightedTokens(tokens, one.weight) for one, tokens in pairs)
