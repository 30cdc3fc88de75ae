"""Features of shared words."""

from __future__ import annotations

from stook.answering.extractive.features.material import UnitMaterial
from stook.answering.extractive.query_model import QueryModel
from stook.understanding.content import name_terms


def term_coverage(query: QueryModel, at: UnitMaterial) -> float:
    """Return the share of the question's weight whose terms the unit has (0 to 1)."""
    return query.weight_in(at.own)


def context_coverage(query: QueryModel, at: UnitMaterial) -> float:
    """Return the share of the question's weight that only stands above the unit (0 to 1)."""
    return query.weight_in(at.around - at.own)


def title_match(query: QueryModel, at: UnitMaterial) -> float:
    """Return how much of the title or the nearest heading, the better, is asked for (0 to 1)."""
    names = (at.source.document.title, *at.unit.heading_path[-1:])
    return max(query.share_asked_for(name_terms(name)) for name in names)
