"""Tells by a text's commonest words which of four languages it is in."""

from __future__ import annotations

import enum

from stook.knowledge.text.words import words

LEAST = 0.06  # of the words; fewer say nothing


class Language(enum.StrEnum):
    """The languages that questions are made in, and none of them."""

    ENGLISH = "en"
    GERMAN = "de"
    SPANISH = "es"
    FRENCH = "fr"
    NONE = ""


_COMMON = {
    Language.ENGLISH: "the of and to is for you are with that this your by be it we or from on",
    Language.GERMAN: "der die das und ist für sie nicht ein eine den dem mit auf werden wird im",
    Language.SPANISH: "el la los las de que y para en un una por con del se su es no al",
    Language.FRENCH: "le la les des et est pour vous une un du dans que au avec sur il ne pas",
}
_WORDS = {language: frozenset(listed.split()) for language, listed in _COMMON.items()}


def language_of(text: str) -> Language:
    """The language whose commonest words the text has most of."""
    found = [word.lower() for word in words(text)]
    if not found:
        return Language.NONE
    counts = {language: sum(word in held for word in found) for language, held in _WORDS.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] >= LEAST * len(found) else Language.NONE
