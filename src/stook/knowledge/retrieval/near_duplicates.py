"""Duplicates of a passage: the same page in two places, or last year's copy of a policy.

Of passages that say the same the newest stays, in the place of the best. It is given only what
the asker may see, so that nothing is left out for something that is not shown.
"""

from __future__ import annotations

import enum
import functools
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from stook.knowledge.store.documents import FoundPassage
from stook.knowledge.text import analysis
from stook.knowledge.text.words import UNSPACED

SHINGLE = 3  # words
SIMILAR = 0.7  # shared part of the shingles of two passages (Jaccard) from which on they are copies
SHORTEST = 25  # words; of two shorter passages every word must be the same
_WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NO_NAME = frozenset(("copy", "of", "old", "archive", "archived", "version", "the"))


class Duplicates(enum.Enum):
    """Which passages of other documents are folded into one."""

    KEPT = enum.auto()  # none
    SAME = enum.auto()  # those of the same words
    SIMILAR = enum.auto()  # … and older ones of the same name, a few words of which differ


def deduplicate(
    passages: Sequence[FoundPassage], terms: Collection[str], which: Duplicates
) -> list[FoundPassage]:
    """The passages, best first, without copies.

    What holds a term of the question that the newer one lacks is no copy of it.
    """
    if which is Duplicates.KEPT:
        return list(passages)
    held, kept = frozenset(terms), _Kept(which)
    for passage in map(_Look, passages):
        for place in kept.like(passage):
            other = kept.looks[place]
            newest = _newest(other, passage, held, which)
            if newest is not None:
                kept.put(place, _Look(replace(newest.passage, score=other.passage.score)))
                break
        else:
            kept.add(passage)
    return [look.passage for look in kept.looks]


class _Look:
    """A passage with what it is compared by, each worked out once at most."""

    def __init__(self, passage: FoundPassage) -> None:
        self.passage = passage
        self.document = passage.document.id
        self.names = " ".join((passage.document.title, *passage.heading_path)).casefold()

    @functools.cached_property
    def words(self) -> tuple[str, ...]:
        return _words(self.passage.text)

    @functools.cached_property
    def name(self) -> tuple[str, ...]:
        """The words of title and headings that do not tell one version from another."""
        words = dict.fromkeys(_WORD.findall(self.names))
        return tuple(w for w in words if not (w in _NO_NAME or any(map(str.isdigit, w))))

    @functools.cached_property
    def years(self) -> frozenset[str]:
        return frozenset(_YEAR.findall(self.names))


class _Kept:
    """The passages that stay; only what has the same words or name can be a copy of another."""

    def __init__(self, which: Duplicates) -> None:
        self.looks: list[_Look] = []
        self._which = which
        self._places: dict[tuple[str, ...], set[int]] = defaultdict(set)

    def like(self, look: _Look) -> list[int]:
        """The places, in order, of those to compare with."""
        return sorted({place for key in self._keys(look) for place in self._places[key]})

    def add(self, look: _Look) -> None:
        self.looks.append(look)
        self.put(len(self.looks) - 1, look)

    def put(self, place: int, look: _Look) -> None:
        self.looks[place] = look
        for key in self._keys(look):
            self._places[key].add(place)

    def _keys(self, look: _Look) -> Iterator[tuple[str, ...]]:
        yield ("words", *look.words)
        if self._which is Duplicates.SIMILAR:
            yield ("name", *look.name)


def _newest(one: _Look, other: _Look, terms: frozenset[str], which: Duplicates) -> _Look | None:
    """Which of two copies stays; None where they are none, or either has something of its own."""
    if one.document == other.document or _are_editions(one, other):
        return None
    newer = _newer(one, other)
    if one.words == other.words:
        stays = newer or one
    elif which is Duplicates.SIMILAR and newer is not None and _is_revision(one, other):
        stays = newer
    else:
        return None
    goes = other if stays is one else one
    return stays if _held(goes, terms) <= _held(stays, terms) else None


def _is_revision(one: _Look, other: _Look) -> bool:
    """Whether two passages of the same name differ in a few words only."""
    first, second = _shingles(one.passage.text), _shingles(other.passage.text)
    shorter, longer = sorted((len(first), len(second)))
    if shorter < SHORTEST or shorter < SIMILAR * longer or one.name != other.name:
        return False
    shared = len(first & second)
    return shared >= SIMILAR * (shorter + longer - shared)


def _newer(one: _Look, other: _Look) -> _Look | None:
    """That of the document which changed last; None if it is not known."""
    first, second = one.passage.document.updated_at, other.passage.document.updated_at
    if not first or not second or first == second:
        return None
    return one if first > second else other


def _are_editions(one: _Look, other: _Look) -> bool:
    """Whether both are named after a year, each another: holidays of 2026 and of 2027."""
    return bool(one.years and other.years) and one.years != other.years


def _held(look: _Look, terms: frozenset[str]) -> frozenset[str]:
    return terms & frozenset(analysis.terms(f"{look.names}\n{look.passage.text}"))


@functools.lru_cache(maxsize=256)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


@functools.lru_cache(maxsize=256)
def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = _words(text)
    return frozenset(zip(*(words[start:] for start in range(SHINGLE)), strict=False))
