"""Features of meaning: what the encoder and the search say."""

from __future__ import annotations

from stook.answering.extractive.features.material import UnitMaterial
from stook.answering.extractive.query_model import QueryModel

FAR = 0.4  # of the best cosine; below it, words may agree by chance


def cosine(query: QueryModel, at: UnitMaterial) -> float:
    """Return the cosine of the question and the unit's window (0 to 1)."""
    return at.cosine


def relevance(query: QueryModel, at: UnitMaterial) -> float:
    """Return the score of the unit's passage against the best passage's (0 to 1)."""
    return at.relevance


def far_from_best(query: QueryModel, at: UnitMaterial) -> float:
    """Return 1 where the cosine is far below the best: words may agree by chance."""
    return float(at.cosine < FAR * query.best_cosine)
