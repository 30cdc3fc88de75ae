"""Features of form: what is hardly a statement."""

from __future__ import annotations

import functools
import re

from stook.answering.extractive.features.material import UnitMaterial
from stook.answering.extractive.query_model import QueryModel
from stook.knowledge.text.units import Form
from stook.knowledge.text.words import WORD, words

FEW_WORDS = 4  # a sentence of fewer is a label

_ADDRESSES = re.compile(r"\]\([^()]*\)|https?://\S+")
_LINKS = re.compile(r"!?\[[^\[\]]*\]\([^()]*\)")


def bare_link(query: QueryModel, at: UnitMaterial) -> float:
    """Return 1 where the unit has no word beside links."""
    return float(_is_bare_link(at.raw))


def question_itself(query: QueryModel, at: UnitMaterial) -> float:
    """Return 1 where the unit is a sentence that asks."""
    return float(at.unit.form is Form.SENTENCE and at.raw.rstrip("*_ ").endswith("?"))


def few_words(query: QueryModel, at: UnitMaterial) -> float:
    """Return 1 where a sentence that does not ask has hardly any words, as a label has."""
    return float(
        at.unit.form is Form.SENTENCE
        and not at.raw.rstrip("*_ ").endswith("?")
        and _words(at.raw) < FEW_WORDS
    )


@functools.lru_cache(maxsize=16384)
def _is_bare_link(raw: str) -> bool:
    return not WORD.search(_LINKS.sub("", raw))


@functools.lru_cache(maxsize=16384)
def _words(raw: str) -> int:
    return len(words(_ADDRESSES.sub("", raw)))
