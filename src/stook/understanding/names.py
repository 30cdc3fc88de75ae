"""The names in a question: of people, places and things, and codes such as "M9" or "4.7.0"."""

from __future__ import annotations

import functools
import re

from stook.understanding import languages
from stook.understanding.languages.base import Language

LOOKED_AT = 2000  # characters of a question

_SENTENCE_END = re.compile(r"(?<=[.?!])\s+|\n+")
# Capitals that begin no sentence, line, quotation or list item.
_NAME = re.compile(r"(?<=[^\W_][\s,(/-])[A-Z]\w[\w’'-]*|(?<=[,;:] )[A-Z]\w[\w’'-]*")
_CODE = re.compile(r"\b(?=[\w.-]{0,30}\d)(?=[\w.-]{0,30}[^\W\d_]|\d+\.\d+\.\d)\w+(?:[.-]\w+)*")
_OWNED = re.compile(r"['’]s?$")


@functools.lru_cache(maxsize=1024)
def names(question: str) -> tuple[str, ...]:
    """Return the names in what is asked, each once; only codes where all nouns have capitals.

    Where a text has a sentence that ends with a question mark, only such sentences count.
    """
    text = question[:LOOKED_AT]
    sentences = _SENTENCE_END.split(text)
    asked = "\n".join(one for one in sentences if one.endswith("?")) or text
    language = languages.of_text(asked)
    found = [] if language.capital_nouns else _NAME.findall(asked)
    found += _CODE.findall(asked)
    bare = (_OWNED.sub("", one) for one in found)
    return tuple(dict.fromkeys(one for one in bare if not _is_common(one, language)))


def _is_common(word: str, language: Language) -> bool:
    """Whether a word is a day, a month, or one that every question may have."""
    low = word.lower()
    times = language.times
    named = (*times.months, *times.weekdays) if times else ()
    return low in language.function_words or low in named
