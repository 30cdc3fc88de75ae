"""Turns that are followed and stopped from elsewhere. Two ``Turns`` on a database are two nodes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
import sqlalchemy as sa

from stook.answering.outcome import Outcome
from stook.answering.pieces import Cited, TextDelta
from stook.conversation.chats import repository
from stook.conversation.chats.disclosure import WITHHELD
from stook.conversation.chats.records import Status
from stook.conversation.events import (
    Answer,
    Ask,
    Event,
    Failed,
    Finished,
    Reading,
    Searching,
    Started,
)
from stook.conversation.turns import journal as turn_log
from stook.conversation.turns import journal_events as turn_events
from stook.conversation.turns.journal import Entry
from stook.conversation.turns.runner import Source, Stream, Turns
from stook.errors import Conflict, NotFound, Stopped, TimedOut, Unavailable
from stook.identity import permissions
from stook.identity.permissions import ORGANISATION, Permissions, Subject
from stook.identity.principals import EVERYONE, Principal
from stook.runtime import Runtime
from stook.storage import clock
from stook.storage.database import Database
from stook.storage.tables import documents, turn_batches, turns
from tests.conversation.corpus import ANN, BOB, answer_to, ask

LIMIT = 30  # seconds that no test needs
QUESTION = "How many days of vacation do I get?"
LABEL = {"kind": "test"}


class Scene:
    """A turn that stands still after its first words until it may go on."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.closed = asyncio.Event()

    async def answer(self, asked: Ask) -> AsyncGenerator[Event]:
        try:
            yield Started("c", asked.turn_id, "q", asked.message_id)
            yield TextDelta("good ")
            await asyncio.wait_for(self.go_on.wait(), LIMIT)
            yield TextDelta("day")
            yield _finished(asked, "good day")
        finally:
            self.closed.set()


def _finished(asked: Ask, text: str) -> Finished:
    now, turn_id = datetime.now(UTC), asked.turn_id
    return Finished(
        Answer(text, (), (), Outcome.ANSWERED, "c", 1, turn_id, "q", asked.message_id, now, 1, {})
    )


@contextlib.asynccontextmanager
async def nodes(
    database: Database, source: Source, lease: float = 15
) -> AsyncIterator[tuple[Turns, Turns]]:
    """The node that answers, and another."""
    one, other = (Turns(database, source, keep_seconds=600, lease_seconds=lease) for _ in "ab")
    try:
        yield one, other
    finally:
        await one.close()
        await other.close()


async def first(stream: Stream, kind: type[Event]) -> None:
    """Read until the first event of a kind; then leave, as a client whose connection breaks."""
    async with contextlib.aclosing(stream.events) as events:
        async for event in events:
            if isinstance(event, kind):
                return
    raise AssertionError("it never came")


async def rest(stream: Stream) -> list[Event]:
    async with asyncio.timeout(LIMIT):
        return [event async for event in stream.events]


