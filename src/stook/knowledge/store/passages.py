"""Passages as they are stored: all that answering needs of a document, made once, at indexing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from stook.knowledge.store.documents import Chunk, Places, Span
from stook.knowledge.text.units import Form, Unit
from stook.storage.upserts import Row

Ordinals = tuple[int, int]  # the first and the last of a run of passages


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage with the units that begin in it.

    ``text`` goes on to where the next passage begins. ``near`` are the passages that hold what its
    units belong to: their lists and tables, what leads in to them, headers of tables. ``places``
    are the pages, slides, sheets or moments within it, the first of them begun before it.
    """

    chunk: Chunk
    text: str
    units: tuple[Unit, ...]
    near: tuple[Ordinals, ...]
    places: Places = ()


def row_of(document_id: str, version: int, passage: Passage) -> Row:
    """The row of a passage; headings are written once, however many units stand below them."""
    chunk = passage.chunk
    paths = list(dict.fromkeys(unit.heading_path for unit in passage.units))
    numbers = {path: number for number, path in enumerate(paths)}
    return {
        "document_id": document_id,
        "version": version,
        "ordinal": chunk.ordinal,
        "start": chunk.span.start,
        "end": chunk.span.end,
        "heading_path": list(chunk.heading_path),
        "text": passage.text,
        "windows": [[span.start, span.end] for span in chunk.windows],
        "units": {
            "paths": [list(path) for path in paths],
            "units": [_stored(unit, numbers[unit.heading_path]) for unit in passage.units],
        },
        "near": [list(run) for run in passage.near],
        "places": [list(place) for place in passage.places],
    }


def _stored(unit: Unit, path: int) -> list[int | None]:
    header = unit.header
    return [
        unit.place,
        unit.form.value,
        unit.span.start,
        unit.span.end,
        unit.group,
        path,
        unit.lead,
        unit.above,
        header.start if header else None,
        header.end if header else None,
        unit.depth,
        int(unit.ordered),
    ]


def passage_of(row: sa.RowMapping) -> Passage:
    """The passage of a row."""
    paths = [tuple(path) for path in row["units"]["paths"]]
    return Passage(
        Chunk(
            row["ordinal"],
            Span(row["start"], row["end"]),
            tuple(row["heading_path"]),
            tuple(Span(*window) for window in row["windows"]),
        ),
        row["text"],
        tuple(_unit(stored, paths) for stored in row["units"]["units"]),
        tuple((first, last) for first, last in row["near"]),
        places_of(row["places"]),
    )


def _unit(stored: Sequence[Any], paths: Sequence[tuple[str, ...]]) -> Unit:
    place, form, start, end, group, path, lead, above, header, below, depth, ordered = stored
    return Unit(
        place,
        Form(form),
        Span(start, end),
        group,
        paths[path],
        lead,
        above,
        None if header is None else Span(header, below),
        depth,
        bool(ordered),
    )


def places_of(stored: Iterable[Sequence[Any]]) -> Places:
    """The places of a passage, as its row holds them."""
    return tuple((offset, name) for offset, name in stored)
