"""The one place for language: a module of word lists for each, behind one ``Language``."""

from __future__ import annotations

import functools
import re

from stook.understanding.languages.base import Language
from stook.understanding.languages.english import ENGLISH
from stook.understanding.languages.french import FRENCH
from stook.understanding.languages.german import GERMAN
from stook.understanding.languages.others import DUTCH, ITALIAN, JAPANESE, PORTUGUESE
from stook.understanding.languages.spanish import SPANISH

LANGUAGES = {
    language.code: language
    for language in (
        ENGLISH,
        GERMAN,
        FRENCH,
        SPANISH,
        ITALIAN,
        JAPANESE,
        DUTCH,
        PORTUGUESE,
    )
}
__all__ = [
    "ENGLISH",
    "FRENCH",
    "GERMAN",
    "LANGUAGES",
    "SPANISH",
    "Language",
    "of_locale",
    "of_text",
]

LOOKED_AT = 1000  # characters of a text

_WORD = re.compile(r"[^\W\d_]+")


def of_locale(locale: str) -> Language:
    """The language of a locale as in RFC 5646; English where it is not known."""
    code = locale.replace("_", "-").partition("-")[0].lower()
    return LANGUAGES.get(code, ENGLISH)


@functools.lru_cache(maxsize=1024)
def of_text(text: str) -> Language:
    """The language that most words of a text tell; English where none stands out."""
    found = [word.lower() for word in _WORD.findall(text[:LOOKED_AT])]
    counted = {
        language: sum(word in _telling(language) for word in found)
        for language in LANGUAGES.values()
    }
    best = max(counted.values())
    return ENGLISH if counted[ENGLISH] == best else max(counted, key=lambda one: counted[one])


@functools.cache
def _telling(language: Language) -> frozenset[str]:
    """Words that tell a language: its function words, and those for times."""
    if language.times is None:
        return language.function_words
    times = language.times
    named = (times.relative, times.units, times.plurals, times.days, times.months, times.weekdays)
    return language.function_words.union(*named)
