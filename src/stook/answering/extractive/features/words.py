"""Features of shared words."""

from __future__ import annotations

import functools
import itertools

from stook.answering.extractive.features.material import UnitMaterial
from stook.answering.extractive.query_model import QueryModel
from stook.knowledge.text.analysis import terms
from stook.understanding.content import name_terms


def term_coverage(query: QueryModel, at: UnitMaterial) -> float:
    """Return the share of the question's weight whose terms the unit has (0 to 1)."""
    return query.weight_in(at.own)


def context_coverage(query: QueryModel, at: UnitMaterial) -> float:
    """Return the share of the question's weight that only stands above the unit (0 to 1)."""
    return query.weight_in(at.around - at.own)


def adjacent_terms(query: QueryModel, at: UnitMaterial) -> float:
    """Return the share of the question's pairs of terms that stand near in the unit (0 to 1)."""
    if not query.pairs:
        return 0.0
    return len(query.pairs & _near_pairs(at.raw)) / len(query.pairs)


@functools.lru_cache(maxsize=16384)
def _near_pairs(text: str) -> frozenset[tuple[str, str]]:
    """The pairs of terms with at most one other between them."""
    found = terms(text)
    second_next = zip(found, found[2:], strict=False)
    return frozenset(itertools.chain(itertools.pairwise(found), second_next))


def title_match(query: QueryModel, at: UnitMaterial) -> float:
    """Return how much of the title or the nearest heading, the better, is asked for (0 to 1)."""
    names = (at.source.document.title, *at.unit.heading_path[-1:])
    return max(query.share_asked_for(name_terms(name)) for name in names)
