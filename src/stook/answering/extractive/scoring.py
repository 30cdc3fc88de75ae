"""Scores every unit of the found passages by how well it answers the question."""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from stook.answering.base import Brief, Source
from stook.answering.extractive import timing
from stook.answering.extractive.answer_types import Expected, expected, satisfies
from stook.answering.extractive.ranges import Range, quantities, ranges
from stook.answering.extractive.units import Form, Structure, Unit, structure
from stook.answering.extractive.yearly_versions import Editions, Names
from stook.knowledge.store.documents import FoundPassage, Span
from stook.knowledge.text.analysis import terms
from stook.knowledge.text.chunking import chunk
from stook.understanding.content import content_terms, name_terms, text_terms
from stook.understanding.question import Question

_TIME_TERMS = frozenset(terms("next upcoming left remaining remain coming date day"))

# Words that name the kind of text that is asked for, and not what it is about.
_KIND_TERMS = frozenset(terms("policy rule guideline procedure information detail"))
KIND_WORD = 0.3  # what such a word weighs where there are others

INHERITED = 0.5  # what a word of an earlier turn weighs against one of the newest question

# Weights of the signals; `python benchmarks/fit_refusal.py` measures what they choose.
COVER, CONTEXT, COSINE, PASSAGE, KIND, ABOUT, DATE = 0.25, 0.13, 0.34, 0.30, 0.10, 0.08, 0.35
RANGE = 0.15

LOOKED_AT = 2000  # characters of a unit; hardly any is longer
APART = 0.1  # what it costs a unit to have less than …
FAR = 0.4  # … this part of the best cosine: words may agree by chance

_ADDRESSES = re.compile(r"\]\([^()]*\)|https?://\S+")
_LINKS = re.compile(r"!?\[[^\[\]]*\]\([^()]*\)")
_WORD = re.compile(r"\w+(?:['’.-]\w+)*")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in the terms of the search.

    ``weights`` are for telling what was found apart, ``masses`` (inverse document frequencies)
    for telling whether anything was found; each sums to 1. ``quantities`` are those it names.
    """

    question: Question
    weights: dict[str, float]
    masses: dict[str, float]
    kind: Expected
    best_cosine: float
    quantities: tuple[Range, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit with its signals.

    ``own`` and ``around`` are its terms and those of what stands above it; ``cover`` and
    ``context`` the shares of the question's weight in them. ``relevance`` is the passage's score
    against the best passage's; ``about`` how exactly a title or heading is what is asked for;
    ``ranged`` whether it names a range that a quantity of the question lies in.
    """

    source: Source
    structure: Structure
    unit: Unit
    passage: FoundPassage
    own: frozenset[str]
    around: frozenset[str]
    cover: float
    context: float
    cosine: float
    relevance: float
    date: float
    satisfied: bool
    about: float
    penalty: float
    ranged: bool = False

    @property
    def evidence(self) -> float:
        """The part of the score that comes from the unit's own words and window."""
        return COVER * self.cover + CONTEXT * self.context + COSINE * self.cosine

    @property
    def score(self) -> float:
        """The weighted sum of the signals, higher is better."""
        return (
            self.evidence
            + PASSAGE * self.relevance
            + KIND * self.satisfied
            + ABOUT * self.about
            + RANGE * self.ranged
            + DATE * self.date
            - self.penalty
        )

    @property
    def raw(self) -> str:
        return self.structure.raw(self.unit)


