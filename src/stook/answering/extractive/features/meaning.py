"""Features of meaning: what the encoder and the search say."""

from __future__ import annotations

from stook.answering.extractive.features.material import UnitMaterial
from stook.answering.extractive.query_model import QueryModel


def cosine(query: QueryModel, at: UnitMaterial) -> float:
    """Return the cosine of the question and the unit's window (0 to 1)."""
    return at.cosine


def relevance(query: QueryModel, at: UnitMaterial) -> float:
    """Return the score of the unit's passage against the best passage's (0 to 1)."""
    return at.relevance
