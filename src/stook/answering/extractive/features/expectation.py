"""Features of what kind of thing is asked for: an answer type, a time, a quantity."""

from __future__ import annotations

from stook.answering.extractive.features import timing
from stook.answering.extractive.features.answer_types import has_type
from stook.answering.extractive.features.material import UnitMaterial
from stook.answering.extractive.features.ranges import ranges
from stook.answering.extractive.query_model import QueryModel


def type_match(query: QueryModel, at: UnitMaterial) -> float:
    """Return 1 where the unit has what the question calls for: a person, a time, an amount …"""
    return float(has_type(at.raw, query.type))


def in_period(query: QueryModel, at: UnitMaterial) -> float:
    """Return 1 for a date in the period asked for, 0.5 for its year, -1 for another time, else 0.

    0 too where no period is asked for.
    """
    if query.period is None:
        return 0.0
    return timing.fit(at.structure, at.unit, at.source.document, query.period)


def other_year(query: QueryModel, at: UnitMaterial) -> float:
    """Return 1 where no time is asked for, and the unit is of a yearly version not the present."""
    if query.period is not None:
        return 0.0
    document = at.source.document
    name = (document.title, document.external_id, at.unit.heading_path)
    return float(at.versions.is_other(name))


def holds_quantity(query: QueryModel, at: UnitMaterial) -> float:
    """Return 1 where the unit names a range that a quantity of the question lies in."""
    return float(
        any(
            asked_for.may_be_told_by(at.raw, at.own)
            and any(one.holds(asked_for) for one in ranges(at.raw))
            for asked_for in query.quantities
        )
    )
