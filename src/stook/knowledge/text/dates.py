"""Dates as people write them in documents: "Friday, November 27, 2026", 2026-11-27, 27 Nov.

A date without a year takes the year that its surroundings name, or none: then it is a day of
every year. "Third Monday in January" is such a day, too.
"""

from __future__ import annotations

import calendar
import functools
import re
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = {
    name.lower(): number
    for number in range(1, 13)
    for name in (calendar.month_name[number], calendar.month_abbr[number])
} | {"sept": 9}
GERMAN_MONTHS = {
    "januar": 1, "jänner": 1, "februar": 2, "feber": 2, "märz": 3, "mai": 5, "juni": 6, "juli": 7,
    "okt": 10, "oktober": 10, "dez": 12, "dezember": 12,
}  # fmt: skip
MONTHS |= GERMAN_MONTHS
WEEKDAYS = {
    name.lower(): number
    for number in range(7)
    for name in (calendar.day_name[number], calendar.day_abbr[number])
} | {"tues": 1, "thur": 3, "thurs": 3}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
ORDINALS |= {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5}

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    rf"|{'|'.join(sorted(GERMAN_MONTHS, reverse=True))})\b\.?"
)
_WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)\b"
)
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d\d"
_DASH = r"\s*(?:[-–—]|to|until|through|and|&)\s*"

