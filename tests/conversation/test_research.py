"""Deep questions: taken apart, searched for in several words, within a budget, as one may see."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from stook.answering.extractive.answerer import ExtractiveAnswerer
from stook.answering.outcome import Outcome
from stook.answering.pieces import Cited, TextDelta
from stook.conversation.engine import Engine
from stook.conversation.events import Answer, Effort, Event, Failed, Reading, Searching
from stook.conversation.research.plan import Part, is_deep, parts_of
from stook.conversation.research.resolving import plan
from stook.conversation.research.sections import Finding, write
from stook.errors import TimedOut
from stook.identity.principals import EVERYONE
from stook.knowledge.retrieval.retriever import Found, Searcher
from stook.knowledge.store.documents import Filters
from stook.runtime import Runtime
from stook.understanding.followup import stand_alone
from stook.understanding.locales import REFUSAL
from tests.conversation.corpus import TODAY, answer_in, ask, brief, events_of, questions

in_session = pytest.mark.asyncio(loop_scope="session")
PATIENCE = 60  # seconds that anything may take on a busy machine
DEEP = questions("deep.jsonl")
LEAVE = "What is the difference between employees and contractors in parental leave?"


def queries(events: list[Event]) -> list[str]:
    return [event.query for event in events if isinstance(event, Searching)]


def is_right(row: dict[str, Any], answer: Answer) -> bool:
    """Whether the answer holds all that it should, and cites each document that it is from."""
    cited = {citation.document.external_id for citation in answer.citations}
    return set(row["documents"]) <= cited and all(each in answer.text for each in row["contains"])


# --- how much better it is ---------------------------------------------------------------------


@in_session
async def test_questions_of_several_parts_are_answered_whatever_the_effort(
    handbook: Runtime,
) -> None:
    right: dict[Effort, int] = {}
    for effort in Effort:
        answers = [
            answer_in(await events_of(handbook, ask(row["question"], effort=effort)))
            for row in DEEP
        ]
        right[effort] = sum(map(is_right, DEEP, answers))
    assert right[Effort.DEEP] >= 0.85 * len(DEEP)
    assert right[Effort.QUICK] >= 0.85 * len(DEEP)  # parts are searched for by every agent
    assert right[Effort.AUTO] == right[Effort.DEEP]


@in_session
async def test_simple_questions_do_not_suffer(handbook: Runtime) -> None:
    rows = [row for row in questions("handbook.jsonl") if not (row["history"] or row["ask_as"])]
    right = dict.fromkeys(Effort, 0)
    for row in rows[::3]:
        for effort in Effort:
            answer = answer_in(await events_of(handbook, ask(row["question"], effort=effort)))
            holds = all(each in answer.text for each in row["contains"])
            right[effort] += holds and answer.refused != row["answerable"]
    assert min(right[Effort.DEEP], right[Effort.AUTO]) >= right[Effort.QUICK]


@in_session
async def test_steps_are_shown_and_the_answer_adds_up(handbook: Runtime) -> None:
    events = await events_of(handbook, ask(LEAVE, effort=Effort.DEEP))
    assert queries(events) == [
        LEAVE,
        "parental leave: employees?",
        "parental leave: contractors?",
    ]
    answer = answer_in(events)
    assert "".join(e.text for e in events if isinstance(e, TextDelta)) == answer.text
    assert tuple(e.citation for e in events if isinstance(e, Cited)) == answer.citations
    assert answer.text.startswith("**Employees:** ") and "\n\n**Contractors:** " in answer.text
    for citation in answer.citations:
        said = answer.text[citation.answer_range.start : citation.answer_range.end]
        first = said.split()[0]
        assert first in citation.snippet.text and not said.startswith("**Contractors")


@in_session
async def test_the_same_deep_question_gets_the_same_bytes(handbook: Runtime) -> None:
    first, again = [
        answer_in(await events_of(handbook, ask(LEAVE, effort=Effort.DEEP))) for _ in range(2)
    ]
    assert (first.text, first.citations) == (again.text, again.citations)


@in_session
async def test_what_is_not_found_is_looked_for_in_other_words_and_in_whole_documents(
    handbook: Runtime,
) -> None:
    question = "Does the company pay for a submarine licence?"
    events = await events_of(handbook, ask(question, effort=Effort.DEEP))
    assert len(set(queries(events))) >= 3
    assert sum(isinstance(event, Reading) for event in events) >= 2
    assert answer_in(events).outcome is Outcome.CLOSEST


@in_session
async def test_a_part_that_is_not_answered_says_so(handbook: Runtime) -> None:
    question = "How many days of vacation do I get, and who trains the falcons?"
    question += " And where do we meet in a fire in Toronto?"
    text = answer_in(await events_of(handbook, ask(question, effort=Effort.DEEP))).text
    assert "27 days" in text and "library" in text
    assert f"**Who trains the falcons?** {REFUSAL}" in text


@in_session
async def test_auto_searches_once_for_a_simple_question(handbook: Runtime) -> None:
    simple = await events_of(handbook, ask("How much is the daily allowance?", effort=Effort.AUTO))
    assert len(queries(simple)) == 1
    assert len(queries(await events_of(handbook, ask(LEAVE, effort=Effort.AUTO)))) == 3


@in_session
async def test_a_part_says_nothing_that_was_said_before(handbook: Runtime) -> None:
    question = (
        "How many vacation days do I get, how many can I carry over, and when do they expire?"
    )
    answer = answer_in(await events_of(handbook, ask(question)))
    for text in ("27 days", "6 unused days", "March 31"):
        assert answer.text.count(text) == 1
    for citation in answer.citations:
        said = answer.text[citation.answer_range.start : citation.answer_range.end]
        assert said.split()[0] in citation.snippet.text


@in_session
async def test_what_is_not_known_of_one_side_is_said(handbook: Runtime) -> None:
    text = answer_in(await events_of(handbook, ask("Compare Weir River and Weir Ocean"))).text
    assert "£1,150" in text and f"**Weir Ocean:** {REFUSAL}" in text


@in_session
async def test_one_answered_question_of_two_is_enough(handbook: Runtime) -> None:
    question = "How much vacation do I get? And who trains the falcons?"
    text = answer_in(await events_of(handbook, ask(question))).text
    assert "27 days" in text and f"**Who trains the falcons?** {REFUSAL}" in text


def test_a_part_leans_on_the_first_one() -> None:
    text = "What happens if my laptop is stolen? Who do I call first? And do I need police?"
    asked = [each.text for _, each in plan(stand_alone(text, [], TODAY), TODAY, False)]
    assert asked[-1] == "do I need police happens laptop stolen?"


@in_session
async def test_rows_of_one_table_stand_side_by_side(handbook: Runtime) -> None:
    question = "Tidemark Village or Town, how do they differ in price?"
    answer = answer_in(await events_of(handbook, ask(question)))
    assert answer.text.startswith(
        "- **Price a year**: Tidemark Village: £3,600; Tidemark Town: £14,800"
    )
    assert "£3,600" in answer.citations[0].snippet.text


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("What is the difference between Weir River and Brook?", ["Weir River", "Weir Brook"]),
        ("Is the allowance different for contractors and staff?", ["Contractors", "Staff"]),
        ("Standard vs Plus", ["Standard", "Plus"]),
        ("Ada and Bea are both mine. What does each of them do?", ["Ada", "Bea"]),
        ("vergleiche Tarif Eins mit Tarif Zwei", ["Tarif Eins", "Tarif Zwei"]),
    ],
)
def test_sides_of_comparisons(question: str, sides: list[str]) -> None:
    assert [part.label for part in parts_of(question, names_only=True) if part.is_side] == sides


@in_session
async def test_items_that_one_statement_answers_are_not_taken_apart(handbook: Runtime) -> None:
    question = "What is the hotel limit in Bristol and Toronto?"
    answer = answer_in(await events_of(handbook, ask(question)))
    assert "£160" in answer.text and "**Bristol" not in answer.text


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("stipend: how much per year, do I need receipts and does my manager have to agree?", 3),
        ("buddies - for how long, how often do the two meet and who picks them", 3),
        ("what is the bonus, when is it paid out and by when do I have to hand it in", 3),
        ("My edit is really important, how can I make sure that all read it?", 1),
        ("gabe from support, what are his hours", 1),
        ("What is the policy on drugs and alcohol?", 1),
        ("What is there for lunch in Boston, Toronto and Porto?", 3),
    ],
)
def test_parts_that_every_agent_searches_for(question: str, number: int) -> None:
    assert len(parts_of(question, names_only=True)) == number


# --- what it may cost, and see -----------------------------------------------------------------


class SlowSearcher(Searcher):
    """A searcher on a slow machine; counts."""

    seconds = 0.0
    searches = 0

    async def search(self, *given: Any, **named: Any) -> Found:
        self.searches += 1
        await asyncio.sleep(self.seconds)
        return await super().search(*given, **named)


def engine_with(runtime: Runtime, seconds: float, **limits: float) -> tuple[Engine, SlowSearcher]:
    searcher = SlowSearcher(runtime.database, runtime.index, runtime.embedder)
    searcher.seconds = seconds
    settings = runtime.settings.model_copy(update=limits)
    return Engine(settings, runtime.database, searcher), searcher


class Forgetful(SlowSearcher):
    """A searcher that finds nothing the first time."""

    async def search(self, *given: Any, **named: Any) -> Found:
        found = await super().search(*given, **named)
        if self.searches > 1:
            return found
        return replace(found, passages=(), best_lexical=0.0, best_dense=0.0)


@in_session
async def test_other_words_find_what_the_first_search_misses(handbook: Runtime) -> None:
    searcher = Forgetful(handbook.database, handbook.index, handbook.embedder)
    engine = Engine(handbook.settings, handbook.database, searcher)
    asked = ask("Within how many minutes must I acknowledge a page?", effort=Effort.DEEP)
    events = [event async for event in engine.answer(asked)]
    assert "8 minutes" in answer_in(events).text
    assert len(queries(events)) == 2 == searcher.searches


FIVE = "What is there for lunch in Boston, Toronto, Porto, Hamburg and Bristol?"


@in_session
@pytest.mark.parametrize("most", [1, 2, 4])
async def test_there_are_never_more_searches_than_allowed(handbook: Runtime, most: int) -> None:
    engine, searcher = engine_with(handbook, 0.0, deep_searches=most)
    events = [event async for event in engine.answer(ask(FIVE, effort=Effort.DEEP))]
    assert searcher.searches == most
    assert not answer_in(events).refused


@in_session
async def test_research_ends_when_its_time_is_over(handbook: Runtime) -> None:
    engine, searcher = engine_with(handbook, 0.2, deep_seconds=0.3)
    events = [event async for event in engine.answer(ask(FIVE, effort=Effort.DEEP))]
    assert searcher.searches <= 2
    assert not answer_in(events).refused


@in_session
async def test_the_time_limit_of_the_turn_counts_more(handbook: Runtime) -> None:
    engine, _ = engine_with(handbook, 0.2)
    asked = ask(FIVE, effort=Effort.DEEP, timeout_seconds=0.1)
    last = [event async for event in engine.answer(asked)][-1]
    assert isinstance(last, Failed) and isinstance(last.error, TimedOut)


@in_session
async def test_deep_questions_see_no_more_than_others(handbook: Runtime) -> None:
    restricted = [row for row in questions("handbook.jsonl") if row["ask_as"]]
    for row in restricted[:4]:
        question = f"{row['question'].rstrip('?')}, and how many days of vacation do I get?"
        events = await events_of(handbook, ask(question, EVERYONE, effort=Effort.DEEP))
        named = [each for event in events if isinstance(event, Reading) for each in event.documents]
        named += [citation.document for citation in answer_in(events).citations]
        assert not any(each.external_id.startswith("restricted/") for each in named)
        assert not any(wanted in answer_in(events).text for wanted in row["contains"])


@in_session
async def test_filters_hold_for_every_search(handbook: Runtime) -> None:
    only = Filters(documents=frozenset({"offices/europe.md"}))
    events = await events_of(handbook, ask(FIVE, effort=Effort.DEEP, filters=only))
    named = {
        e.external_id for event in events if isinstance(event, Reading) for e in event.documents
    }
    assert named == {"offices/europe.md"}


# --- taking questions apart --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What are the company holidays this year?", ["What are the company holidays this year?"]),
        ("Compare A-plan with B-plan on price.", ["price: A-plan?", "price: B-plan?"]),
        (
            "What is the difference between the cost of Weir and that of Tidemark?",
            ["the cost of Weir?", "the cost of Tidemark?"],
        ),
        (
            "Who is Ann, and where does she sit?",
            ["Who is Ann", "where does she sit?"],
        ),
        (
            "If I fall ill, whom do I tell and do I need a note?",
            ["If I fall ill, whom do I tell and do I need a note?"],
        ),
        (
            "Is parking free in Porto, in Hamburg, or at the Boston office?",
            [
                "Is parking free in Porto office?",
                "Is parking free in Hamburg office?",
                "Is parking free in Boston office?",
            ],
        ),
        (
            "Was ist der Unterschied zwischen Urlaub und Krankheit?",
            ["Urlaub?", "Krankheit?"],
        ),
        ("and and and", ["and and and"]),
        ("?", ["?"]),
    ],
)
def test_parts(question: str, parts: list[str]) -> None:
    assert [part.text for part in parts_of(question)] == parts


@pytest.mark.parametrize("row", DEEP, ids=lambda row: row["question"][:40])
def test_deep_questions_are_known_as_such(row: dict[str, Any]) -> None:
    assert is_deep(row["question"])


def test_few_simple_questions_are_taken_for_deep_ones() -> None:
    simple = [row["question"] for row in questions("handbook.jsonl")]
    assert sum(map(is_deep, simple)) <= 0.1 * len(simple)


def test_parts_lean_on_the_part_before_and_share_the_time() -> None:
    question = stand_alone(
        "How many vacation days did we have before, and how many do we have now?", [], TODAY
    )
    _, (_, second) = plan(question, TODAY, day_first=False)
    assert "vacation" in second.text
    question = stand_alone("Which holidays are there in Porto and in Hamburg in 2027?", [], TODAY)
    for _, part in plan(question, TODAY, day_first=False):
        assert part.period is not None and part.period.first.year == 2027


def test_very_long_texts_are_left_alone() -> None:
    long = "and what is this, " * 2000
    assert parts_of(long) == (Part(long),)


# --- putting it together -----------------------------------------------------------------------


async def test_sections_keep_to_the_limit_and_say_nothing_twice() -> None:
    texts = {"Leave": "# Leave\n\nEmployees get 30 days of leave. Contractors get 5 days of leave."}
    one, other = (
        Finding(Part(f"leave of {who}?", who), brief(f"How much leave do {who} get?", texts), True)
        for who in ("employees", "contractors")
    )
    whole = [piece async for piece in write([one, other], ExtractiveAnswerer(), None)]
    text = "".join(piece.text for piece in whole if isinstance(piece, TextDelta))
    cited = [piece.citation for piece in whole if isinstance(piece, Cited)]
    assert all(text[c.answer_range.start : c.answer_range.end] in c.snippet.text for c in cited)
    for limit in (40, 80, 120):
        pieces = [piece async for piece in write([one, other], ExtractiveAnswerer(), limit)]
        assert sum(len(p.text) for p in pieces if isinstance(p, TextDelta)) <= limit
    again = [piece async for piece in write([one, replace(one)], ExtractiveAnswerer(), None)]
    assert again == [piece async for piece in write([one], ExtractiveAnswerer(), None)]
