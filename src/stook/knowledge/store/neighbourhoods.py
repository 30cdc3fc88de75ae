"""Reads what is near the passages that were found.

It is read by ordinals: a long document costs a question no more than a short one, and nothing is
cut or parsed for it.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from stook.identity.access import visible_to
from stook.identity.principals import Viewer
from stook.knowledge.store.documents import Chunk, FoundPassage, Places, Span
from stook.knowledge.store.passages import Ordinals, Passage, passage_of
from stook.knowledge.text.excerpts import Excerpts
from stook.knowledge.text.units import Structure, Unit
from stook.storage.tables import documents, passages

WHOLE = 100  # passages; a document of no more is read as a whole
OPENING = 40  # passages that are read of a longer one where its beginning is asked for


@dataclass(frozen=True)
class Neighbourhood:
    """The passages of a document that were read: all of them, or some with what is near."""

    passages: tuple[Passage, ...]
    whole: bool

    @functools.cached_property
    def structure(self) -> Structure:
        """The units of the passages; what is not there of one is left out of it."""
        text = Excerpts((one.chunk.span.start, one.text) for one in self.passages)
        units = (unit for one in self.passages for unit in one.units)
        return Structure(text, tuple(units if self.whole else _within(text, units)))

    @property
    def characters(self) -> float:
        """How long the document is; without end where it was not read as a whole."""
        return self.passages[-1].chunk.span.end if self.whole else math.inf

    @functools.cached_property
    def chunks(self) -> Mapping[int, Chunk]:
        """The passages by their ordinals."""
        return {one.chunk.ordinal: one.chunk for one in self.passages}

    @functools.cached_property
    def places(self) -> Places:
        """The pages, slides, sheets or moments of the passages."""
        return tuple(dict.fromkeys(place for one in self.passages for place in one.places))

    def joined(self, other: Neighbourhood) -> Neighbourhood:
        """What was read of the same version twice, as one."""
        if self.whole or other.whole:
            return self if self.whole else other
        held = {one.chunk.ordinal: one for one in (*self.passages, *other.passages)}
        return Neighbourhood(tuple(held[ordinal] for ordinal in sorted(held)), False)


def _within(text: Excerpts, units: Iterable[Unit]) -> Iterable[Unit]:
    for unit in units:
        end = min(unit.span.end, text.end_of(unit.span.start))
        header = unit.header
        if header is not None and text.end_of(header.start) < header.end:
            header = None
        yield replace(unit, span=Span(unit.span.start, end), header=header)


def neighbourhoods(
    connection: sa.Connection,
    viewer: Viewer,
    found: Collection[FoundPassage],
    *,
    opening: bool = False,
) -> dict[str, Neighbourhood]:
    """What is near the passages, by document id, in the versions that they were found in.

    A short document is read as a whole, of a longer one with ``opening`` its beginning, too.
    Documents that are gone, or were replaced, are left out.
    """
    wanted: dict[str, list[Ordinals]] = {}
    lengths: dict[str, int] = {}
    for row in connection.execute(_near(viewer, found)):
        lengths[row.document_id] = row.last
        runs = wanted.setdefault(row.document_id, [(0, OPENING - 1)] if opening else [])
        runs.append((row.ordinal, row.ordinal))
        runs += [(first, last) for first, last in row.near]
    for name, last in lengths.items():
        if last < WHOLE:
            wanted[name] = [(0, last)]
    held: dict[str, list[Passage]] = {name: [] for name in wanted}
    if wanted:
        for each in connection.execute(_read(viewer, wanted)).mappings():
            held[each["document_id"]].append(passage_of(each))
    return {
        name: Neighbourhood(tuple(own), len(own) > lengths[name])
        for name, own in held.items()
        if own
    }


def _near(viewer: Viewer, found: Collection[FoundPassage]) -> sa.Select[Any]:
    """What each of the passages has near it, and the last ordinal of its document."""
    column, others = passages.c, passages.alias()
    last = (
        sa.select(others.c.ordinal)
        .where(others.c.document_id == column.document_id, others.c.version == column.version)
        .order_by(others.c.ordinal.desc())
        .limit(1)
        .scalar_subquery()
    )
    keys = {(one.document.id, one.version, one.ordinal) for one in found}
    return (
        sa.select(column.document_id, column.ordinal, column.near, last.label("last"))
        .join(documents, documents.c.id == column.document_id)
        .where(visible_to(viewer), documents.c.served_version == column.version)
        .where(sa.tuple_(column.document_id, column.version, column.ordinal).in_(sorted(keys)))
    )


def _read(viewer: Viewer, wanted: Mapping[str, Sequence[Ordinals]]) -> sa.Select[Any]:
    column = passages.c
    runs = (
        sa.and_(column.document_id == name, column.ordinal.between(first, last))
        for name, own in wanted.items()
        for first, last in _merged(own)
    )
    return (
        sa.select(passages)
        .join(documents, documents.c.id == column.document_id)
        .where(visible_to(viewer), documents.c.served_version == column.version, sa.or_(*runs))
        .order_by(column.document_id, column.ordinal)
    )


def _merged(runs: Sequence[Ordinals]) -> list[Ordinals]:
    """Runs that meet or overlap, as one."""
    merged: list[Ordinals] = []
    for first, last in sorted(runs):
        if merged and first <= merged[-1][1] + 1:
            first, last = merged[-1][0], max(last, merged.pop()[1])
        merged.append((first, last))
    return merged
