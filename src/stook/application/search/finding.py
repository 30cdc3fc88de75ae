"""Finds documents for somebody: the query is spelt, read and narrowed, then searched for."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from stook.application.asking import local_time
from stook.application.search import operators
from stook.application.search.narrowing import FieldFilter, Narrowing, Period, any_of
from stook.application.search.operators import TypedQuery
from stook.identity.principals import Viewer
from stook.knowledge.retrieval.finding import (
    FoundDocument,
    Wanted,
    find_documents,
    without_copies,
)
from stook.knowledge.store.conditions import AnyOf
from stook.knowledge.store.documents import Filters
from stook.runtime import Runtime
from stook.storage.text import check_storable

__all__ = [
    "Filters",
    "FoundDocument",
    "Results",
    "Search",
    "Spelling",
    "Spelt",
    "find",
    "narrowed",
    "search",
    "without_copies",
]


EVERYTHING = Filters()


class Spelling(enum.Enum):
    """Whether a query is searched for as it was sent, or as it was probably meant."""

    AS_SENT = enum.auto()
    SUGGESTED = enum.auto()  # as it was sent, and what it may have meant is told
    CORRECTED = enum.auto()


@dataclass(frozen=True, slots=True)
class Spelt:
    """A query as it was sent and as it is searched for; ``better`` is what it may have meant,
    where it is not to be changed."""

    sent: str
    searched: str
    better: str | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody searches for, beside what they type into the query.

    Documents fit all filters of one of ``alternatives``. ``typed_counts_more``: an operator in
    the query takes the place of filters on its field. ``now`` is the time where the asker is.
    """

    query: str
    spelling: Spelling = Spelling.CORRECTED
    where: Filters = EVERYTHING
    alternatives: tuple[tuple[FieldFilter, ...], ...] = ((),)
    period: Period | None = None
    typed_counts_more: bool = False
    now: datetime = field(default_factory=lambda: local_time(None))


@dataclass(frozen=True, slots=True)
class Results:
    """All documents found, best first, and how the query was read."""

    documents: list[FoundDocument]
    query: Spelt
    typed: TypedQuery


async def search(runtime: Runtime, viewer: Viewer, wanted: Search) -> Results:
    """Find what the viewer may see; raises InvalidRequest, InvalidValue."""
    for text in (wanted.query, *wanted.where.datasources):
        check_storable(text, "query")
    query = await _spelt(runtime, viewer, wanted.query, wanted.spelling)
    typed = operators.parse(query.searched)
    alternatives = wanted.alternatives
    if wanted.typed_counts_more:
        alternatives = _without_fields(alternatives, {each.field for each in typed.operators})
    narrowing = Narrowing(runtime.database, viewer, wanted.now)
    conditions = await any_of(narrowing, alternatives, typed.operators, wanted.period)
    where = replace(wanted.where, any_of=conditions)
    found = await find(runtime, viewer, typed, where)
    return Results(found, query, typed)


async def find(
    runtime: Runtime, viewer: Viewer, typed: TypedQuery, where: Filters
) -> list[FoundDocument]:
    """Find documents for a query that was read; without words, the newest come first."""
    wanted = Wanted(typed.text, where, tuple(typed.phrases), tuple(typed.without))
    return await find_documents(runtime.searcher, runtime.database, viewer, wanted)


async def narrowed(
    runtime: Runtime, viewer: Viewer, alternatives: Sequence[Sequence[FieldFilter]]
) -> AnyOf:
    """Return the conditions that filters alone come to; raises InvalidRequest, InvalidValue."""
    return await any_of(Narrowing(runtime.database, viewer, local_time(None)), alternatives)


def _without_fields(
    alternatives: Sequence[Sequence[FieldFilter]], fields: set[str]
) -> tuple[tuple[FieldFilter, ...], ...]:
    return tuple(tuple(each for each in some if each.field not in fields) for some in alternatives)


async def _spelt(runtime: Runtime, viewer: Viewer, query: str, spelling: Spelling) -> Spelt:
    if spelling is Spelling.AS_SENT:
        return Spelt(query, query)
    [better] = await runtime.searcher.corrected([query], viewer)
    return Spelt(query, better) if spelling is Spelling.CORRECTED else Spelt(query, query, better)
