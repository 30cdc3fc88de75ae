"""Cuts a document's text into all that is stored and indexed of it: the one place that does.

A change here, or in what this imports of ``knowledge/text`` and ``knowledge/questions``, changes
``INDEX_FORMAT``.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stook.knowledge.questions.making import MadeQuestion, questions_of
from stook.knowledge.store.documents import Chunk, Places, Span
from stook.knowledge.store.passages import Ordinals, Passage
from stook.knowledge.text import analysis
from stook.knowledge.text.chunking import chunk, lexical_text, window_text
from stook.knowledge.text.units import Structure, Unit, structure

NEAR_PASSAGES = 40  # before and after one: what is further off is not read with it


@dataclass(frozen=True, slots=True)
class Cut:
    """A text's passages, with what is embedded (window by window) and analysed of each."""

    passages: tuple[Passage, ...]
    windows: tuple[str, ...]  # of all passages, one after another
    terms: tuple[str, ...]  # one entry a passage
    questions: tuple[MadeQuestion, ...]  # that the text may answer


def cut(text: str, title: str, places: Places = ()) -> Cut:
    """Cut a text, whose pages, slides, sheets or moments begin at ``places``."""
    chunks = chunk(text)
    windows = (window_text(text, each, window, title) for each in chunks for window in each.windows)
    terms = (" ".join(analysis.terms(lexical_text(text, each, title))) for each in chunks)
    asked = questions_of(text) if chunks else ()
    made = passages(text, chunks, places)
    return Cut(made, tuple(windows), tuple(terms), tuple(asked))


def passages(text: str, chunks: Sequence[Chunk], places: Places = ()) -> tuple[Passage, ...]:
    """The passages of a text as they are stored, each with its units and what is near it."""
    whole = structure(text)
    starts = [each.span.start for each in chunks]
    ends = [*starts, len(text)][1:]
    return tuple(
        Passage(
            each,
            text[each.span.start : end],
            (units := whole.beginning_in(Span(each.span.start, end))),
            _near(whole, units, starts, each.ordinal),
            _places(places, each.span.start, end),
        )
        for each, end in zip(chunks, ends, strict=True)
    )


def _near(
    whole: Structure, units: Sequence[Unit], starts: Sequence[int], own: int
) -> tuple[Ordinals, ...]:
    """The passages, besides its own, that hold what the units of one belong to, as runs."""
    ordinals: set[int] = set()
    for span in _belonging(whole, units):
        first = bisect_right(starts, span.start) - 1
        last = bisect_right(starts, max(span.start, span.end - 1)) - 1
        first, last = max(first, own - NEAR_PASSAGES), min(last, own + NEAR_PASSAGES)
        # What leads in, or a header, is read however far above it stands.
        ordinals |= {*range(first, last + 1)} or {bisect_right(starts, span.start) - 1}
    runs = itertools.groupby(enumerate(sorted(ordinals - {own})), key=lambda one: one[1] - one[0])
    held = ([ordinal for _, ordinal in run] for _, run in runs)
    return tuple((run[0], run[-1]) for run in held)


def _belonging(whole: Structure, units: Sequence[Unit]) -> Iterator[Span]:
    """The spans of what some units belong to, lead in to, or are understood by."""
    for number, unit in enumerate(units):
        yield unit.span
        if unit.header is not None:
            yield unit.header
        if led := whole.led_by(unit):
            yield Span(led[0].span.start, led[-1].span.end)
        own = [unit]
        if number == 0 or units[number - 1].group != unit.group:
            group = whole.group(unit)
            yield Span(group[0].span.start, group[-1].span.end)
            own.append(group[0])
        for place in {above for each in own for above in (each.lead, each.above)}:
            if (above := whole.at(place)) is not None:
                yield above.span
    if units and (after := whole.at(units[-1].place + 1)) is not None:
        group = whole.group(units[-1])
        yield Span(group[0].span.start, max(group[-1].span.end, after.span.end))


def _places(places: Places, start: int, end: int) -> Places:
    """Those that begin between two offsets, and the one before."""
    first = max(0, bisect_right(places, start, key=lambda place: place[0]) - 1)
    stop = bisect_right(places, end - 1, key=lambda place: place[0])
    return places[first:stop]
