"""Expressions of time in a question, resolved in the asker's calendar.

"this month", asked on 21 November 2026, is the period from November 1 to November 30, 2026, and
"November 2026" for the search. Weeks begin on Monday.
"""

from __future__ import annotations

import calendar
import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from stook.knowledge.text import dates
from stook.knowledge.text.dates import Period
from stook.understanding import languages
from stook.understanding.languages.base import Language, TimeWords, any_of, pattern
from stook.understanding.languages.english import TIMES as ENGLISH_TIMES

MOST = 8  # time expressions read in one question
YEAR = 364  # days from the first to the last of a year, a leap day aside

_RANGE = re.compile(r"\s*(?:to|until|till|through|bis|à|au|a|hasta|[-–—])\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A piece of a question that names a time.

    ``concrete`` is how documents write it ("November 2026"; empty where they do not).
    ``next_only``: of what lies in the period only the earliest is asked for.
    ``yearless``: the year was guessed; the question named a month or a day only. An expression
    of no width ("the next holiday") belongs to words that stay in the question.
    """

    start: int
    end: int
    period: Period
    concrete: str
    next_only: bool = False
    yearless: bool = False


Reader = Callable[["_Times", re.Match[str], date], "TimeExpression | None"]


def read(
    question: str, today: date, year: int | None = None, day_first: bool = False
) -> tuple[TimeExpression, ...]:
    """The time expressions in order, none overlapping.

    ``year`` is that of the conversation so far, for "and in March?"; ``day_first`` reads 3/4 as
    the third of April.
    """
    times = _times(languages.of_text(question))
    found: list[TimeExpression] = []
    for expression in times.candidates(question, today, year, day_first):
        if len(found) == MOST:
            break
        clear = all(expression.end <= f.start or f.end <= expression.start for f in found)
        if clear:
            found.append(expression)
    found = list(_with_ranges(question, sorted(found, key=lambda item: item.start)))
    return tuple(times.from_today(question, today, found))


def _with_ranges(question: str, found: list[TimeExpression]) -> Iterator[TimeExpression]:
    """Join "January" and "March" of "from January to March"; twelve months are no time asked for.

    They are the months of any year ("does our year run from January to December?").
    """
    before: TimeExpression | None = None
    for item in found:
        between = question[before.end : item.start] if before else ""
        if before and before.yearless and item.yearless and _RANGE.fullmatch(between):
            joined = _joined(before, item)
            period = joined.period
            before = joined if (period.last - period.first).days < YEAR else None
            continue
        if before:
            yield before
        before = item
    if before:
        yield before


def _joined(first: TimeExpression, last: TimeExpression) -> TimeExpression:
    end = last.period.last
    if end < first.period.first:
        end = end.replace(year=end.year + 1, day=min(end.day, 28 if end.month == 2 else 31))
    period = Period(first.period.first, end)
    named = f"{first.concrete}, {last.concrete}"
    return TimeExpression(first.start, last.end, period, named, yearless=True)


def without(question: str, expressions: tuple[TimeExpression, ...]) -> str:
    """The question with its time expressions, and the prepositions before them, taken out."""
    before_times = _times(languages.of_text(question)).prepositions
    for expression in reversed(expressions):
        if expression.start == expression.end:  # stands beside words that stay
            continue
        before = before_times.sub("", question[: expression.start])
        question = f"{before} {question[expression.end :]}"
    return " ".join(question.split()).replace(" ?", "?").strip()


@functools.cache
def _times(language: Language) -> _Times:
    return _Times(language.times or ENGLISH_TIMES)


class _Times:
    """The time expressions of one language."""

    def __init__(self, words: TimeWords) -> None:
        self._words = words
        end = rf"{words.possessive}\b"
        relative, weekdays = any_of(words.relative), any_of(words.weekdays)
        counts = rf"\d{{1,3}}|{any_of(words.counts)}"
        before_weekday, before_month = any_of(words.before_weekday), any_of(words.before_month)
        days = any_of(words.days).replace(r"\ ", r"\s+")
        self.prepositions = pattern(rf"\s*\b(?:{any_of(words.prepositions)})\s*$")
        self._month = pattern(rf"\b(?:({before_month})\s+)?({any_of(words.months)})\b")
        self._readers: list[tuple[re.Pattern[str], Reader]] = [
            (pattern(rf"\b({days}){end}"), _Times._day),
            (
                pattern(
                    rf"\b(?P<which>{relative})\s+(?P<count>{counts})",
                    rf"\s+(?P<unit>{any_of(words.plurals)})\b",
                ),
                _Times._span_of_units,
            ),
            (
                pattern(
                    rf"\b(?P<which>{relative})\s+(?:calendar\s+)?",
                    rf"(?P<unit>{any_of(words.units)}){end}",
                ),
                _Times._unit,
            ),
            (
                pattern(rf"\b(?P<which>{before_weekday})\s+(?P<weekday>{weekdays}){end}"),
                _Times._weekday,
            ),
            (
                pattern(
                    rf"\b(?:q(?P<q>[1-4])|(?P<name>{any_of(words.quarters)})\s+{words.quarter})",
                    r"(?:\s+(?P<year>20\d\d))?\b",
                ),
                _Times._named_quarter,
            ),
            (words.next_thing, _Times._next_thing),
        ]

    def candidates(
        self, question: str, today: date, year: int | None, day_first: bool
    ) -> Iterator[TimeExpression]:
        """All readings, the surest first; they may overlap."""
        yield from self._explicit_dates(question, today, year, day_first)
        for one, reader in self._readers:
            for match in one.finditer(question):
                expression = reader(self, match, today)
                if expression is not None:
                    yield expression
        yield from self._months(question, today, year)
        for match in re.finditer(r"(?<![\d$€£.,/-])(20\d\d|19\d\d)(?![\d%])", question):
            named = int(match[1])
            yield TimeExpression(*match.span(), _year(named), str(named))

    def from_today(
        self, question: str, today: date, found: list[TimeExpression]
    ) -> Iterator[TimeExpression]:
        """Leave out days that are over: "Which holidays are left this year?"."""
        remaining = self._words.remaining.search(question)
        for item in found:
            period = item.period
            if remaining and period.first < today <= period.last:
                period = Period(today, period.last)
            yield replace(item, period=period)

    # --- readers -----------------------------------------------------------------------------

    def _day(self, match: re.Match[str], today: date) -> TimeExpression:
        named = " ".join(match[1].lower().split())
        return self._single(match, today + timedelta(days=self._words.days[named]))

    def _unit(self, match: re.Match[str], today: date) -> TimeExpression:
        shift = self._words.relative[match["which"].lower()]
        unit = self._words.units[match["unit"].lower()]
        if unit == "year":
            return _expression(match, _year(today.year + shift), str(today.year + shift))
        if unit == "quarter":
            first = _plus_months(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), 3 * shift)
            return _quarter(match, first)
        if unit == "month":
            first = _plus_months(today.replace(day=1), shift)
            return _expression(match, Period(first, _month_end(first)), self._month_text(first))
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=shift)
        first = monday + timedelta(days=5) if unit == "weekend" else monday
        period = Period(first, monday + timedelta(days=6))
        return _expression(match, period, self._month_text(first))

    def _span_of_units(self, match: re.Match[str], today: date) -> TimeExpression:
        count = self._words.counts.get(match["count"].lower()) or int(match["count"])
        ahead = self._words.relative[match["which"].lower()] >= 0
        unit = self._words.plurals[match["unit"].lower()]
        days = count * {"day": 1, "week": 7, "month": 30, "year": 365}[unit]
        other = today + timedelta(days=days if ahead else -days)
        period = Period(today, other) if ahead else Period(other, today)
        return _expression(match, period, "")

    def _weekday(self, match: re.Match[str], today: date) -> TimeExpression:
        number = self._words.weekdays.index(match["weekday"].lower())
        place = self._words.relative.get(match["which"].lower())
        shift = (number - today.weekday()) % 7
        if place == -1:
            shift -= 7
        elif place == 1 and shift == 0:
            shift = 7
        return self._single(match, today + timedelta(days=shift))

    def _named_quarter(self, match: re.Match[str], today: date) -> TimeExpression:
        quarter = int(match["q"] or self._words.quarters[match["name"].lower()])
        year = int(match["year"]) if match["year"] else today.year
        return _quarter(match, date(year, 3 * quarter - 2, 1))

    def _next_thing(self, match: re.Match[str], today: date) -> TimeExpression:
        period = Period(today, today + timedelta(days=366))
        place, next_only = match.start(1), self._words.relative.get(match[1].lower()) == 1
        return TimeExpression(place, place, period, "", next_only, yearless=True)

    def _explicit_dates(
        self, question: str, today: date, year: int | None, day_first: bool
    ) -> Iterator[TimeExpression]:
        for mention in dates.mentions(question, day_first):
            own = (
                mention.year
                or year
                or self._likely_year(question, today, mention.month, mention.day)
            )
            period = mention.period(own)
            if period is None:
                continue
            name = (self._day_text if mention.day else self._month_text)(period.first)
            yearless = mention.year is None
            yield TimeExpression(mention.start, mention.end, period, name, yearless=yearless)

    def _months(self, question: str, today: date, year: int | None) -> Iterator[TimeExpression]:
        """Month names without a year; "may" and "march" only where they can be no verbs."""
        words = self._words
        for match in self._month.finditer(question):
            if match[2].lower() in words.verbs and not match[1]:
                continue
            number, which = words.months.index(match[2].lower()) + 1, (match[1] or "").lower()
            place = words.relative.get(which)
            own = year or self._likely_year(question, today, number, None, place)
            first = date(own, number, 1)
            start = match.start(2) if place is None else match.start()
            period = Period(first, _month_end(first))
            yield TimeExpression(start, match.end(), period, self._month_text(first), yearless=True)

    def _likely_year(
        self, question: str, today: date, month: int, day: int | None, place: int | None = None
    ) -> int:
        """The year meant by "in March": the next one to come, or the last one after was and did."""
        if place == 0:
            return today.year
        ahead = (month, day or 31) >= (today.month, today.day)
        past = place == -1 or self._words.past.search(question)
        if past:
            return today.year - 1 if (month, day or 1) > (today.month, today.day) else today.year
        return today.year if ahead else today.year + 1

    def _single(self, match: re.Match[str], day: date) -> TimeExpression:
        return _expression(match, Period(day, day), self._day_text(day))

    def _month_text(self, day: date) -> str:
        return f"{self._words.months[day.month - 1].capitalize()} {day.year}"

    def _day_text(self, day: date) -> str:
        names = self._words
        weekday, month = names.weekdays[day.weekday()], names.months[day.month - 1]
        return names.day_text(weekday.capitalize(), month.capitalize(), day)


def _expression(match: re.Match[str], period: Period, concrete: str) -> TimeExpression:
    return TimeExpression(*match.span(), period, concrete)


def _quarter(match: re.Match[str], first: date) -> TimeExpression:
    last = _month_end(_plus_months(first, 2))
    name = f"Q{(first.month + 2) // 3} {first.year}"
    return _expression(match, Period(first, last), name)


def _year(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31))


def _plus_months(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _month_end(first: date) -> date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])