_PATTERN = re.compile(
    rf"""(?<![\w/.-])(?:
      (?P<iso>(?P<iy>{_YEAR})-(?P<im>0[1-9]|1[0-2])-(?P<id>0[1-9]|[12]\d|3[01]))
    | (?P<numeric>(?P<na>\d{{1,2}})(?P<sep>[/.])(?P<nb>\d{{1,2}})(?P=sep)(?P<ny>{_YEAR}))
    | (?P<rule>(?P<ro>{"|".join(ORDINALS)})\s+(?P<rw>{_WEEKDAY})\s+(?:in|of)\s+(?P<rm>{_MONTH})
        (?:,?\s+(?P<ry>{_YEAR}))?)
    | (?P<mdy>(?P<mm>{_MONTH})\s*(?P<md>{_DAY})(?!\d)
        (?:{_DASH}(?:(?P<mm2>{_MONTH})\s*)?(?P<md2>{_DAY})(?![\d:]))?
        (?:(?:,\s*|\s+)(?P<my>{_YEAR}))?)
    | (?P<dmy>(?P<dd>{_DAY})(?:{_DASH}(?P<dd2>{_DAY}))?\.?\s*(?:of\s+)?(?P<dm>{_MONTH})
        (?:(?:,\s*|\s+)(?P<dy>{_YEAR}))?)
    | (?P<my_>(?P<ym>{_MONTH})\s+(?:of\s+)?(?P<yy>{_YEAR}))
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_YEARS = re.compile(rf"(?<![\d$€£.,/-])({_YEAR})(?![\d%]|[.,]\d)")


@dataclass(frozen=True, slots=True)
class Period:
    """A range of days, both ends included."""

    first: date
    last: date

    def overlaps(self, other: Period) -> bool:
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Mention:
    """A date in a text, at ``start`` to ``end`` of it; ``year`` is None when it names none.

    ``day`` is None for a whole month. ``weekday`` and ``nth`` stand for "third Monday".
    """

    start: int
    end: int
    year: int | None
    month: int
    day: int | None
    last_month: int
    last_day: int | None
    weekday: int | None = None
    nth: int = 0

    def period(self, year: int) -> Period | None:
        """The days meant in ``year``; None when there is no such day (February 30)."""
        try:
            if self.weekday is not None:
                day = _nth_weekday(year, self.month, self.weekday, self.nth)
                return Period(day, day)
            first = date(year, self.month, self.day or 1)
            last = self._last(year)
        except ValueError:
            return None
        return Period(first, last if last >= first else self._last(year + 1))

    def _last(self, year: int) -> date:
        last_day = self.last_day or calendar.monthrange(year, self.last_month)[1]
        return date(year, self.last_month, last_day)


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth such weekday of the month, -1 for the last; raises ValueError."""
    if nth < 0:
        end = date(year, month, calendar.monthrange(year, month)[1])
        return end - timedelta(days=(end.weekday() - weekday) % 7)
    first = date(year, month, 1)
    day = 1 + (weekday - first.weekday()) % 7 + 7 * (nth - 1)
    return date(year, month, day)


@functools.lru_cache(maxsize=8192)
def mentions(text: str, day_first: bool = False) -> tuple[Mention, ...]:
    """The dates in ``text``, in order; ``day_first`` reads 3/4/2026 as the third of April."""
    found = (_mention(match, day_first) for match in _PATTERN.finditer(text))
    return tuple(mention for mention in found if mention is not None)


@functools.lru_cache(maxsize=8192)
def years(text: str) -> tuple[int, ...]:
    """The years that a heading, a title or a sentence names, in order, each once."""
    return tuple(dict.fromkeys(int(year) for year in _YEARS.findall(text)))


def without_years(text: str) -> str:
    """The text without the years that it names."""
    return " ".join(_YEARS.sub(" ", text).split())


def without(text: str) -> str:
    """Return the text without dates and years."""
    return without_years(_PATTERN.sub(" ", text))


def falls_in(mention: Mention, period: Period, year: int | None) -> bool:
    """Whether the date lies in the period; ``year`` is what its surroundings say, if anything."""
    own = mention.year or year
    tried = [own] if own else range(period.first.year, period.last.year + 1)
    meant = (mention.period(year) for year in tried)
    return any(days is not None and days.overlaps(period) for days in meant)


def _mention(match: re.Match[str], day_first: bool) -> Mention | None:
    start, end = match.span()
    get = match.group
    if get("iso"):
        month, day = int(get("im")), int(get("id"))
        return Mention(start, end, int(get("iy")), month, day, month, day)
    if get("numeric"):
        return _numeric(match, day_first)
    if get("rule"):
        month, weekday = _month(get("rm")), WEEKDAYS[get("rw").lower()]
        nth = ORDINALS[get("ro").lower()]
        return Mention(start, end, _year(get("ry")), month, 1, month, 1, weekday, nth)
    if get("my_"):
        month = _month(get("ym"))
        return Mention(start, end, int(get("yy")), month, None, month, None)
    return _named(match)


def _named(match: re.Match[str]) -> Mention:
    start, end = match.span()
    get = match.group
    if get("mdy"):
        month, day = _month(get("mm")), _day(get("md"))
        last_month = _month(get("mm2")) if get("mm2") else month
        last_day = _day(get("md2")) if get("md2") else day
        return Mention(start, end, _year(get("my")), month, day, last_month, last_day)
    month, day = _month(get("dm")), _day(get("dd"))
    last_day = _day(get("dd2")) if get("dd2") else day
    return Mention(start, end, _year(get("dy")), month, day, month, last_day)


def _numeric(match: re.Match[str], day_first: bool) -> Mention | None:
    first, second = int(match["na"]), int(match["nb"])
    if match["sep"] == "." or first > 12 or (day_first and second <= 12):
        first, second = second, first
    if not (1 <= first <= 12 and 1 <= second <= 31):
        return None
    year = int(match["ny"])
    return Mention(match.start(), match.end(), year, first, second, first, second)


def _month(name: str) -> int:
    return MONTHS[name.lower().rstrip(".")]


def _day(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _year(text: str | None) -> int | None:
    return int(text) if text else None


def first_in(mention: Mention, period: Period, year: int | None) -> date | None:
    """The first day of the period that the date names; None where it names none of it."""
    own = mention.year or year
    tried = [own] if own else range(period.first.year, period.last.year + 1)
    for meant in tried:
        days = mention.period(meant)
        if days is not None and days.overlaps(period):
            return max(days.first, period.first)
    return None
