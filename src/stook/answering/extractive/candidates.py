"""Every unit of the found passages, and the lists that they belong to, with their features."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stook.answering.base import Brief, Source
from stook.answering.extractive.features import timing
from stook.answering.extractive.features.answer_types import AnswerType
from stook.answering.extractive.features.material import LOOKED_AT, ListMaterial, UnitMaterial
from stook.answering.extractive.features.registry import LIST_FEATURES, UNIT_FEATURES
from stook.answering.extractive.features.yearly_versions import YearlyVersions
from stook.answering.extractive.query_model import QueryModel, query_model
from stook.knowledge.store.documents import FoundPassage, Span
from stook.knowledge.text import dates
from stook.knowledge.text.units import Form, Structure, Unit
from stook.understanding.content import text_terms

_WHOLE = (AnswerType.LIST, AnswerType.STEPS)
_LISTED = (Form.ITEM, Form.ROW)
_STEPS = (Form.ITEM,)  # nobody does what a table says row by row


@dataclass(frozen=True, slots=True)
class WholeList:
    """A list or table as one candidate: all its entries, and those in the period asked for.

    ``in_period`` is None where the list is not dated or no period is asked for. ``share`` is the
    part of the question's weight that stands above the list.
    """

    entries: tuple[Unit, ...]
    in_period: tuple[Unit, ...] | None
    share: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit, or a list by its first unit, with its features by name.

    ``own`` and ``around`` are its terms and those of what stands above it.
    """

    source: Source
    structure: Structure
    unit: Unit
    passage: FoundPassage
    own: frozenset[str]
    around: frozenset[str]
    features: Mapping[str, float]
    whole_list: WholeList | None = None

    @property
    def raw(self) -> str:
        return self.structure.raw(self.unit)


@dataclass(frozen=True, slots=True)
class Candidates:
    """All candidates for a question, in the order of documents and places."""

    query: QueryModel
    units: tuple[Candidate, ...]
    lists: tuple[Candidate, ...]


def candidates(brief: Brief) -> Candidates:
    """Describe all that may answer: units, and lists where the question may want one whole."""
    places = list(_places(brief))
    query = query_model(
        brief, (text_terms(one.structure.raw(one.unit)[:LOOKED_AT]) for one in places)
    )
    found = _materials(brief, places)
    units = tuple(_unit_candidate(query, one) for one in found)
    whole = query.type in _WHOLE or query.period is not None
    lists = _list_candidates(query, found) if whole else ()
    return Candidates(query, units, tuple(lists))


# --- units -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    source: Source
    structure: Structure
    unit: Unit
    passage: FoundPassage


def _places(brief: Brief) -> Iterator[_Place]:
    for source in brief.sources:
        layout = source.structure
        for passage in source.passages:
            for unit in layout.beginning_in(passage.span):
                yield _Place(source, layout, unit, passage)


def _materials(brief: Brief, places: Sequence[_Place]) -> list[UnitMaterial]:
    best = max((passage.score for passage in brief.found.passages), default=0.0) or 1.0
    cosines = _Cosines(brief)
    versions = YearlyVersions({_name(one.source, one.unit) for one in places}, brief.today)
    return [_material(one, cosines.of(one), one.passage.score / best, versions) for one in places]


def _name(source: Source, unit: Unit) -> tuple[str, str, tuple[str, ...]]:
    return source.document.title, source.document.external_id, unit.heading_path


def _material(
    place: _Place, cosine: float, relevance: float, versions: YearlyVersions
) -> UnitMaterial:
    raw = place.structure.raw(place.unit)[:LOOKED_AT]
    return UnitMaterial(
        source=place.source,
        structure=place.structure,
        unit=place.unit,
        passage=place.passage,
        raw=raw,
        own=text_terms(raw),
        around=_around(place.source, place.structure, place.unit),
        cosine=cosine,
        relevance=relevance,
        versions=versions,
    )


