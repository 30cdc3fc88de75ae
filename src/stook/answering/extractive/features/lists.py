"""Features of whole lists and tables.

A table "Germany (Hamburg) 2026" holds holidays, and so does "Company holidays 2026"; what tells
them apart is which words of the question stand above them, and which words stand there that the
question does not say. A list shares its other features with units, and takes its members' best.
"""

from __future__ import annotations

from collections.abc import Callable

from stook.answering.extractive.features import expectation, timing
from stook.answering.extractive.features.material import ListMaterial, UnitMaterial
from stook.answering.extractive.query_model import QueryModel
from stook.understanding.content import name_terms

DAYS_OF_A_YEAR = 366


def term_coverage(query: QueryModel, at: ListMaterial) -> float:
    """Return the share of the question's weight that stands above the list (0 to 1)."""
    return query.weight_in(at.above)


def best_member(
    feature: Callable[[QueryModel, UnitMaterial], float],
) -> Callable[[QueryModel, ListMaterial], float]:
    """Make a feature of lists from one of units: the best of those that were found."""

    def of_list(query: QueryModel, at: ListMaterial) -> float:
        return max(feature(query, one) for one in at.members)

    of_list.__doc__ = f"{feature.__doc__} Of a list, that of its best entry."
    return of_list


def type_match(query: QueryModel, at: ListMaterial) -> float:
    """Return 1: lists are candidates only where a list may be what is asked for."""
    return 1.0


def whole_list(query: QueryModel, at: ListMaterial) -> float:
    """Return 1: where a list is asked for, one is better than a sentence."""
    return 1.0


def heading_exactness(query: QueryModel, at: ListMaterial) -> float:
    """Return how much of the nearest heading and of the table's header is asked for (0 to 1)."""
    unit = at.units[0]
    above = (*unit.heading_path[-1:], at.first.structure.header(unit))
    names = [name_terms(name) - {"date"} for name in above]
    shares = [query.share_asked_for(name) for name in names if name]
    return sum(shares) / len(shares) if shares else 0.0


def heading_depth(query: QueryModel, at: ListMaterial) -> float:
    """Return the number of headings above the list: the general comes before the special."""
    return float(len(at.units[0].heading_path))


def in_period(query: QueryModel, at: ListMaterial) -> float:
    """Return 1 where entries lie in the period asked for, -1 where the list has others only.

    Less than 1 for later ones, if the next is wanted. Of a list that is not dated, what the
    feature of units says of its first entry.
    """
    if query.period is None or at.in_period is None:
        return expectation.in_period(query, at.first)
    if not at.in_period:
        return -1.0
    if not query.wants_next_only:
        return 1.0
    first = timing.first_day(
        at.first.structure, at.in_period[0], at.first.source.document, query.period
    )
    return 1.0 - (first - query.period.first).days / DAYS_OF_A_YEAR


def other_year(query: QueryModel, at: ListMaterial) -> float:
    """Return 1 where no time is asked for, and the list is of a yearly version not the present."""
    return expectation.other_year(query, at.first)
