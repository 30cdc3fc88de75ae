"""Misspelt words of a question, and the words that were meant.

A word is suspect where no English dictionary has it and it is no name, quotation or identifier.
Where no passage that the asker may see holds it, and some hold a word that is one edit away (a
letter missing, added or wrong, or two swapped), that word is meant: of several, the one that is
in most of these passages. So American and British spellings find each other, too.
"""

from __future__ import annotations

import asyncio
import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from spellchecker import SpellChecker

from stook.knowledge.retrieval import exact_phrases

MOST = 4  # words that are looked up
LOOKED_AT = 1000  # characters of a text
UNKNOWN_SHARE = 0.5  # of its words; a text with more is in another language
FEW_WORDS = 2  # too few to tell

_WORD = re.compile(r"[^\W\d_]+")
# Words of fewer than five letters are one edit away from too many others.
_SUSPECT = re.compile(r"(?<![\w.:@/#&'’-])[A-Za-z][a-z]{4,29}(?![\w:@/#&'’-]|\.\w)")
_OPENS = re.compile(r"(?:^|[.?!:])\s*$")
_NAME_GOES_ON = re.compile(r"\s+[A-Z]")


async def load() -> None:
    """Read the dictionary, which takes a quarter of a second once in a process."""
    if not is_loaded():
        await asyncio.to_thread(_english)


def is_loaded() -> bool:
    """Whether the dictionary has been read in this process."""
    return bool(_english.cache_info().currsize)


def words(texts: Iterable[str]) -> list[str]:
    """The words that may be corrected where they are misspelt, in lower case, each once."""
    return list(dict.fromkeys(each[0].lower() for text in texts for each in _candidates(text)))


def suspects(texts: Iterable[str]) -> list[str]:
    """The words that may be misspelt, in small letters, each once."""
    found: list[str] = []
    for text in texts:
        unknown = [word for each in _candidates(text) if _is_unknown(word := each[0].lower())]
        if unknown and _is_english(text[:LOOKED_AT]):
            found += unknown
    return list(dict.fromkeys(found))[:MOST]


def variants(word: str) -> frozenset[str]:
    """All that is one edit away from a word in small letters."""
    return frozenset(filter(str.isalpha, _english().edit_distance_1(word))) - {word}


def best_candidate(near: frozenset[str], texts: Iterable[str]) -> str | None:
    """The word of ``near`` that is in most of the texts; None if none is in any."""
    counted = Counter(word for text in texts for word in set(_WORD.findall(text.lower())) & near)
    return min(counted, key=lambda word: (-counted[word], word), default=None)


def correct_all(texts: Iterable[str], best: Mapping[str, str]) -> list[str]:
    """The texts as ``correct`` has each."""
    return [correct(text, best) for text in texts]


def correct(text: str, best: Mapping[str, str]) -> str:
    """The text with suspect words replaced; a first letter that is large stays so."""
    parts, end = [], 0
    for word in _candidates(text):
        right = best.get(word[0].lower(), word[0])
        parts += [text[end : word.start()], right.capitalize() if word[0][0].isupper() else right]
        end = word.end()
    return "".join([*parts, text[end:]])


def _candidates(text: str) -> Iterator[re.Match[str]]:
    unquoted = exact_phrases.masked(text)
    for word in _SUSPECT.finditer(unquoted):
        if word.start() > LOOKED_AT:
            return
        if word[0][0].islower() or _only_opens(unquoted, word):
            yield word


def _only_opens(text: str, word: re.Match[str]) -> bool:
    """Whether a large letter is that of a sentence; else it is a name's, which is not put right."""
    opens = _OPENS.search(text, max(0, word.start() - 8), word.start())
    return opens is not None and not _NAME_GOES_ON.match(text, word.end())


def _is_english(text: str) -> bool:
    words = _WORD.findall(text)
    unknown = sum(_is_unknown(word.lower()) for word in words)
    return len(words) <= FEW_WORDS or unknown <= UNKNOWN_SHARE * len(words)


def _is_unknown(word: str) -> bool:
    return word not in _english()


@functools.cache
def _english() -> SpellChecker:
    return SpellChecker(language="en", distance=1)
