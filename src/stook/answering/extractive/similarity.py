"""Whether two units say the same, or contradict each other."""

from __future__ import annotations

import re

from stook.knowledge.text.numbers import numbers
from stook.understanding.content import text_terms

_NOT = re.compile(r"\b(?:not|no|never|none|cannot)\b|n['’]t\b", re.IGNORECASE)


def alike(one: str, other: str, least: float) -> bool:
    """Tell whether two texts say the same: of the shorter's words, the other has that share."""
    return shared_words(one, other) >= least


def shared_words(one: str, other: str) -> float:
    """Return the part of the shorter text's words that the other has, too."""
    first, second = text_terms(one), text_terms(other)
    shorter = min(len(first), len(second))
    return len(first & second) / shorter if shorter else 0.0


def contradicts(one: str, other: str) -> bool:
    """Tell whether two texts that say nearly the same differ in a number or in a "not"."""
    first, second = numbers(one), numbers(other)
    denied = [bool(_NOT.search(text)) for text in (one, other)]
    return bool(first - second and second - first) or denied[0] != denied[1]
