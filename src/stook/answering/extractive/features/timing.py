"""Whether a unit of a document speaks of the time that a question asks about."""

from __future__ import annotations

import functools
from datetime import date

from stook.knowledge.store.documents import Document
from stook.knowledge.text import dates
from stook.knowledge.text.dates import Period
from stook.knowledge.text.units import Structure, Unit

LOOKED_AT = 2000  # characters of a unit in which dates are looked for


def fit(
    structure: Structure, unit: Unit, document: Document, period: Period, day_first: bool = False
) -> float:
    """1 where a date of the unit lies in the period, -1 where it speaks of another time, else 0.

    A unit that names no date takes the year of its headings or its document: half a point for
    the right year, minus one for a wrong one.
    """
    text = structure.raw(unit)[:LOOKED_AT]
    around = context_year(unit.heading_path, document.title, document.external_id)
    named = dates.mentions(text, day_first)
    if named:
        inside = any(dates.falls_in(mention, period, around) for mention in named)
        return 1.0 if inside else -1.0
    years = dates.years(text)
    if years:
        return 0.5 if any(_covers(period, year) for year in years) else -1.0
    if around is None:
        return 0.0
    return 0.5 if _covers(period, around) else -1.0


def first_day(structure: Structure, unit: Unit, document: Document, period: Period) -> date:
    """Return the first day in the period that a unit names; the last of all days if none."""
    around = context_year(unit.heading_path, document.title, document.external_id)
    named = dates.mentions(structure.raw(unit)[:LOOKED_AT])
    days = [dates.first_in(mention, period, around) for mention in named]
    return min((day for day in days if day), default=date.max)


@functools.lru_cache(maxsize=4096)
def context_year(heading_path: tuple[str, ...], title: str, address: str) -> int | None:
    """The one year that the innermost heading with a year, the title or the address names."""
    for text in (*reversed(heading_path), title, address):
        years = dates.years(
            text.replace("_", " ").replace("-", " ").replace("/", " ").replace(".", " ")
        )
        if len(years) == 1:
            return years[0]
        if years:
            return None
    return None


def _covers(period: Period, year: int) -> bool:
    return period.first.year <= year <= period.last.year
