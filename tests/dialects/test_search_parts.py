"""Queries taken apart, dates, cursors and snippets, without a server."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stook.application.search import operators, times
from stook.dialects import cursors
from stook.knowledge.retrieval.exact_phrases import holds_phrase
from stook.knowledge.store.conditions import Period, Relation
from stook.knowledge.text.snippets import excerpt, opening

NOW = datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=-8)))


def micros(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    return round(
        datetime(year, month, day, hour, minute, tzinfo=NOW.tzinfo).timestamp() * 1_000_000
    )


@pytest.mark.parametrize(
    ("query", "text", "phrases", "without"),
    [
        ("leave policy", "leave policy", [], []),
        ('"carry  over" days', "carry over days", ["carry over"], []),
        ("a-b -c re-entry", "a-b re-entry", [], ["c"]),
        ('x -"not this"', "x", [], ["not this"]),
        ("minus -5 degrees", "minus -5 degrees", [], []),
        ("https://x.example error: type", "https://x.example error: type", [], []),
        ('unclosed "phrase', 'unclosed "phrase', [], []),
        ('""', '""', [], []),
    ],
)
def test_text_phrases_and_words_left_out(
    query: str, text: str, phrases: list[str], without: list[str]
) -> None:
    typed = operators.parse(query)
    assert (typed.text, typed.phrases, typed.without) == (text, phrases, without)
    assert typed.operators == []


def test_operators() -> None:
    typed = operators.parse('TYPE:page from:"Rita R" -app:wiki mytype:x updated:today')
    assert typed.text == "mytype:x"
    assert [(each.field, each.value, each.negated) for each in typed.operators] == [
        ("type", "page", False),
        ("from", "Rita R", False),
        ("app", "wiki", True),
        ("last_updated_at", "today", False),
    ]


PIECES = ("type:", "FROM:", "-", '"', "“", "a", "b7", "é", " ", " ", "\n", ":")


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=20).map("".join))
def test_any_query_can_be_read(query: str) -> None:
    typed = operators.parse(query)
    plain = query.translate(operators._QUOTES)
    values = [each.value for each in typed.operators]
    for part in (typed.text, *typed.phrases, *typed.without, *values):
        assert all(word in plain for word in part.split()), part
    assert all(phrase in typed.text for phrase in typed.phrases)


@pytest.mark.parametrize(
    ("value", "relation", "expected"),
    [
        ("today", Relation.EQUALS, (micros(2026, 3, 1), micros(2026, 3, 2))),
        ("Yesterday", Relation.EQUALS, (micros(2026, 2, 28), micros(2026, 3, 1))),
        ("past_day", Relation.EQUALS, (micros(2026, 2, 28, 1, 30), None)),
        ("past_2_weeks", Relation.EQUALS, (micros(2026, 2, 15, 1, 30), None)),
        ("past_month", Relation.LT, (None, micros(2026, 1, 30, 1, 30))),
        ("yesterday", Relation.GT, (micros(2026, 3, 1), None)),
        ("2026-02-10", Relation.GT, (micros(2026, 2, 11), None)),
        ("2026-02-10", Relation.LT, (None, micros(2026, 2, 10))),
        ("2026-02-10", Relation.GTE, (micros(2026, 2, 10), None)),
        ("2026-02-10", Relation.LTE, (None, micros(2026, 2, 11))),
        ("2026-02-10T00:00:00-08:00", Relation.GTE, (micros(2026, 2, 10), None)),
    ],
)
def test_days_are_the_callers(
    value: str, relation: Relation, expected: tuple[int | None, int | None]
) -> None:
    assert times.period(value, relation, NOW) == Period(*expected)


@pytest.mark.parametrize(
    "value", ["", "soon", "past_", "past_9999_years", "2026-13-01", "9999-12-31"]
)
def test_no_such_time(value: str) -> None:
    assert times.period(value, Relation.EQUALS, NOW) is None


NEARLY_TIMES = st.text(max_size=20) | st.from_regex(
    r"past_\d{1,5}_(day|week|month|year)s?|\d{4}-\d\d-\d\d(T\d\d:\d\d)?", fullmatch=True
)


@given(NEARLY_TIMES, st.sampled_from(Relation))
@example("past_day", Relation.LTE)
def test_any_text_is_a_time_or_none(value: str, relation: Relation) -> None:
    period = times.period(value, relation, NOW)
    if period is not None:
        start, end = period.start, period.end
        until_now = relation is Relation.LTE and "past" in value.lower()  # which leaves out nothing
        assert until_now or start is not None or end is not None
        assert start is None or end is None or start < end


@given(
    st.lists(st.text(max_size=3), unique=True, max_size=12),
    st.integers(1, 5),
    st.randoms(use_true_random=False),
)
def test_pages_of_a_list_that_is_shuffled_between_them(
    items: list[str], size: int, order: object
) -> None:
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = cursors.cut(items, str, "search", cursor, size)
        assert page.before == len(seen)
        seen += page.items
        cursor = page.cursor
        if cursor is None:
            break
        order.shuffle(items)  # type: ignore[attr-defined]
    assert sorted(seen) == sorted(items)


@given(st.text(max_size=40))
def test_any_other_cursor_is_refused(cursor: str) -> None:
    try:
        page = cursors.cut(["a"], str, "search", cursor, 1)
    except cursors.InvalidCursor:
        return
    assert cursor == "" and page.items == ["a"]


TEXT = """# Leave

Everybody has **27 days** of leave. Ask in Harbour.

- Sick leave is apart.

| Day | Leave |
|---|---|
| Monday | none |
"""


@given(st.text(alphabet="ab. \n#-|", max_size=80), st.integers(1, 40))
def test_excerpts_are_verbatim_and_short(text: str, longest: int) -> None:
    piece = excerpt(text, ["a", "ab"], longest)
    assert piece.text in text and len(piece.text) <= longest
    assert all(piece.text[span.start : span.end].strip() for span in piece.highlights)
    assert text.startswith(opening(text, longest)) and len(opening(text, longest)) <= longest


def test_excerpt_begins_where_the_terms_are() -> None:
    piece = excerpt(TEXT, ["sick", "leav"], 30)
    assert piece.text == "Sick leave is apart."
    assert [piece.text[span.start : span.end] for span in piece.highlights] == ["Sick", "leave"]
    long = "word " * 100 + "needle " + "word " * 100
    assert "needle" in excerpt(long, ["needl"], 40).text


@pytest.mark.parametrize(
    ("phrase", "held"),
    [("27 DAYS", True), ("ask in harbour", True), ("in Harb", False), ("days leave", False)],
)
def test_phrases(phrase: str, held: bool) -> None:
    assert holds_phrase(TEXT, phrase) is held