def asked(brief: Brief, candidates_terms: Iterable[frozenset[str]]) -> Asked:
    """The question's terms, weighted by how rare they are in the corpus and in what was found."""
    own = _topic_terms(brief.question, brief.question.own)
    inherited = _topic_terms(brief.question, brief.question.inherited) - own
    share = INHERITED if own else 1.0
    rarity = _Rarity(brief, list(candidates_terms))
    shares = dict.fromkeys(sorted(own), 1.0) | dict.fromkeys(sorted(inherited), share)
    if not shares.keys() <= _KIND_TERMS:
        shares |= {term: KIND_WORD * shares[term] for term in shares.keys() & _KIND_TERMS}
    return Asked(
        question=brief.question,
        weights=_normalised({term: part * rarity.of(term) for term, part in shares.items()}),
        masses=_normalised({term: part * rarity.idf(term) for term, part in shares.items()}),
        kind=expected(brief.question.text),
        best_cosine=brief.found.best_dense,
        quantities=quantities(brief.question.text),
    )


def _normalised(weights: dict[str, float]) -> dict[str, float]:
    total = sum(weights.values()) or 1.0
    return {term: weight / total for term, weight in weights.items()}


def _topic_terms(question: Question, text: str) -> frozenset[str]:
    """The content terms of a part of the question; "next" and "left" where they speak of time."""
    found = content_terms(text)
    return found - _TIME_TERMS if question.times else found


class _Rarity:
    """How rare a term is in the corpus, and there and among the candidates (geometric mean)."""

    def __init__(self, brief: Brief, candidates: list[frozenset[str]]) -> None:
        self._idf = {known.term: known.idf for known in brief.found.terms}
        self._usual = sum(self._idf.values()) / len(self._idf) if self._idf else 1.0
        self._count = len(candidates)
        self._frequency = Counter(term for found in candidates for term in found)

    def idf(self, term: str) -> float:
        return 0.1 + self._idf.get(term, self._usual)

    def of(self, term: str) -> float:
        here = 0.5 + math.log(1 + (self._count + 1) / (self._frequency[term] + 0.5))
        return math.sqrt(here * (0.5 + self._idf.get(term, self._usual)))


def score(brief: Brief) -> tuple[Asked, list[Candidate]]:
    """Every unit of the found passages, best first; ties by rank and place."""
    found = list(_units(brief))
    asking = asked(brief, (text_terms(place.layout.raw(place.unit)[:LOOKED_AT]) for place in found))
    best = max((passage.score for passage in brief.found.passages), default=0.0) or 1.0
    cosines = _Cosines(brief)
    fit = _fits(brief, found)
    scored = [_scored(asking, place, cosines.of(place), best, fit(place)) for place in found]
    if asking.quantities:
        scored = _with_ranges(asking, scored)
    scored.sort(key=lambda item: (-item.score, item.source.rank, item.unit.place))
    return asking, scored


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a unit stands."""

    source: Source
    layout: Structure
    unit: Unit
    passage: FoundPassage


def _units(brief: Brief) -> Iterator[_Place]:
    for source in brief.sources:
        layout = structure(source.text)
        for passage in source.passages:
            for unit in layout.beginning_in(passage.span):
                yield _Place(source, layout, unit, passage)


def _fits(brief: Brief, found: Sequence[_Place]) -> Callable[[_Place], float]:
    """How well a unit's time fits: with the period asked for, else whether it is the present."""
    period = brief.question.period
    if period is not None:
        return lambda one: timing.fit(one.layout, one.unit, one.source.document, period)
    known = Editions(map(_names, found), brief.today)
    return lambda one: known.fit(_names(one))


def _names(place: _Place) -> Names:
    document = place.source.document
    return document.title, document.external_id, place.unit.heading_path


def _scored(asking: Asked, place: _Place, cosine: float, best: float, fit: float) -> Candidate:
    source, unit = place.source, place.unit
    raw = place.layout.raw(unit)[:LOOKED_AT]
    own = text_terms(raw)
    around = _around(source, place.layout, unit)
    weights = asking.weights.items()
    return Candidate(
        source=source,
        structure=place.layout,
        unit=unit,
        passage=place.passage,
        own=own,
        around=around,
        cover=sum(weight for term, weight in weights if term in own),
        context=sum(weight for term, weight in weights if term in around and term not in own),
        cosine=cosine,
        relevance=place.passage.score / best,
        date=fit,
        satisfied=satisfies(raw, asking.kind),
        about=_about(asking, source, unit),
        penalty=_thinness(raw, unit.form) + (APART if cosine < FAR * asking.best_cosine else 0.0),
    )