def text_of(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


async def test_a_turn_goes_on_alone_and_is_followed_on_another_node(database: Database) -> None:
    scene = Scene()
    async with nodes(database, scene.answer) as (here, there):
        stream = here.start(ask(QUESTION, ANN), LABEL)
        await first(stream, TextDelta)
        again = await there.follow(stream.turn_id, ANN)
        beside = await here.follow(stream.turn_id, ANN, after=2)
        scene.go_on.set()
        events = await rest(again)
        assert text_of(events) == "good day"
        assert isinstance(events[-1], Finished)
        assert again.label == beside.label == LABEL
        assert await rest(beside) == events[2:]
    assert scene.closed.is_set()


async def test_a_finished_turn_is_followed_from_any_number(database: Database) -> None:
    scene = Scene()
    scene.go_on.set()
    async with nodes(database, scene.answer) as (here, there):
        stream = here.start(ask(QUESTION, ANN), LABEL)
        events = await rest(stream)
        for after in range(len(events) + 1):
            assert await rest(await there.follow(stream.turn_id, ANN, after)) == events[after:]


@pytest.mark.parametrize("resumable", [True, False])
async def test_any_node_stops_a_turn_by_its_message(database: Database, resumable: bool) -> None:
    scene = Scene()
    asked = ask(QUESTION, ANN, message_id="m-1")
    async with nodes(database, scene.answer) as (here, there):
        events = here.start(asked, LABEL).events if resumable else here.answer(asked)
        assert isinstance(await anext(events), Started)
        assert await there.stop("m-1", ANN)
        assert scene.closed.is_set()
        assert [type(event) for event in await _all(events)] == [TextDelta, Failed]
        assert not await there.stop("m-1", ANN)


async def _all(events: AsyncGenerator[Event]) -> list[Event]:
    return [event async for event in events]


async def test_the_node_itself_stops_a_turn_at_once(database: Database) -> None:
    scene = Scene()
    async with nodes(database, scene.answer) as (here, there):
        stream = here.start(ask(QUESTION, ANN), LABEL)
        await first(stream, TextDelta)
        assert await here.stop(stream.turn_id, ANN)
        assert scene.closed.is_set()
        last = (await rest(await there.follow(stream.turn_id, ANN)))[-1]
        assert isinstance(last, Failed) and isinstance(last.error, Stopped)


@pytest.mark.parametrize("stranger", [BOB, EVERYONE, Principal("eve@example.com")])
async def test_nobody_else_finds_a_turn(database: Database, stranger: Principal) -> None:
    scene = Scene()
    async with nodes(database, scene.answer) as (here, there):
        stream = here.start(ask(QUESTION, ANN, message_id="m-1"), LABEL)
        await first(stream, TextDelta)
        await there.follow(stream.turn_id, ANN)  # it is there
        for node in (here, there):
            with pytest.raises(NotFound):
                await node.follow(stream.turn_id, stranger)
            assert not await node.stop("m-1", stranger)
        assert not scene.closed.is_set()


async def test_a_turn_that_cannot_be_resumed_ends_with_its_listener(database: Database) -> None:
    scene = Scene()
    async with nodes(database, scene.answer) as (here, there):
        events = here.answer(ask(QUESTION, ANN, turn_id="t-1"))
        assert isinstance(await anext(events), Started)
        await events.aclose()
        assert scene.closed.is_set()
        with pytest.raises(NotFound):
            await there.follow("t-1", ANN)
    assert await database.read(_count, turns) == 0


async def test_turns_of_nobody_cannot_be_followed(database: Database) -> None:
    scene = Scene()
    async with nodes(database, scene.answer) as (here, _):
        stream = here.start(ask(QUESTION, EVERYONE), LABEL)
        assert stream.turn_id == ""
        await first(stream, TextDelta)
        assert scene.closed.is_set()


async def test_a_node_that_closes_says_so_to_followers_elsewhere(database: Database) -> None:
    scene = Scene()
    async with nodes(database, scene.answer) as (here, there):
        stream = here.start(ask(QUESTION, ANN), LABEL)
        await first(stream, TextDelta)
        following = await there.follow(stream.turn_id, ANN)
        await here.close()
        last = (await rest(following))[-1]
        assert isinstance(last, Failed) and isinstance(last.error, Unavailable)


async def test_followers_of_a_node_that_is_gone_hear_of_it(database: Database) -> None:
    entry = Entry("t-1", "m-1", "user ann@example.com", LABEL, clock.now() - 1, False)
    await database.write(turn_log.record, entry, 1, [TextDelta("so far")])
    async with nodes(database, Scene().answer) as (here, _):
        said, last = await rest(await here.follow("t-1", ANN))
        assert said == TextDelta("so far")
        assert isinstance(last, Failed) and isinstance(last.error, Unavailable)
        assert not await here.stop("t-1", ANN)


async def test_a_long_turn_renews_its_promise(database: Database) -> None:
    async with nodes(database, Scene().answer, lease=1) as (here, _), asyncio.timeout(LIMIT):
        stream = here.start(ask(QUESTION, ANN), LABEL)
        await first(stream, TextDelta)
        promised: set[int] = set()
        while len(promised) < 3:
            promised |= set(await database.read(_promises))
            await asyncio.sleep(0.05)
        assert max(promised) > clock.now()
        assert await database.write(turn_log.sweep, clock.now()) == 0


def _promises(c: sa.Connection) -> list[int]:
    return list(c.scalars(sa.select(turns.c.alive_until)))


async def test_turns_of_long_ago_are_swept(database: Database) -> None:
    for number in range(3):
        entry = Entry(f"t-{number}", "m", "user a@b.example", LABEL, number, True)
        await database.write(turn_log.record, entry, 1, [TextDelta("x")])
    assert await database.write(turn_log.sweep, 2) == 2
    assert await database.read(_count, turns) == await database.read(_count, turn_batches) == 1


def _count(c: sa.Connection, table: sa.Table) -> int:
    return c.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


@pytest.mark.parametrize(
    ("error", "kind"),
    [(TimedOut("late"), TimedOut), (Conflict("busy"), Conflict), (KeyError("secret"), Unavailable)],
)
def test_failures_are_kept_without_their_secrets(error: Exception, kind: type[Exception]) -> None:
    stored = turn_events.to_json(Failed(error))
    assert "secret" not in str(stored)
    back = turn_events.from_json(stored)
    assert isinstance(back, Failed) and type(back.error) is kind


# --- with the engine ---------------------------------------------------------------------------


@pytest_asyncio.fixture(loop_scope="session")
async def slow(handbook: Runtime) -> AsyncIterator[tuple[Turns, Turns, asyncio.Event]]:
    """Two nodes whose turns stand still behind their first citation."""
    go_on = asyncio.Event()

    async def answer(asked: Ask) -> AsyncGenerator[Event]:
        async with contextlib.aclosing(handbook.chat_queue.answer(asked)) as events:
            async for event in events:
                yield event
                if isinstance(event, Cited):
                    await asyncio.wait_for(go_on.wait(), LIMIT)

    async with nodes(handbook.database, answer) as (here, there):
        yield here, there, go_on


@pytest.mark.asyncio(loop_scope="session")
async def test_what_is_followed_is_what_was_said_and_saved(
    handbook: Runtime, slow: tuple[Turns, Turns, asyncio.Event]
) -> None:
    here, there, go_on = slow
    stream = here.start(ask(QUESTION, ANN, save=True), LABEL)
    await first(stream, Cited)
    following = await there.follow(stream.turn_id, ANN)
    go_on.set()
    events = await rest(following)
    kinds = [type(event) for event in events]
    assert kinds[:4] == [Started, Searching, Reading, TextDelta]
    assert isinstance(events[-1], Finished)
    answer = events[-1].answer
    whole = await answer_to(handbook, ask(QUESTION, ANN))
    assert text_of(events) == answer.text == whole.text
    assert answer.citations == whole.citations
    assert [e.citation for e in events if isinstance(e, Cited)] == list(answer.citations)
    saved = await handbook.database.read(repository.history, str(ANN.email), answer.chat_id)
    assert (saved[1].text, saved[1].status) == (whole.text, Status.COMPLETE)


@pytest.mark.asyncio(loop_scope="session")
async def test_a_stopped_turn_is_saved_as_far_as_it_got(
    handbook: Runtime, slow: tuple[Turns, Turns, asyncio.Event]
) -> None:
    here, there, _ = slow
    events = here.start(ask(QUESTION, ANN, save=True), LABEL).events
    begun = await anext(events)
    assert isinstance(begun, Started)
    said = ""
    while not isinstance(event := await anext(events), Cited):
        said += event.text if isinstance(event, TextDelta) else ""
    assert await there.stop(begun.message_id, ANN)
    asked, answered = await handbook.database.read(
        repository.history, str(ANN.email), begun.chat_id
    )
    assert asked.text == QUESTION
    assert (answered.text, answered.status) == (said, Status.CANCELLED)


@pytest.mark.asyncio(loop_scope="session")
async def test_a_right_that_is_withdrawn_ends_following(
    handbook: Runtime, slow: tuple[Turns, Turns, asyncio.Event]
) -> None:
    here, there, _ = slow
    stream = here.start(ask(QUESTION, ANN), LABEL)
    await first(stream, Cited)
    held = await rest_until_cited(await there.follow(stream.turn_id, ANN))
    document = held.citation.document.id
    before = await handbook.database.write(_let_only_bob_read, document)
    try:
        for node in (here, there):
            with pytest.raises(NotFound, match=WITHHELD):
                await node.follow(stream.turn_id, ANN)
    finally:
        await handbook.database.write(_let_read, document, before)


def _let_only_bob_read(c: sa.Connection, document: str) -> int:
    """The number of the access set before."""
    before = c.scalar(sa.select(documents.c.access_set_id).where(documents.c.id == document))
    only_bob = Permissions(users=frozenset({Subject(ORGANISATION, str(BOB.email))}))
    _let_read(c, document, permissions.intern(c, only_bob))
    return int(before or 0)


def _let_read(c: sa.Connection, document: str, access_set: int) -> None:
    changed = sa.update(documents).where(documents.c.id == document)
    c.execute(changed.values(access_set_id=access_set))


async def rest_until_cited(stream: Stream) -> Cited:
    async for event in stream.events:
        if isinstance(event, Cited):
            return event
    raise AssertionError("nothing was cited")
