"""Expressions of time in a question, resolved in the asker's calendar.

"this month", asked on 21 November 2026, is the period from November 1 to November 30, 2026, and
"November 2026" for the search. Weeks begin on Monday.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from stook.knowledge.text import dates
from stook.knowledge.text.dates import Period

MOST = 8  # time expressions read in one question

_PLACE = {
    "this": 0, "current": 0, "next": 1, "coming": 1, "following": 1,
    "last": -1, "previous": -1, "past": -1,
}  # fmt: skip
_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "few": 3}
_RELATIVE = r"this|current|next|coming|following|last|previous|past"
_MONTH_NAMES = "|".join(name.lower() for name in list(calendar.month_name)[1:])
_DAY_NAMES = "|".join(name.lower() for name in calendar.day_name)
_NOT_TIME = rf"(?!(?:week|weekend|month|quarter|year|day|few|\d|{_MONTH_NAMES}|{_DAY_NAMES}))"


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


Reader = Callable[[re.Match[str], date], "TimeExpression | None"]


def read(
    question: str, today: date, year: int | None = None, day_first: bool = False
) -> tuple[TimeExpression, ...]:
    """The time expressions in order, none overlapping.

    ``year`` is that of the conversation so far, for "and in March?"; ``day_first`` reads 3/4 as
    the third of April.
    """
    found: list[TimeExpression] = []
    for expression in _candidates(question, today, year, day_first):
        if len(found) == MOST:
            break
        clear = all(expression.end <= f.start or f.end <= expression.start for f in found)
        if clear:
            found.append(expression)
    return tuple(_from_today(question, today, sorted(found, key=lambda item: item.start)))


def without(question: str, expressions: tuple[TimeExpression, ...]) -> str:
    """The question with its time expressions, and the prepositions before them, taken out."""
    for expression in reversed(expressions):
        if expression.start == expression.end:  # stands beside words that stay
            continue
        before = re.sub(
            r"\s*\b(?:in|on|for|during|of|by|at|from|since|until|the|over|within)\s*$",
            "",
            question[: expression.start],
            flags=re.IGNORECASE,
        )
        question = f"{before} {question[expression.end :]}"
    return " ".join(question.split()).replace(" ?", "?").strip()


def _candidates(
    question: str, today: date, year: int | None, day_first: bool
) -> Iterator[TimeExpression]:
    yield from _explicit_dates(question, today, year, day_first)
    for pattern, reader in _READERS:
        for match in pattern.finditer(question):
            expression = reader(match, today)
            if expression is not None:
                yield expression
    yield from _months(question, today, year)
    for match in re.finditer(r"(?<![\d$€£.,/-])(20\d\d|19\d\d)(?![\d%])", question):
        named = int(match[1])
        yield TimeExpression(*match.span(), _year(named), str(named))


def _from_today(
    question: str, today: date, found: list[TimeExpression]
) -> Iterator[TimeExpression]:
    """ "Which holidays are left this year?" asks for the days still to come."""
    remaining = re.search(
        r"\b(?:left|remaining|remain|still|rest of|upcoming)\b", question, re.IGNORECASE
    )
    for item in found:
        period = item.period
        if remaining and period.first < today <= period.last:
            period = Period(today, period.last)
        yield TimeExpression(
            item.start, item.end, period, item.concrete, item.next_only, item.yearless
        )


# --- readers ---------------------------------------------------------------------------------


def _day(match: re.Match[str], today: date) -> TimeExpression:
    words = " ".join(match[1].lower().split())
    shift = {"yesterday": -1, "tomorrow": 1, "day after tomorrow": 2}.get(words, 0)
    return _single(match, today + timedelta(days=shift))


def _unit(match: re.Match[str], today: date) -> TimeExpression:
    shift, unit = _PLACE[match["which"].lower()], match["unit"].lower()
    if unit == "year":
        return _expression(match, _year(today.year + shift), str(today.year + shift))
    if unit == "quarter":
        first = _plus_months(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), 3 * shift)
        return _quarter(match, first)
    if unit == "month":
        return _month(match, _plus_months(today.replace(day=1), shift))
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=shift)
    first = monday + timedelta(days=5) if unit == "weekend" else monday
    period = Period(first, monday + timedelta(days=6))
    return _expression(match, period, f"{calendar.month_name[first.month]} {first.year}")


def _span_of_units(match: re.Match[str], today: date) -> TimeExpression:
    count = _COUNTS.get(match["count"].lower()) or int(match["count"])
    ahead = _PLACE[match["which"].lower()] >= 0
    days = count * {"day": 1, "week": 7, "month": 30, "year": 365}[match["unit"].lower()]
    other = today + timedelta(days=days if ahead else -days)
    period = Period(today, other) if ahead else Period(other, today)
    return _expression(match, period, "")


def _weekday(match: re.Match[str], today: date) -> TimeExpression:
    shift = (dates.WEEKDAYS[match["weekday"].lower()] - today.weekday()) % 7
    which = (match["which"] or "").lower()
    if _PLACE.get(which) == -1:
        shift = shift - 7
    elif which == "next" and shift == 0:
        shift = 7
    return _single(match, today + timedelta(days=shift))


def _named_quarter(match: re.Match[str], today: date) -> TimeExpression:
    number = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
    quarter = int(match["q"]) if match["q"] else number[match["name"].lower()]
    year = int(match["year"]) if match["year"] else today.year
    return _quarter(match, date(year, 3 * quarter - 2, 1))


def _next_thing(match: re.Match[str], today: date) -> TimeExpression:
    period = Period(today, today + timedelta(days=366))
    place, next_only = match.start(1), match[1].lower() == "next"
    return TimeExpression(place, place, period, "", next_only, yearless=True)


_READERS: list[tuple[re.Pattern[str], Reader]] = [
    (re.compile(pattern, re.IGNORECASE), reader)
    for pattern, reader in (
        (r"\b(today|tonight|tomorrow|yesterday|day\s+after\s+tomorrow)(?:'s|’s)?\b", _day),
        (
            rf"\b(?P<which>{_RELATIVE})\s+(?P<count>\d{{1,3}}|few|two|three|four|five|six)"
            r"\s+(?P<unit>day|week|month|year)s\b",
            _span_of_units,
        ),
        (
            rf"\b(?P<which>{_RELATIVE})\s+(?:calendar\s+)?"
            r"(?P<unit>weekend|week|month|quarter|year)(?:'s|’s)?\b",
            _unit,
        ),
        (
            rf"\b(?:(?P<which>this|coming|next|last|previous|past|on|by)\s+)"
            rf"(?P<weekday>{_DAY_NAMES})(?:'s|’s)?\b",
            _weekday,
        ),
        (
            r"\b(?:q(?P<q>[1-4])|(?P<name>first|second|third|fourth|last)\s+quarter)"
            r"(?:\s+(?:of\s+)?(?P<year>20\d\d))?\b",
            _named_quarter,
        ),
        (
            rf"\b(?:when|which|what)\b.{{0,80}}?\b(?:the|our)\s+(next|upcoming)\s+{_NOT_TIME}",
            _next_thing,
        ),
    )
]


def _explicit_dates(
    question: str, today: date, year: int | None, day_first: bool
) -> Iterator[TimeExpression]:
    for mention in dates.mentions(question, day_first):
        own = mention.year or year or _likely_year(question, today, mention.month, mention.day)
        period = mention.period(own)
        if period is None:
            continue
        name = _day_text(period.first) if mention.day else _month_text(period.first)
        yearless = mention.year is None
        yield TimeExpression(mention.start, mention.end, period, name, yearless=yearless)


def _months(question: str, today: date, year: int | None) -> Iterator[TimeExpression]:
    """Month names without a year; "may" and "march" only where they can be no verbs."""
    pattern = rf"\b(?:(in|for|during|of|this|next|last|until|by|since)\s+)?({_MONTH_NAMES})\b"
    for match in re.finditer(pattern, question, re.IGNORECASE):
        if match[2].lower() in ("may", "march") and not match[1]:
            continue
        number, which = dates.MONTHS[match[2].lower()], (match[1] or "").lower()
        own = year or _likely_year(question, today, number, None, which)
        first = date(own, number, 1)
        start = match.start() if which in ("this", "next", "last") else match.start(2)
        period = Period(first, _month_end(first))
        yield TimeExpression(start, match.end(), period, _month_text(first), yearless=True)


def _likely_year(question: str, today: date, month: int, day: int | None, which: str = "") -> int:
    """The year meant by "in March": the next one to come, or the last one after was and did."""
    if which == "this":
        return today.year
    ahead = (month, day or 31) >= (today.month, today.day)
    past = which == "last" or re.search(
        r"\b(?:was|were|did|had|happened)\b", question, re.IGNORECASE
    )
    if past:
        return today.year - 1 if (month, day or 1) > (today.month, today.day) else today.year
    return today.year if ahead else today.year + 1


def _expression(match: re.Match[str], period: Period, concrete: str) -> TimeExpression:
    return TimeExpression(*match.span(), period, concrete)


def _single(match: re.Match[str], day: date) -> TimeExpression:
    return _expression(match, Period(day, day), _day_text(day))


def _month(match: re.Match[str], first: date) -> TimeExpression:
    return _expression(match, Period(first, _month_end(first)), _month_text(first))


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


def _month_text(day: date) -> str:
    return f"{calendar.month_name[day.month]} {day.year}"


def _day_text(day: date) -> str:
    name = f"{calendar.day_name[day.weekday()]}, {calendar.month_name[day.month]}"
    return f"{name} {day.day}, {day.year}"