def _around(source: Source, layout: Structure, unit: Unit) -> frozenset[str]:
    """The terms of what stands above a unit: title, headings, lead-in, table header."""
    above = [source.document.title, *unit.heading_path]
    if (lead := layout.at(unit.lead)) is not None:
        above.append(layout.raw(lead))
    above.append(layout.header(unit))
    return text_terms("\n".join(above))


def _unit_candidate(query: QueryModel, at: UnitMaterial) -> Candidate:
    features = {name: feature(query, at) for name, feature in UNIT_FEATURES.items()}
    return Candidate(at.source, at.structure, at.unit, at.passage, at.own, at.around, features)


# --- lists -------------------------------------------------------------------------------------


def _list_candidates(query: QueryModel, found: Sequence[UnitMaterial]) -> Iterator[Candidate]:
    """Each list or table once, however many of its entries were found."""
    gathered: dict[tuple[int, int], list[UnitMaterial]] = {}
    for one in found:
        if one.unit.form in (_STEPS if query.type is AnswerType.STEPS else _LISTED):
            gathered.setdefault((one.source.rank, one.unit.group), []).append(one)
    for members in gathered.values():
        yield _list_candidate(query, _list_material(query, members))


def _list_material(query: QueryModel, members: Sequence[UnitMaterial]) -> ListMaterial:
    first = members[0]
    units = first.structure.group(first.unit)
    above = first.around
    if (sentence := first.structure.at(units[0].above)) is not None:
        above |= text_terms(first.structure.raw(sentence))
    return ListMaterial(first, tuple(members), units, above, _in_period(query, first, units))


def _in_period(
    query: QueryModel, first: UnitMaterial, units: Sequence[Unit]
) -> tuple[Unit, ...] | None:
    """The entries in the period asked for, if at least half of all have dates."""
    period, layout, document = query.period, first.structure, first.source.document
    dated = [unit for unit in units if _is_dated(layout, unit)] if period else []
    if period is None or 2 * len(dated) < len(units):
        return None
    fitting = [unit for unit in dated if timing.fit(layout, unit, document, period) > 0]
    if query.wants_next_only:
        fitting.sort(key=lambda unit: timing.first_day(layout, unit, document, period))
        fitting = fitting[:1]
    return tuple(fitting)


def _is_dated(layout: Structure, unit: Unit) -> bool:
    """Whether an entry names a date; a row of a table, perhaps only a year in one of its cells."""
    raw = layout.raw(unit)
    return bool(dates.mentions(raw)) or (unit.form is Form.ROW and bool(dates.years(raw)))


def _list_candidate(query: QueryModel, at: ListMaterial) -> Candidate:
    features = {name: feature(query, at) for name, feature in LIST_FEATURES.items()}
    first = at.first
    own = frozenset[str]().union(*(one.own for one in at.members))
    return Candidate(
        source=first.source,
        structure=first.structure,
        unit=at.units[0],
        passage=max(at.members, key=lambda one: one.relevance).passage,
        own=own,
        around=at.above,
        features=features,
        whole_list=WholeList(at.units, at.in_period, features["term_coverage"]),
    )


# --- cosines -----------------------------------------------------------------------------------


class _Cosines:
    """Cosine of the question and the window that a unit stands in."""

    def __init__(self, brief: Brief) -> None:
        self._query = brief.found.query_vector.reshape(-1)
        self._vectors = brief.vectors
        self._known: dict[tuple[str, int], list[tuple[Span, float]] | None] = {}

    def of(self, place: _Place) -> float:
        """Return the cosine, at least 0; the passage's where the window is not known."""
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
        chunk = source.near.chunks.get(key[1])
        if vectors is None or chunk is None or len(vectors) != len(chunk.windows):
            return None
        cosines: list[float] = np.maximum(vectors @ self._query, 0.0).tolist()
        return list(zip(chunk.windows, cosines, strict=True))
