"""A comparison of things that are rows of one table: one aspect a line, each cell cited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stook.answering.base import Brief, Source
from stook.answering.extractive.cells import cells, columns
from stook.answering.extractive.compose import Chosen, Draft, citation_of
from stook.answering.pieces import Citation
from stook.knowledge.store.documents import Span
from stook.knowledge.text.units import Form, Structure, Unit
from stook.understanding.content import content_terms, text_terms

MOST_ASPECTS = 8
FEWEST_ASPECTS = 2  # one alone is no comparison, unless it is asked for
EMPTY = "–"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, with its cells; the first says what it is about."""

    source: Source
    structure: Structure
    unit: Unit
    cells: tuple[str, ...]
    columns: tuple[str, ...]


def side_by_side(brief: Brief, names: Sequence[str], about: str = "") -> Draft | None:
    """Compare the things of these names by the columns of their table.

    Where all that the question is ``about`` are columns, only by these. None where there is no
    table that has a row for each.
    """
    rows = _rows_of(brief, names)
    if rows is None:
        return None
    aspects = _aspects(rows[0].columns, content_terms(about))
    if len(aspects) < (1 if about else FEWEST_ASPECTS):
        return None
    pieces: list[tuple[str, Citation | None]] = []
    length = 0
    for number, place in enumerate(aspects[:MOST_ASPECTS]):
        lead = f"{chr(10) if number else ''}- **{rows[0].columns[place]}**: "
        for row in rows:
            said = f"{lead}{row.cells[0]}: "
            value = row.cells[place] or EMPTY
            at = Span(length + len(said), length + len(said) + len(value))
            chosen = Chosen(row.source, row.structure, row.unit)
            pieces += [(said, None), (value, citation_of([chosen], at))]
            length = at.end
            lead = "; "
    draft = Draft(tuple(pieces))
    fits = brief.max_characters is None or len(draft.text) <= brief.max_characters
    return draft if fits else None


def _rows_of(brief: Brief, names: Sequence[str]) -> list[Row] | None:
    """A row for each name, all of one table; of the best document that has such a table."""
    wanted = [text_terms(name) for name in names]
    common = frozenset[str].intersection(*wanted)
    own = [terms - common for terms in wanted]
    if not all(own):
        return None
    for source in brief.sources:
        made = source.structure
        tables: dict[int, list[Row]] = {}
        for row in _rows(source, made):
            tables.setdefault(row.unit.group, []).append(row)
        for rows in tables.values():
            found = [_row_named(rows, terms, common) for terms in own]
            kept = [row for row in found if row is not None]
            if len(kept) == len(names) and len({row.unit.place for row in kept}) == len(names):
                return kept
    return None


def _rows(source: Source, made: Structure) -> Iterator[Row]:
    for unit in made.units:
        if unit.form is not Form.ROW:
            continue
        names, values = columns(made, unit), cells(made.raw(unit))
        if len(names) == len(values) > 1:
            yield Row(source, made, unit, tuple(values), tuple(names))


def _row_named(rows: Sequence[Row], terms: frozenset[str], common: frozenset[str]) -> Row | None:
    """The row whose first cell has a name's own words, and the others there or above the table."""
    for row in rows:
        label = text_terms(row.cells[0])
        above = text_terms("\n".join((row.source.document.title, *row.unit.heading_path)))
        if terms <= label and common <= label | above:
            return row
    return None


def _aspects(names: Sequence[str], about: frozenset[str]) -> list[int]:
    """The columns that are asked for; all but the first where none is, or something else, too."""
    places = [place for place, name in enumerate(names) if place and name]
    wanted = [place for place in places if content_terms(names[place]) & about]
    covered = frozenset[str]().union(*(content_terms(names[place]) for place in wanted))
    return wanted if wanted and about <= covered else places
