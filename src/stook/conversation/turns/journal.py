"""The SQL of running turns: whose they are, their events, whether they are to stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from stook.conversation.chats.disclosure import WITHHELD
from stook.conversation.events import Event
from stook.conversation.turns import journal_events as turn_events
from stook.errors import NotFound
from stook.identity.principals import Principal
from stook.knowledge.store import catalogue
from stook.storage import upserts
from stook.storage.tables import turn_batches, turns

NO_SUCH_TURN = "There is no such answer, it is not yours, or it was finished too long ago."


@dataclass(frozen=True, slots=True)
class Entry:
    """A turn as it is stored. ``label`` is what its dialect needs to write it out again.

    Its node promises to be alive until ``alive_until`` (microseconds since the epoch).
    """

    id: str
    message_id: str
    asker: str
    label: dict[str, Any]
    alive_until: int
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A turn with those of its events that come after a number, in order."""

    entry: Entry
    events: tuple[Event, ...]


def asker_of(principal: Principal) -> str | None:
    """Who may follow and stop what the principal asked; None: nobody."""
    return f"user {principal.email}" if principal.email is not None else None


def record(c: sa.Connection, entry: Entry, first: int, events: Sequence[Event]) -> bool:
    """Store the turn as it is now, and its events from number ``first`` on.

    Returns whether somebody wants it to stop.
    """
    row = {name: getattr(entry, name) for name in Entry.__slots__}
    upserts.upsert(c, turns, [row], ["alive_until", "finished"])
    if events:
        batch = [turn_events.to_json(event) for event in events]
        rows = [{"turn_id": entry.id, "first": first, "events": batch}]
        upserts.insert_missing(c, turn_batches, rows)
    return is_to_stop(c, entry.id)


def is_to_stop(c: sa.Connection, turn_id: str) -> bool:
    """Whether somebody wants the turn to stop."""
    return bool(c.scalar(sa.select(turns.c.stopping).where(turns.c.id == turn_id)))


def forget(c: sa.Connection, turn_id: str) -> None:
    """Remove a turn that nobody can come back to."""
    c.execute(sa.delete(turns).where(turns.c.id == turn_id))


def sweep(c: sa.Connection, before: int) -> int:
    """Remove turns that ended before a time; returns how many those were."""
    return c.execute(sa.delete(turns).where(turns.c.alive_until < before)).rowcount


def read(c: sa.Connection, principal: Principal, turn_id: str, after: int) -> Written:
    """The principal's turn and its events after number ``after``; raises NotFound.

    Where it repeats the words of a document that the principal may no longer see, it is not there.
    """
    found = sa.select(turns).where(turns.c.id == turn_id, turns.c.asker == asker_of(principal))
    row = c.execute(found).mappings().first()
    if row is None:
        raise NotFound(NO_SUCH_TURN)
    entry = Entry(**{name: row[name] for name in Entry.__slots__})
    query = sa.select(turn_batches).where(turn_batches.c.turn_id == turn_id)
    events: list[Event] = []
    for batch in c.execute(query.order_by(turn_batches.c.first)):
        if batch.first + len(batch.events) - 1 > after:
            skipped = max(0, after + 1 - batch.first)
            events += [turn_events.from_json(stored) for stored in batch.events[skipped:]]
    return Written(entry, tuple(readable(c, principal, events)))


def readable(c: sa.Connection, principal: Principal, events: Sequence[Event]) -> list[Event]:
    """The events as the principal may see them now; raises NotFound."""
    hidden = _hidden(c, principal, turn_events.cited(events) | turn_events.listed(events))
    if hidden & turn_events.cited(events):
        raise NotFound(WITHHELD)
    return [turn_events.without(event, hidden) for event in events] if hidden else list(events)


def _hidden(c: sa.Connection, principal: Principal, ids: set[str]) -> set[str]:
    as_asked = principal.referring_to(ids)  # attached files among them
    return ids - set(catalogue.named(c, as_asked, ids)) if ids else set()


def ask_to_stop(c: sa.Connection, principal: Principal, name: str, now: int) -> str | None:
    """Want the principal's running turn of that id or message to stop; its id if there is one."""
    asker = asker_of(principal)
    own = sa.and_(
        sa.or_(turns.c.id == name, turns.c.message_id == name),
        turns.c.asker == asker,
        sa.not_(turns.c.finished),
        turns.c.alive_until >= now,
    )
    turn_id: str | None = c.scalar(sa.select(turns.c.id).where(own))
    if turn_id is not None:
        c.execute(sa.update(turns).where(turns.c.id == turn_id).values(stopping=True))
    return turn_id


def is_over(c: sa.Connection, turn_id: str, now: int) -> bool:
    """Whether a turn has finished, is gone, or its node is."""
    running = sa.and_(turns.c.id == turn_id, sa.not_(turns.c.finished), turns.c.alive_until >= now)
    return c.scalar(sa.select(turns.c.id).where(running)) is None