def _around(source: Source, layout: Structure, unit: Unit) -> frozenset[str]:
    """The terms of what stands above a unit: title, headings, lead-in, table header."""
    above = [source.document.title, *unit.heading_path]
    if unit.lead is not None:
        above.append(layout.raw(layout.units[unit.lead]))
    if unit.header is not None:
        above.append(layout.text[unit.header.start : unit.header.end])
    return text_terms("\n".join(above))


def _about(asking: Asked, source: Source, unit: Unit) -> float:
    """How much of a title or of the nearest heading, whichever fits better, is in the question."""
    names = [source.document.title, *unit.heading_path[-1:]]
    return max(exactness(asking, name_terms(name)) for name in names)


def _with_ranges(asking: Asked, scored: Sequence[Candidate]) -> list[Candidate]:
    """The candidates, those looked at that may become the best: reading ranges takes time."""
    least = max((one.score for one in scored), default=0.0) - RANGE
    return [
        replace(one, ranged=_is_ranged(asking, one)) if one.score >= least else one
        for one in scored
    ]


def _is_ranged(asking: Asked, candidate: Candidate) -> bool:
    raw = candidate.raw[:LOOKED_AT]
    return any(
        asked_for.may_be_told_by(raw, candidate.own)
        and any(one.holds(asked_for) for one in ranges(raw))
        for asked_for in asking.quantities
    )


def exactness(asking: Asked, name: frozenset[str]) -> float:
    """The part of a name's terms that the question has."""
    return len(name & asking.weights.keys()) / len(name) if name else 0.0


@functools.lru_cache(maxsize=16384)
def _thinness(raw: str, form: Form) -> float:
    """A penalty for what is hardly a statement: a bare link, two words, a label."""
    words = len(_WORD.findall(_ADDRESSES.sub("", raw)))
    if not _WORD.search(_LINKS.sub("", raw)):
        return 0.3
    if form is Form.CODE:
        return 0.1
    if form is Form.SENTENCE and raw.rstrip("*_ ").endswith("?"):
        return 0.15
    return 0.15 if words < 4 and form is Form.SENTENCE else 0.0


class _Cosines:
    """Cosine of the question and the window that a unit stands in."""

    def __init__(self, brief: Brief) -> None:
        self._query = brief.found.query_vector.reshape(-1)
        self._vectors = brief.vectors
        self._known: dict[tuple[str, int], list[tuple[Span, float]] | None] = {}

    def of(self, place: _Place) -> float:
        """The cosine, at least 0; that of the whole passage where the window is not known."""
        passage, unit = place.passage, place.unit
        key = (passage.document.id, passage.ordinal)
        if key not in self._known:
            self._known[key] = self._windows(place.source, key)
        known = self._known[key]
        if known is None:
            return max(passage.dense, 0.0)
        start, end = unit.span.start, unit.span.end
        overlaps = [cosine for span, cosine in known if span.start < end and start < span.end]
        return max(overlaps, default=0.0)

    def _windows(self, source: Source, key: tuple[str, int]) -> list[tuple[Span, float]] | None:
        """The windows of a passage with their cosines; None where these are not known."""
        vectors = self._vectors.get(key)
        spans = windows(source.text).get(key[1], ())
        if vectors is None or len(vectors) != len(spans):
            return None
        cosines: list[float] = np.maximum(vectors @ self._query, 0.0).tolist()
        return list(zip(spans, cosines, strict=True))


@functools.lru_cache(maxsize=128)
def windows(text: str) -> dict[int, tuple[Span, ...]]:
    """The windows of each passage of a text, by the passage's ordinal."""
    return {piece.ordinal: piece.windows for piece in chunk(text)}
