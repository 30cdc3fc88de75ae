"""Features of what kind of thing is asked for: an answer type, a time, a quantity."""

from __future__ import annotations

import functools

from stook.answering.extractive.features import timing
from stook.answering.extractive.features.answer_types import has_type, is_number
from stook.answering.extractive.features.material import UnitMaterial
from stook.answering.extractive.features.ranges import ranges
from stook.answering.extractive.query_model import QueryModel
from stook.knowledge.text.analysis import terms
from stook.knowledge.text.units import Form
from stook.knowledge.text.words import words as words_of
from stook.understanding.content import text_terms

WORDS_BEFORE = 1  # of what a unit begins with, besides what it defines: an article
COUNT_WITHIN = 3  # words behind a number, in which it says what it counts


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


def counts(query: QueryModel, at: UnitMaterial) -> float:
    """Return 1 where the unit says how many there are of what the question counts: "88 towns"."""
    told = query.counted and at.unit.form is not Form.ROW
    return float(bool(told) and not query.counted.isdisjoint(_counted_in(at.raw)))


def defines(query: QueryModel, at: UnitMaterial) -> float:
    """Return 1 where the unit begins with what is to be defined, and with hardly anything else.

    "Lantern is the IT desk", "**Lantern**: the IT desk", a row whose first cell is "Lantern".
    """
    if not query.defined:
        return 0.0
    words = words_of(at.raw)
    first = words[: len(query.defined) + WORDS_BEFORE]
    return float(query.defined <= text_terms(" ".join(first)) and len(words) > len(first))


@functools.lru_cache(maxsize=4096)
def _counted_in(raw: str) -> frozenset[str]:
    """The terms that stand right behind a number."""
    words = words_of(raw)
    behind = (
        word
        for place, number in enumerate(words)
        if is_number(number)
        for word in words[place + 1 : place + 1 + COUNT_WITHIN]
    )
    return frozenset(terms(" ".join(behind)))
