"""The terms of a text that carry its meaning."""

from __future__ import annotations

import functools
import re

from stook.knowledge.text.analysis import terms
from stook.knowledge.text.words import words
from stook.understanding.languages import ENGLISH

_CONTRACTED = re.compile(r"['’](?:s|re|ve|ll|d|m)$")  # "what's", "I'm"


@functools.lru_cache(maxsize=4096)
def content_terms(text: str) -> frozenset[str]:
    """The terms of a text without function words."""
    content = [word for word in words(text) if word == "IT" or not _is_function_word(word.lower())]
    return frozenset(terms(" ".join(content)))


def _is_function_word(word: str) -> bool:
    bare = _CONTRACTED.sub("", word)
    return bare in ENGLISH.function_words or bare.endswith(("n't", "n’t"))


@functools.lru_cache(maxsize=16384)
def text_terms(text: str) -> frozenset[str]:
    """All terms of a text."""
    return frozenset(terms(text))


@functools.lru_cache(maxsize=4096)
def name_terms(name: str) -> frozenset[str]:
    """The content terms of a title or heading, numbers aside."""
    return frozenset(term for term in content_terms(name) if not term.isdigit())
