"""Copies of a passage: the same page in two places, or last year's copy of a policy.

Of passages that say the same the newest stays, in the place of the best. It is given only what
the asker may see, so that nothing is left out for something that is not shown.
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from stook.knowledge import analysis
from stook.knowledge.documents import FoundPassage

SHINGLE = 3  # words
ALIKE = 0.7  # shared part of the shingles of two passages (Jaccard) from which on they are copies
SHORTEST = 25  # words; of two shorter passages every word must be the same
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7ff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NO_NAME = frozenset(("copy", "of", "old", "archive", "archived", "version", "the"))


class Copies(enum.Enum):
    """Which passages of other documents are folded into one."""

    KEPT = enum.auto()  # none
    SAME = enum.auto()  # those of the same words
    ALIKE = enum.auto()  # … and older ones of the same name, a few words of which differ


def fold(
    passages: Sequence[FoundPassage], terms: Collection[str], which: Copies
) -> list[FoundPassage]:
    """The passages, best first, without copies.

    What holds a term of the question that the newer one lacks is no copy of it.
    """
    if which is Copies.KEPT:
        return list(passages)
    kept: list[FoundPassage] = []
    for passage in passages:
        for place, other in enumerate(kept):
            newest = _newest(other, passage, frozenset(terms), which)
            if newest is not None:
                kept[place] = replace(newest, score=other.score)
                break
        else:
            kept.append(passage)
    return kept


def _newest(
    one: FoundPassage, other: FoundPassage, terms: frozenset[str], which: Copies
) -> FoundPassage | None:
    """Which of two copies stays; None where they are none, or either has something of its own."""
    if one.document.id == other.document.id or _are_editions(one, other):
        return None
    newer = _newer(one, other)
    if _words(one.text) == _words(other.text):
        stays = newer or one
    elif which is Copies.ALIKE and newer is not None and _is_revision(one, other):
        stays = newer
    else:
        return None
    goes = other if stays is one else one
    return stays if _held(goes, terms) <= _held(stays, terms) else None


def _is_revision(one: FoundPassage, other: FoundPassage) -> bool:
    """Whether two passages of the same name differ in a few words only."""
    first, second = _shingles(one.text), _shingles(other.text)
    shorter, longer = sorted((len(first), len(second)))
    if shorter < SHORTEST or shorter < ALIKE * longer or _name(one) != _name(other):
        return False
    shared = len(first & second)
    return shared >= ALIKE * (shorter + longer - shared)


def _newer(one: FoundPassage, other: FoundPassage) -> FoundPassage | None:
    """That of the document which changed last; None if it is not known."""
    first, second = one.document.updated_at, other.document.updated_at
    if not first or not second or first == second:
        return None
    return one if first > second else other


def _are_editions(one: FoundPassage, other: FoundPassage) -> bool:
    """Whether both are named after a year, each another: holidays of 2026 and of 2027."""
    years = [set(_YEAR.findall(_names(passage))) for passage in (one, other)]
    return all(years) and years[0] != years[1]


def _names(passage: FoundPassage) -> str:
    return " ".join((passage.document.title, *passage.heading_path)).casefold()


def _name(passage: FoundPassage) -> list[str]:
    """The words of title and headings that do not tell one version from another."""
    words = dict.fromkeys(_WORD.findall(_names(passage)))
    return [word for word in words if not (word in _NO_NAME or any(map(str.isdigit, word)))]


def _held(passage: FoundPassage, terms: frozenset[str]) -> frozenset[str]:
    return terms & frozenset(analysis.terms(f"{_names(passage)}\n{passage.text}"))


@functools.lru_cache(maxsize=256)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


@functools.lru_cache(maxsize=256)
def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = _words(text)
    return frozenset(zip(*(words[start:] for start in range(SHINGLE)), strict=False))
