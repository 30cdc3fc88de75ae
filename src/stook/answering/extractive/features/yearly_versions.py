"""Yearly versions: parts of documents whose names differ in nothing but a year.

"Company holidays 2026" and "Company holidays 2027" are versions of one. A question that names no
time is asked of the present one: this year's, else the last one before, else the next.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import date

from stook.answering.extractive.features import timing
from stook.knowledge.text import dates

Names = tuple[str, str, tuple[str, ...]]  # a document's title and address, and the headings below


class YearlyVersions:
    """Knows which years the versions among some parts of documents are of."""

    def __init__(self, parts: Iterable[Names], today: date) -> None:
        self._today = today
        self._years: dict[tuple[str, ...], set[int]] = {}
        for part in parts:
            year = _year(part)
            if year is not None:
                self._years.setdefault(_without_years(part), set()).add(year)

    def is_other(self, part: Names) -> bool:
        """Tell whether a part is of another version than the present one."""
        year = _year(part)
        return year is not None and year != self._present(_without_years(part))

    def _present(self, name: tuple[str, ...]) -> int:
        years = self._years[name]
        return max((year for year in years if year <= self._today.year), default=min(years))


def _year(part: Names) -> int | None:
    """The year in the name; none where the name is a year alone, as in a log of changes."""
    title, address, headings = part
    return timing.context_year(headings, title, address) if all(_without_years(part)) else None


@functools.lru_cache(maxsize=4096)
def _without_years(part: Names) -> tuple[str, ...]:
    title, _, headings = part
    return tuple(dates.without_years(text) for text in (title, *headings))
