"""Short pieces of a passage that show why it was found, with the words to highlight."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from stook.knowledge.store.documents import Span
from stook.knowledge.text import analysis
from stook.knowledge.text.sentences import sentences, without_marker
from stook.knowledge.text.words import WORD


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A verbatim piece of a text; ``highlights`` are code points into the piece."""

    text: str
    highlights: tuple[Span, ...]


def excerpt(text: str, terms: Collection[str], longest: int) -> Excerpt:
    """The piece of at most ``longest`` characters that holds most of the terms.

    It begins with the sentence that holds most of them, and goes on with those that follow.
    """
    units = sentences(text)
    if not units:
        return Excerpt("", ())
    best = max(units, key=lambda unit: (len(_held(text, unit, terms)), -unit.start))
    start = without_marker(text, best).start
    if best.end - start > longest:
        return _cut(text[start : best.end], terms, longest)
    fitting = [unit.end for unit in units if best.end <= unit.end <= start + longest]
    return highlighted(text[start : fitting[-1]], terms)


def opening(text: str, longest: int) -> str:
    """The beginning of a text, cut at the end of a sentence, or else of a word."""
    if len(text) <= longest:
        return text
    ends = [unit.end for unit in sentences(text[:longest])][:-1]
    return text[: ends[-1]] if ends else _at_word(text[:longest])


def highlighted(text: str, terms: Collection[str]) -> Excerpt:
    """The whole text, with the words in it that are among the terms."""
    wanted = set(terms)
    found = [
        Span(*word.span()) for word in WORD.finditer(text) if wanted & set(_terms(word.group()))
    ]
    return Excerpt(text, tuple(found))


def _held(text: str, unit: Span, terms: Collection[str]) -> set[str]:
    return set(_terms(text[unit.start : unit.end])) & set(terms)


def _terms(text: str) -> Sequence[str]:
    return analysis.terms(text)


def _cut(text: str, terms: Collection[str], longest: int) -> Excerpt:
    """A part of one long sentence that begins a little before the first word wanted."""
    first = next((span.start for span in highlighted(text, terms).highlights), 0)
    start = max(0, min(first - longest // 4, len(text) - longest))
    if start > 0 and (space := text.find(" ", start, first)) >= 0:
        start = space + 1
    return highlighted(_at_word(text[start : start + longest]), terms)


def _at_word(text: str) -> str:
    """Without the beginning of a word at the end."""
    return text.rpartition(" ")[0].rstrip() or text
