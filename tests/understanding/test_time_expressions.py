"""Times in questions, and dates in documents."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stook.knowledge.text import dates
from stook.knowledge.text.dates import Period
from stook.understanding import languages
from stook.understanding import time_expressions as calendar
from tests.conversation.corpus import TODAY  # Saturday, November 21, 2026

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("question", "first", "last", "concrete"),
    [
        ("What are the holidays this year?", "2026-01-01", "2026-12-31", "2026"),
        ("holidays next year", "2027-01-01", "2027-12-31", "2027"),
        ("and last year's holidays?", "2025-01-01", "2025-12-31", "2025"),
        ("What about this month?", "2026-11-01", "2026-11-30", "November 2026"),
        ("next month", "2026-12-01", "2026-12-31", "December 2026"),
        ("last quarter", "2026-07-01", "2026-09-30", "Q3 2026"),
        ("Q1 2027 goals", "2027-01-01", "2027-03-31", "Q1 2027"),
        ("am I off today?", "2026-11-21", "2026-11-21", "Saturday, November 21, 2026"),
        ("tomorrow", "2026-11-22", "2026-11-22", "Sunday, November 22, 2026"),
        ("this week", "2026-11-16", "2026-11-22", "November 2026"),
        ("next week", "2026-11-23", "2026-11-29", "November 2026"),
        ("next Friday", "2026-11-27", "2026-11-27", "Friday, November 27, 2026"),
        ("last Friday", "2026-11-20", "2026-11-20", "Friday, November 20, 2026"),
        ("in the next two weeks", "2026-11-21", "2026-12-05", ""),
        ("in March", "2027-03-01", "2027-03-31", "March 2027"),
        ("What happened in March?", "2026-03-01", "2026-03-31", "March 2026"),
        ("in May", "2027-05-01", "2027-05-31", "May 2027"),
        ("December 24", "2026-12-24", "2026-12-24", "Thursday, December 24, 2026"),
        ("on 3 February 2028", "2028-02-03", "2028-02-03", "Thursday, February 3, 2028"),
        ("the 2024 plan", "2024-01-01", "2024-12-31", "2024"),
        ("what is left this year?", "2026-11-21", "2026-12-31", "2026"),
    ],
)
def test_times_in_questions(question: str, first: str, last: str, concrete: str) -> None:
    (found,) = calendar.read(question, TODAY)
    assert found.period == Period(date.fromisoformat(first), date.fromisoformat(last))
    assert found.concrete == concrete


@pytest.mark.parametrize(
    ("question", "first", "last", "concrete"),
    [
        ("Welche Feiertage gibt es dieses Jahr?", "2026-01-01", "2026-12-31", "2026"),
        ("Was gilt im nächsten Jahr?", "2027-01-01", "2027-12-31", "2027"),
        ("Und letzten Monat?", "2026-10-01", "2026-10-31", "Oktober 2026"),
        ("Habe ich heute frei?", "2026-11-21", "2026-11-21", "Samstag, 21. November 2026"),
        ("Wer ist übermorgen da?", "2026-11-23", "2026-11-23", "Montag, 23. November 2026"),
        ("Was ist nächste Woche geplant?", "2026-11-23", "2026-11-29", "November 2026"),
        (
            "Ist das Büro am Freitag offen?",
            "2026-11-27",
            "2026-11-27",
            "Freitag, 27. November 2026",
        ),
        ("Was gilt in den nächsten zwei Wochen?", "2026-11-21", "2026-12-05", ""),
        ("Wie ist das im März?", "2027-03-01", "2027-03-31", "März 2027"),
        ("Was war im März?", "2026-03-01", "2026-03-31", "März 2026"),
        ("Was ist im ersten Quartal 2027 geplant?", "2027-01-01", "2027-03-31", "Q1 2027"),
        ("Was ist dieses Jahr noch frei?", "2026-11-21", "2026-12-31", "2026"),
        ("Was ist am 24. Dezember?", "2026-12-24", "2026-12-24", "Donnerstag, 24. Dezember 2026"),
    ],
)
def test_times_in_german_questions(question: str, first: str, last: str, concrete: str) -> None:
    (found,) = calendar.read(question, TODAY)
    assert found.period == Period(date.fromisoformat(first), date.fromisoformat(last))
    assert found.concrete == concrete


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("What are the company holidays?", "en"),
        ("Welche Feiertage gibt es?", "de"),
        ("Combien de jours de vacances avons-nous ?", "fr"),
        ("¿Cuántos días de vacaciones tengo?", "es"),
        ("parental leave", "en"),
        ("nächstes Jahr?", "de"),
        ("", "en"),
    ],
)
def test_the_language_of_a_text(text: str, code: str) -> None:
    assert languages.of_text(text).code == code


@pytest.mark.parametrize(
    "question",
    ["May I march in?", "Who may march?", "How many days do I get?", "Room 2020%", "$2000 limit"],
)
def test_what_is_no_time(question: str) -> None:
    assert calendar.read(question, TODAY) == ()


def test_the_next_thing_keeps_its_words() -> None:
    question = "When is the next holiday?"
    (found,) = calendar.read(question, TODAY)
    assert found.next_only
    assert found.period.first == TODAY
    assert calendar.without(question, (found,)) == question


def test_a_month_takes_the_year_of_the_conversation() -> None:
    (found,) = calendar.read("and in March?", TODAY, 2026)
    assert found.concrete == "March 2026"


def test_times_are_taken_out_with_their_prepositions() -> None:
    question = "Which holidays are there in March 2027 in Germany?"
    times = calendar.read(question, TODAY)
    assert calendar.without(question, times) == "Which holidays are there in Germany?"


@pytest.mark.parametrize(
    "text",
    [
        "Friday, November 27, 2026",
        "2026-11-27",
        "27 Nov",
        "27th of November 2026",
        "11/27/2026",
        "27/11/2026",
        "27.11.2026",
        "Nov 26–27",
        "November 26 - 28, 2026",
        "from November 20 to December 3",
        "Nov. 27th, 2026",
        "fourth Friday in November",
        "| Friday, November 27, 2026 | November Recharge Friday |",
    ],
)
def test_ways_to_write_a_day(text: str) -> None:
    wanted = Period(date(2026, 11, 27), date(2026, 11, 27))
    assert any(dates.falls_in(mention, wanted, None) for mention in dates.mentions(text))
    other = Period(date(2026, 6, 1), date(2026, 6, 30))
    assert not any(dates.falls_in(mention, other, None) for mention in dates.mentions(text))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("observed third Monday in January", date(2026, 1, 19)),
        ("the last Monday of May", date(2026, 5, 25)),
        ("first Monday in September", date(2026, 9, 7)),
    ],
)
def test_rules_for_days(text: str, day: date) -> None:
    (mention,) = dates.mentions(text)
    assert mention.period(2026) == Period(day, day)


def test_a_range_may_go_over_the_end_of_the_year() -> None:
    (mention,) = dates.mentions("between December 23 and January 1")
    assert mention.period(2026) == Period(date(2026, 12, 23), date(2027, 1, 1))


def test_the_year_around_decides_where_a_date_names_none() -> None:
    (mention,) = dates.mentions("November 27")
    assert dates.falls_in(mention, NOVEMBER, 2026)
    assert not dates.falls_in(mention, NOVEMBER, 2025)
    assert dates.falls_in(mention, NOVEMBER, None)


@pytest.mark.parametrize("text", ["version 3.11.2", "10/50 people", "1/2", "https://a.b/2026/11"])
def test_what_is_no_date(text: str) -> None:
    assert dates.mentions(text) == ()


def test_years_in_headings() -> None:
    assert dates.years("Company holidays 2026") == (2026,)
    assert dates.years("2025 and 2026, then 2025") == (2025, 2026)
    assert dates.years("$2000 or 2000% or 2,000") == ()


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)))
def test_every_day_is_recognised_in_each_form(day: date) -> None:
    month, abbreviated = day.strftime("%B"), day.strftime("%b")
    forms = [
        day.isoformat(),
        f"{day.strftime('%A')}, {month} {day.day}, {day.year}",
        f"{day.day} {abbreviated} {day.year}",
        f"{abbreviated} {day.day}, {day.year}",
        f"{day.day}.{day.month}.{day.year}",
    ]
    for form in forms:
        (mention,) = dates.mentions(form)
        assert mention.period(mention.year or 0) == Period(day, day), form


@given(st.text(max_size=80), st.dates(date(2000, 1, 1), date(2080, 12, 31)))
def test_any_question_can_be_read(question: str, today: date) -> None:
    found = calendar.read(question, today)
    spans = [(item.start, item.end) for item in found]
    assert spans == sorted(spans)
    assert all(start <= end <= len(question) for start, end in spans)
    assert all(item.period.first <= item.period.last for item in found)
    calendar.without(question, found)


@given(st.dates(date(2000, 1, 1), date(2080, 12, 31)))
def test_this_week_holds_today(today: date) -> None:
    (week,) = calendar.read("this week", today)
    assert week.period.first <= today <= week.period.last
    assert week.period.last - week.period.first == timedelta(days=6)


@pytest.mark.parametrize("piece", ["this month ", "May 1 ", "when what ", "next ", "in the ", "1/"])
def test_long_questions_are_read_in_bounded_time(piece: str) -> None:
    question = piece * (20_000 // len(piece))
    found = calendar.read(question, TODAY)
    assert len(found) <= calendar.MOST
    calendar.without(question, found)
