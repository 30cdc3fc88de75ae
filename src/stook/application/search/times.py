"""Words and dates by which callers say when a document was last changed, as periods.

A day is the caller's own, by their offset from UTC.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from stook.knowledge.store.conditions import Period, Relation

DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
WORDS = {  # that are taken where not all of them are
    Relation.GT: ("yesterday",),
    Relation.LT: ("past_day", "past_week", "past_month", "yesterday", "today"),
}
MOST = 1000  # years, and so many of the others that dates still exist
_PAST = re.compile(r"past_(?:(\d{1,4})_)?(day|week|month|year)s?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def period(value: str, relation: Relation, now: datetime) -> Period | None:
    """The period that ``relation value`` means; None where it has no meaning.

    GT and LT leave out the day or the time that they name; GTE and LTE include it.
    """
    plain = value.strip().lower()
    named = _named(plain, now)
    if named is None or (not plain[:1].isdigit() and plain not in WORDS.get(relation, (plain,))):
        return None
    start, end = named
    return {
        Relation.EQUALS: Period(start, end),
        Relation.NOT_EQUALS: Period(start, end),
        Relation.GT: Period(end, None),
        Relation.GTE: Period(start, None),
        Relation.LT: Period(None, start),
        Relation.LTE: Period(None, end),
    }[relation]


def _named(value: str, now: datetime) -> tuple[int | None, int | None] | None:
    today = now.date()
    if value == "today":
        return _day(today, now)
    if value == "yesterday":
        return _day(today - timedelta(days=1), now)
    if found := _PAST.fullmatch(value):
        return _past(found, now)
    if _DATE.fullmatch(value):
        return _of_date(value, now)
    return _moment(value, now)


def _past(found: re.Match[str], now: datetime) -> tuple[int, None] | None:
    days = int(found[1] or 1) * DAYS[found[2]]
    if not 0 < days < MOST * DAYS["year"]:
        return None
    return _micros(now - timedelta(days=days)), None


def _of_date(value: str, now: datetime) -> tuple[int, int] | None:
    try:
        return _day(date.fromisoformat(value), now)
    except (ValueError, OverflowError):
        return None


def _moment(value: str, now: datetime) -> tuple[int, int] | None:
    """A time of RFC 3339, which stands for its microsecond."""
    if "t" not in value:
        return None
    try:
        given = datetime.fromisoformat(value)
        moment = _micros(given if given.tzinfo else given.replace(tzinfo=now.tzinfo))
    except (ValueError, OverflowError):
        return None
    return moment, moment + 1


def _day(day: date, now: datetime) -> tuple[int, int]:
    midnight = datetime.combine(day, time(), now.tzinfo)
    return _micros(midnight), _micros(midnight + timedelta(days=1))


def _micros(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)
