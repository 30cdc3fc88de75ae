"""Measures term proximity: how near a passage holds the words that a question has side by side.

Words that stand together in the question and in the passage are more likely to mean the same
there (Tao and Zhai, "An exploration of proximity measures in information retrieval", 2007). It
is the one sign besides BM25 that helps in a language that the encoder does not know.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise

from stook.knowledge.index.protocol import PassageKey

FARTHEST = 8  # terms apart; what is farther apart does not count


def term_proximity(
    question: Mapping[str, float], passages: Mapping[PassageKey, str]
) -> dict[PassageKey, float]:
    """Sum, for each passage, weight ÷ distance over neighbouring terms of the question.

    ``question`` are its terms in order with their weights, ``passages`` their terms separated by
    white space (see ``analysis``). A pair weighs the mean of its terms, and the distance is that
    of their nearest occurrences, 1 where one follows the other.
    """
    pairs = [
        (one, other, (question[one] + question[other]) / 2) for one, other in pairwise(question)
    ]
    return {key: _sum(pairs, _places(question, text)) for key, text in passages.items()}


def _places(question: Mapping[str, float], text: str) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, term in enumerate(text.split()):
        if term in question:
            places.setdefault(term, []).append(place)
    return places


def _sum(pairs: list[tuple[str, str, float]], places: Mapping[str, list[int]]) -> float:
    return math.fsum(
        weight / distance
        for one, other, weight in pairs
        for distance in _nearest(places.get(one, []), places.get(other, []))
        if distance <= FARTHEST
    )


def _nearest(ones: list[int], others: list[int]) -> Iterator[int]:
    """The least distance, if both occur."""
    if ones and others:
        yield min(abs(one - other) for one in ones for other in others)
