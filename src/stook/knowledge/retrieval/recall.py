"""Asks the index for candidates: by terms, by vector, and by exact phrases."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from stook.knowledge.index.protocol import IndexFilter, IndexHit, PassageIndex
from stook.knowledge.retrieval.exact_phrases import ExactPhrase
from stook.knowledge.retrieval.query import QueryModel

CANDIDATES = 100  # hits asked of each half of the index
EXACT = 100  # passages looked at for each phrase or identifier of a question


async def recall(index: PassageIndex, model: QueryModel, depth: int) -> list[IndexHit]:
    """The best ``depth`` of each half of the index, unordered, and all exact matches."""
    query = model.query
    hits = await index.search(query.terms, query.vector, model.allowed, depth)
    return model.exact.added_to(hits)


async def recall_exact(
    index: PassageIndex,
    phrases: Sequence[ExactPhrase],
    terms: Mapping[str, float],
    allowed: IndexFilter,
) -> list[IndexHit]:
    """Passages that have all terms of one of the phrases, each once."""
    found = await asyncio.gather(
        *(index.holding(phrase.terms, terms, allowed, EXACT) for phrase in phrases)
    )
    return list({hit.key: hit for some in found for hit in some}.values())
