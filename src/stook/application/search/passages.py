"""Passages near to a query, each with how near it is."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from stook.identity.principals import Principal
from stook.knowledge.index.protocol import Vectors
from stook.knowledge.retrieval.retriever import Found
from stook.knowledge.store.documents import Filters, FoundPassage
from stook.runtime import Runtime


@dataclass(frozen=True, slots=True)
class NearPassage:
    """A passage, and how near it is to the query: (1 + cosine) / 2, from 0 to 1."""

    passage: FoundPassage
    certainty: float


async def nearest(
    runtime: Runtime, principal: Principal, query: str, where: Filters, most: int
) -> list[NearPassage]:
    """Find the best passages, with their exact nearness, best first."""
    [text] = await runtime.searcher.corrected([query], principal)
    found = await runtime.searcher.search(text, principal, where, most)
    vectors = await runtime.searcher.window_vectors(found.passages)
    return await asyncio.to_thread(_rated, found, vectors)


def _rated(found: Found, vectors: Mapping[tuple[str, int], Vectors]) -> list[NearPassage]:
    """The passages with their exact nearness, in their order."""
    rated = []
    for passage in found.passages:
        windows = vectors.get((passage.document.id, passage.ordinal))
        if windows is not None:  # else it was removed meanwhile
            cosine = float((windows @ found.query_vector).max())
            rated.append(NearPassage(passage, min(1.0, max(0.0, (1 + cosine) / 2))))
    return rated
