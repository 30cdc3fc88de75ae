"""The engine over the sample handbook: events, history, saving, limits, cancellation."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest

from stook.answering.outcome import Outcome
from stook.answering.pieces import Cited, TextDelta
from stook.conversation.chats import repository
from stook.conversation.chats.records import Message, Status
from stook.conversation.events import Failed, Finished, Reading, Searching, Started, Suggested, Turn
from stook.errors import InvalidRequest, NotFound, TimedOut, TooLarge
from stook.identity.principals import EVERYONE, Principal
from stook.knowledge.store import repository as documents
from stook.knowledge.store.documents import Filters
from stook.runtime import Runtime
from stook.understanding import languages, locales
from stook.understanding import time_expressions as calendar
from stook.understanding.locales import refusal
from stook.understanding.question import Author
from tests.conversation.corpus import ANN, BOB, NOW, answer_in, answer_to, ask, events_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOLIDAYS = "What are the company holidays this year?"


async def test_events_come_in_order_and_add_up(handbook: Runtime) -> None:
    events = await events_of(handbook, ask(HOLIDAYS))
    kinds = [type(event) for event in events]
    assert kinds[:4] == [Started, Searching, Reading, TextDelta]
    assert kinds[-2:] == [Suggested, Finished]
    answer = answer_in(events)
    assert "".join(e.text for e in events if isinstance(e, TextDelta)) == answer.text
    assert tuple(e.citation for e in events if isinstance(e, Cited)) == answer.citations
    assert events[-2] == Suggested(answer.suggestions)
    assert answer.timings.keys() >= {"history", "search", "read", "answer", "suggest"}
    assert sum(answer.timings.values()) <= answer.milliseconds + len(answer.timings)


async def test_a_citation_comes_after_the_text_that_it_is_about(handbook: Runtime) -> None:
    written = 0
    for event in await events_of(handbook, ask("How do I claim expenses?")):
        if isinstance(event, TextDelta):
            written += len(event.text)
        if isinstance(event, Cited):
            assert event.citation.answer_range.end <= written


async def test_the_holidays_of_this_year_and_of_this_month(handbook: Runtime) -> None:
    first = await answer_to(handbook, ask(HOLIDAYS, ANN, save=True))
    assert first.text.count(", 2026 | ") == 16
    assert {citation.document.external_id for citation in first.citations} == {"holidays/2026.md"}
    second = await answer_to(
        handbook, ask("What about this month?", ANN, chat_id=first.chat_id, save=True)
    )
    assert "Friday, November 27, 2026" in second.text
    assert "December" not in second.text
    assert "2025" not in second.text
    assert second.chat_id == first.chat_id
    assert second.chat_number == first.chat_number > 0


async def test_misspelt_questions_are_answered(handbook: Runtime) -> None:
    right = await answer_to(handbook, ask("How many weeks of parental leave are there?"))
    assert not right.refused
    for wrong in ("How many weeks of parentla leave are there?", "How many weks of parentl leave?"):
        events = await events_of(handbook, ask(wrong))
        (searching,) = [event for event in events if isinstance(event, Searching)]
        assert "parental leave" in searching.query
        cited = {citation.document.id for citation in answer_in(events).citations}
        assert cited & {citation.document.id for citation in right.citations}


async def test_a_follow_up_leans_on_what_was_meant(handbook: Runtime) -> None:
    past = (Turn(Author.USER, "What are the company holidys this year?"),)
    answer = await answer_to(handbook, ask("What about this month?", history=past))
    assert "Friday, November 27, 2026" in answer.text


async def test_history_sent_along_serves_as_well(handbook: Runtime) -> None:
    past = (Turn(Author.USER, HOLIDAYS), Turn(Author.ASSISTANT, "16 days."))
    answer = await answer_to(handbook, ask("What about this month?", history=past))
    assert "Friday, November 27, 2026" in answer.text


async def test_the_asker_has_a_calendar_of_its_own(handbook: Runtime) -> None:
    late = datetime(2027, 1, 1, 2, 0, tzinfo=UTC)
    answer = await answer_to(handbook, ask(HOLIDAYS, now=late))
    assert "January 1, 2027" in answer.text
    assert "2026 |" not in answer.text


@pytest.mark.parametrize(("hours", "month"), [(-11, "November"), (0, "November"), (14, "December")])
async def test_this_month_is_the_askers(handbook: Runtime, hours: int, month: str) -> None:
    """Half an hour before the month ends in UTC, it has ended east of there."""
    end = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    now = end.astimezone(timezone(timedelta(hours=hours)))
    answer = await answer_to(handbook, ask("What are the company holidays this month?", now=now))
    assert not answer.refused
    for name in ("November", "December"):
        assert (f"{name} 2" in answer.text) == (name == month), answer.text


async def test_locale_decides_how_a_date_is_read_and_how_it_is_refused(handbook: Runtime) -> None:
    assert [locales.day_first(each) for each in ("en", "en-US", "en-GB", "de", "pt_BR")] == [
        False,
        False,
        True,
        True,
        True,
    ]
    nowhere = "What is the capital of Mongolia?"
    for locale, word in (("de-AT", "Dokumenten"), ("fr", "documents"), ("xx", "could not find")):
        answer = await answer_to(handbook, ask(nowhere, locale=locale))
        assert answer.refused and word in answer.text
    for locale, month in (("en-US", "May"), ("en-GB", "July")):
        first = locales.day_first(locale)
        (found,) = calendar.read("Am I off on 5/7/2027?", NOW.date(), day_first=first)
        assert month in found.concrete


@pytest.mark.parametrize(
    ("question", "locale", "spoken"),
    [
        ("Was ist die Hauptstadt von der Mongolei?", "en", "de"),
        ("¿Cuál es la capital de Mongolia?", "en", "es"),
        ("Quelle est la capitale de la Mongolie ?", "de", "fr"),
        ("What is the capital of Mongolia?", "de", "de"),
    ],
)
async def test_an_answer_is_framed_in_the_language_of_its_question(
    handbook: Runtime, question: str, locale: str, spoken: str
) -> None:
    answer = await answer_to(handbook, ask(question, locale=locale))
    said = languages.of_locale(spoken).sentences
    assert answer.text.startswith((said.no_answer, said.refusal))


async def test_what_is_not_there_is_refused(handbook: Runtime) -> None:
    events = await events_of(handbook, ask("What is the capital of Mongolia?", ANN, save=True))
    answer = answer_in(events)
    assert answer.refused
    assert answer.text == refusal("en", ["Mongolia"])
    assert answer.citations == ()
    assert answer.suggestions == ()
    messages = await handbook.database.read(repository.history, ANN.email, answer.chat_id)
    assert messages[1].outcome is Outcome.NOTHING


async def test_suggestions_are_answered(handbook: Runtime) -> None:
    answer = await answer_to(handbook, ask("How many vacation days do I get?"))
    assert 1 <= len(answer.suggestions) <= 3
    for question in answer.suggestions:
        assert not (await answer_to(handbook, ask(question))).refused, question


async def test_suggestions_can_be_left_out(handbook: Runtime) -> None:
    events = await events_of(handbook, ask(HOLIDAYS, suggest=False))
    assert not any(isinstance(event, Suggested) for event in events)


async def test_limits_hold(handbook: Runtime) -> None:
    short = await answer_to(handbook, ask(HOLIDAYS, max_characters=300))
    assert len(short.text) <= 300
    assert all(c.answer_range.end <= len(short.text) for c in short.citations)
    few = await events_of(handbook, ask("Who approves expenses and travel?", max_sources=1))
    assert [len(event.documents) for event in few if isinstance(event, Reading)] == [1]
    assert len({c.document.id for c in answer_in(few).citations}) == 1


async def test_filters_hold(handbook: Runtime) -> None:
    only = Filters(documents=frozenset({"holidays/2025.md"}))
    for event in await events_of(
        handbook, ask("What are the company holidays in 2025?", filters=only)
    ):
        if isinstance(event, Reading):
            assert {d.external_id for d in event.documents} == {"holidays/2025.md"}
    nowhere = Filters(datasources=frozenset({"none"}))
    assert (await answer_to(handbook, ask(HOLIDAYS, filters=nowhere))).refused


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (ask("  \n "), InvalidRequest),
        (ask("x" * 20_001), TooLarge),
        (ask(HOLIDAYS, EVERYONE, save=True), InvalidRequest),
        (ask(HOLIDAYS, EVERYONE, chat_id="any"), NotFound),
        (ask(HOLIDAYS, ANN, chat_id=str(uuid.uuid4())), NotFound),
        (ask(HOLIDAYS, timeout_seconds=0.0), TimedOut),
        (ask(HOLIDAYS, Principal("nobody@example.com"), save=True), Exception),
    ],
)
async def test_failures_are_events(
    handbook: Runtime, asked: object, error: type[Exception]
) -> None:
    events = await events_of(handbook, asked)  # type: ignore[arg-type]
    assert isinstance(events[-1], Failed)
    assert isinstance(events[-1].error, error)
    assert not any(isinstance(event, Finished) for event in events)


async def test_a_foreign_chat_is_not_found(handbook: Runtime) -> None:
    mine = await answer_to(handbook, ask(HOLIDAYS, ANN, save=True))
    with pytest.raises(NotFound):
        await answer_to(handbook, ask("What about this month?", BOB, chat_id=mine.chat_id))
    messages = await handbook.database.read(repository.history, ANN.email, mine.chat_id)
    assert len(messages) == 2


@pytest.mark.parametrize("last", [TextDelta, Cited])
async def test_leaving_the_events_saves_what_was_written_and_cited(
    handbook: Runtime, last: type[TextDelta | Cited]
) -> None:
    """Words whose citation is not there yet could not be withheld later."""
    before = await handbook.database.read(repository.list_newest, BOB.email)
    events = handbook.engine.answer(ask(HOLIDAYS, BOB, save=True))
    written = ""
    async for event in events:
        if isinstance(event, TextDelta):
            written += event.text
        if isinstance(event, last):
            break
    await events.aclose()
    after = await handbook.database.read(repository.list_newest, BOB.email)
    (chat,) = [chat for chat in after if chat.id not in {known.id for known in before}]
    asked, answered = await handbook.database.read(repository.history, BOB.email, chat.id)
    assert asked.text == HOLIDAYS
    assert answered.status is Status.CANCELLED
    assert written and answered.text == (written if last is Cited else "")


async def test_cancelling_the_task_saves_and_stops(handbook: Runtime) -> None:
    started = asyncio.Event()

    async def listen() -> None:
        asked = ask("Cancelled question?", BOB, save=True)
        async with contextlib.aclosing(handbook.engine.answer(asked)) as events:
            async for event in events:
                if isinstance(event, Searching):
                    started.set()
                    await asyncio.Event().wait()

    task = asyncio.create_task(listen())
    await asyncio.wait_for(started.wait(), 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    (messages,) = await _chats_titled(handbook, "Cancelled question?")
    assert messages[1].status is Status.CANCELLED


async def _chats_titled(runtime: Runtime, title: str) -> list[list[Message]]:
    chats = await runtime.database.read(repository.list_newest, BOB.email)
    return [
        await runtime.database.read(repository.history, BOB.email, chat.id)
        for chat in chats
        if chat.title == title
    ]


async def test_a_turn_out_of_time_is_kept_as_failed(handbook: Runtime) -> None:
    first = await answer_to(handbook, ask(HOLIDAYS, BOB, save=True))
    for seconds in (0.002, 0.004, 0.008):
        again = ask(HOLIDAYS, BOB, chat_id=first.chat_id, save=True, timeout_seconds=seconds)
        last = (await events_of(handbook, again))[-1]
        assert isinstance(last, Finished | Failed)
        assert isinstance(last, Finished) or isinstance(last.error, TimedOut)
    messages = await handbook.database.read(repository.history, BOB.email, first.chat_id)
    assert {m.status for m in messages[2:]} <= {Status.FAILED, Status.COMPLETE}
    assert [message.position for message in messages] == list(range(len(messages)))


async def test_turns_of_one_chat_at_once_follow_one_another(handbook: Runtime) -> None:
    first = await answer_to(handbook, ask(HOLIDAYS, ANN, save=True))
    again = ask("What about this month?", ANN, chat_id=first.chat_id, save=True)
    answers = await asyncio.gather(*(answer_to(handbook, again) for _ in range(6)))
    messages = await handbook.database.read(repository.history, ANN.email, first.chat_id)
    assert [message.position for message in messages] == list(range(14))
    assert {m.turn_id for m in messages[2:]} == {answer.turn_id for answer in answers}


async def test_the_same_question_gets_the_same_bytes(handbook: Runtime) -> None:
    answers = [await answer_to(handbook, ask("How do I claim expenses?")) for _ in range(3)]
    assert len({repr((a.text, a.citations, a.suggestions)) for a in answers}) == 1


async def test_saved_citations_are_read_back(handbook: Runtime) -> None:
    answer = await answer_to(handbook, ask(HOLIDAYS, ANN, save=True))
    messages = await handbook.database.read(repository.history, ANN.email, answer.chat_id)
    assert messages[1].citations == answer.citations
    assert messages[1].text == answer.text


async def test_snippets_stand_in_the_stored_documents(handbook: Runtime) -> None:
    for question in ("How do I claim expenses?", HOLIDAYS, "Which laptops can I choose?"):
        for citation in (await answer_to(handbook, ask(question))).citations:
            text = await handbook.database.read(documents.text_of, EVERYONE, citation.document.id)
            span = citation.snippet.span
            assert text[span.start : span.end] == citation.snippet.text
