"""Turns while they run: in a task of their own, so that they can be followed and stopped.

A turn that can be resumed goes on when nobody listens any more. Its events are numbered from 1
and kept in SQL, a few times a second in one row, until a while after its end; so any node can
give them again. A turn that cannot be resumed ends with its listener, and only if it takes long
is it written down that it runs, so that any node can stop it.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog

from stook.conversation.events import Ask, Event, Failed
from stook.conversation.turns import journal as turn_log
from stook.conversation.turns.journal import NO_SUCH_TURN, Entry
from stook.errors import NotFound, StookError, Stopped, Unavailable
from stook.identity.principals import Principal
from stook.storage import clock
from stook.storage.database import Database
from stook.storage.text import is_storable

WRITE_SECONDS = 0.25  # how often a running turn is written down, and looks if it is to stop
ATTEMPTS = 4  # how often a turn to be stopped is looked for, that may not be written down yet
STOP_SECONDS = 5.0  # how long a turn may take to be saved when it is stopped
SWEEP_SECONDS = 60.0
SECOND = 1_000_000  # microseconds
NODE_GONE = "The server that wrote this answer is gone; ask again."
SHUT_DOWN = "The server was shut down while it answered; ask again."

Source = Callable[[Ask], AsyncGenerator[Event]]
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Stream:
    """The events of a turn, which can be followed again under its id."""

    turn_id: str
    label: Mapping[str, Any]
    events: AsyncGenerator[Event]


class _Live:
    """A turn that runs in this process."""

    def __init__(self, ask: Ask, asker: str | None, label: Mapping[str, Any] | None) -> None:
        self.ask = ask
        self.asker = asker
        self.label = label  # None: it cannot be resumed
        self.events: list[Event] = []
        self.task: asyncio.Task[None] | None = None
        self.ended = False
        self.why: StookError = Stopped()  # it was cancelled
        self.wake = asyncio.Event()
        self.written = 0  # events that are stored
        self.recorded_until = 0  # what the stored turn says of the node; 0: it is not stored
        self.findable = asyncio.Event()  # by any node, if it can be resumed

    def add(self, event: Event) -> None:
        self.events.append(event)
        self._wake_up()

    def end(self, task: asyncio.Task[None]) -> None:
        """The task is through; if it was cancelled, the last event says why."""
        self.ended = True
        if task.cancelled():
            self.add(Failed(self.why))
        self._wake_up()

    def _wake_up(self) -> None:
        self.wake.set()
        self.wake = asyncio.Event()

    async def listen(self, after: int = 0) -> AsyncGenerator[Event]:
        """The events after a number, as they come."""
        while True:
            wake = self.wake
            while after < len(self.events):
                after += 1
                yield self.events[after - 1]
            if self.ended and after == len(self.events):
                return
            if wake is self.wake:
                await wake.wait()


class Turns:
    """Runs turns, and finds those that run or ran on any node.

    ``keep_seconds``: how long a finished turn can be followed. ``lease_seconds``: how long after
    a sign of life a node counts as alive.
    """

    def __init__(
        self, database: Database, source: Source, keep_seconds: float, lease_seconds: float
    ) -> None:
        self._database = database
        self._source = source
        self._keep = round(keep_seconds * SECOND)
        self._lease = round(lease_seconds * SECOND)
        self._live: dict[str, _Live] = {}
        self._recording: set[asyncio.Task[None]] = set()
        self._swept_at = 0

    # --- running -------------------------------------------------------------------------------

    async def answer(self, ask: Ask) -> AsyncGenerator[Event]:
        """The events of a turn that ends when its listener leaves; it can be stopped."""
        live = self._prepare(ask, None)
        self._begin(live)
        try:
            async for event in live.listen():
                yield event
        finally:
            await asyncio.shield(_end(live))

    def start(self, ask: Ask, label: Mapping[str, Any]) -> Stream:
        """A turn that goes on to its end, whoever listens; its asker can follow it again.

        ``label`` is JSON that whoever follows it gets back. It begins with the first event asked
        for.
        """
        live = self._prepare(ask, label)
        if live.asker is None:
            return Stream("", label, self.answer(ask))
        return Stream(live.ask.turn_id, label, self._started(live))

    async def _started(self, live: _Live) -> AsyncGenerator[Event]:
        self._begin(live)
        await live.findable.wait()  # before its asker can hear of it
        async for event in live.listen():
            yield event

    def _prepare(self, ask: Ask, label: Mapping[str, Any] | None) -> _Live:
        named = replace(
            ask,
            turn_id=ask.turn_id or str(uuid.uuid4()),
            message_id=ask.message_id or str(uuid.uuid4()),
        )
        return _Live(named, turn_log.asker_of(ask.principal), label)

    def _begin(self, live: _Live) -> None:
        live.task = asyncio.create_task(self._run(live))
        live.task.add_done_callback(live.end)
        if live.asker is None:
            return
        self._live[live.ask.turn_id] = live
        recording = asyncio.create_task(self._record(live, live.task))
        self._recording.add(recording)
        recording.add_done_callback(self._recording.discard)

    async def _run(self, live: _Live) -> None:
        try:
            async with contextlib.aclosing(self._source(live.ask)) as events:
                async for event in events:
                    live.add(event)
        except Exception as error:
            log.exception("turn_failed", turn_id=live.ask.turn_id)
            live.add(Failed(error))

    async def close(self) -> None:
        """Stop all turns, which are saved as far as they got."""
        for live in list(self._live.values()):
            if not live.ended:
                live.why = Unavailable(SHUT_DOWN)
            await _end(live)
        await asyncio.gather(*self._recording, return_exceptions=True)

    # --- writing down --------------------------------------------------------------------------

    async def _record(self, live: _Live, task: asyncio.Task[None]) -> None:
        """Keep what is stored of a turn up to date until it is through."""
        try:
            if live.label is not None:
                await self._stored(live)
            live.findable.set()
            while not (await asyncio.wait({task}, timeout=WRITE_SECONDS))[0]:
                if await self._stored(live):
                    task.cancel()
            await self._write_last(live)
        finally:
            live.findable.set()
            del self._live[live.ask.turn_id]
        await self._sweep()

    async def _stored(self, live: _Live) -> bool:
        """Store what is new; whether the turn is to stop. It goes on if that fails."""
        due = live.recorded_until - clock.now() < 2 * self._lease // 3
        new = live.label is not None and live.written < len(live.events)
        try:
            if due or new:
                return await self._write(live)
            return await self._database.read(turn_log.is_to_stop, live.ask.turn_id)
        except Exception:
            log.warning("turn_not_recorded", turn_id=live.ask.turn_id, exc_info=True)
            return False

    async def _write(self, live: _Live) -> bool:
        until, first = clock.now() + self._lease, live.written + 1
        events: Sequence[Event] = () if live.label is None else live.events[live.written :]
        finished = live.ended and first + len(events) > len(live.events)
        if finished:
            until = clock.now()
        ask = live.ask
        label, asker = dict(live.label or {}), live.asker or ""
        entry = Entry(ask.turn_id, ask.message_id, asker, label, until, finished)
        stopping = await self._database.write(turn_log.record, entry, first, events)
        live.recorded_until = until
        live.written += len(events)
        return stopping

    async def _write_last(self, live: _Live) -> None:
        try:
            if live.label is not None:
                await self._write(live)
            elif live.recorded_until:
                await self._database.write(turn_log.forget, live.ask.turn_id)
        except Exception:
            log.warning("turn_not_recorded", turn_id=live.ask.turn_id, exc_info=True)

    async def _sweep(self) -> None:
        """Now and then, remove the turns that ended long ago."""
        now = clock.now()
        if now - self._swept_at > SWEEP_SECONDS * SECOND:
            self._swept_at = now
            self._database.write_later(turn_log.sweep, now - self._keep)

    # --- from elsewhere ------------------------------------------------------------------------

    async def follow(self, turn_id: str, principal: Principal, after: int = 0) -> Stream:
        """The events of a turn after number ``after``, and those to come; raises NotFound.

        Nobody but its asker finds it. The stream ends as the turn does, or in Failed when the
        node that answers is gone.
        """
        if not is_storable(turn_id):
            raise NotFound(NO_SUCH_TURN)
        live = self._live.get(turn_id)
        if live is not None and live.asker == turn_log.asker_of(principal) and live.label:
            return await self._follow_here(live, principal, after)
        written = await self._read(turn_id, principal, after)
        events = self._follow_there(written, principal, after)
        return Stream(turn_id, written.entry.label, events)

    async def _follow_here(self, live: _Live, principal: Principal, after: int) -> Stream:
        past = live.events[after:]
        shown = await self._database.read(turn_log.readable, principal, past)

        async def events() -> AsyncGenerator[Event]:
            for event in shown:
                yield event
            async for event in live.listen(after + len(past)):
                yield event

        return Stream(live.ask.turn_id, live.label or {}, events())

    async def _read(self, turn_id: str, principal: Principal, after: int) -> turn_log.Written:
        return await self._database.read(turn_log.read, principal, turn_id, after)

    async def _follow_there(
        self, written: turn_log.Written, principal: Principal, after: int
    ) -> AsyncGenerator[Event]:
        while True:
            for event in written.events:
                yield event
            after += len(written.events)
            if written.entry.finished:
                return
            if written.entry.alive_until < clock.now():
                yield Failed(Unavailable(NODE_GONE))
                return
            await asyncio.sleep(WRITE_SECONDS)
            try:
                written = await self._read(written.entry.id, principal, after)
            except StookError as error:
                yield Failed(error)
                return

    async def stop(self, name: str, principal: Principal) -> bool:
        """Stop the principal's turn of that id, or whose answer has that message id.

        It is saved as far as it got, marked so. Returns once that is done; whether there was
        one that ran.
        """
        asker = turn_log.asker_of(principal)
        for live in self._live.values():
            if live.asker == asker and name in (live.ask.turn_id, live.ask.message_id):
                stopped = not live.ended
                await asyncio.wait_for(asyncio.shield(_end(live)), STOP_SECONDS)
                return stopped
        turn_id = await self._ask_to_stop(name, principal) if is_storable(name) else None
        if turn_id is not None:
            await self._until_over(turn_id)
        return turn_id is not None

    async def _ask_to_stop(self, name: str, principal: Principal) -> str | None:
        """The id of the turn, if it runs; waits a little for one that has only just begun."""
        for attempt in range(ATTEMPTS):
            await asyncio.sleep(WRITE_SECONDS if attempt else 0)
            now = clock.now()
            found = await self._database.write(turn_log.ask_to_stop, principal, name, now)
            if found is not None:
                return found
        return None

    async def _until_over(self, turn_id: str) -> None:
        for _ in range(round(STOP_SECONDS / WRITE_SECONDS)):
            if await self._database.read(turn_log.is_over, turn_id, clock.now()):
                return
            await asyncio.sleep(WRITE_SECONDS)


async def _end(live: _Live) -> None:
    """Cancel what still runs, and wait until it has let go."""
    if live.task is not None:
        live.task.cancel()
        await asyncio.wait({live.task})
