"""The audit log as administrators read it: in pages, and exported as a whole."""

from __future__ import annotations

from collections.abc import AsyncIterator

import sqlalchemy as sa

from stook.application.administration.effective_settings import Origin, effective_settings
from stook.identity import audit
from stook.identity.audit import SERVER, Action, Actor, Deed, Event, Wanted
from stook.runtime import Runtime
from stook.settings import Settings
from stook.storage.pages import Page, Place

PORTION = 1000  # events of an export that are read at once
MOST_EXPORTED = 1_000_000  # events; narrow what is wanted for the others


def find(connection: sa.Connection, wanted: Wanted, after: Place | None, size: int) -> Page[Event]:
    """A page of events, the newest first."""
    before = None if after is None else int(after[0])
    found = audit.find(connection, wanted, before, size + 1)
    more = len(found) > size
    return Page(found[:size], (found[size - 1].id, "") if more else None)


async def export(
    runtime: Runtime, actor: Actor, wanted: Wanted, kind: str
) -> AsyncIterator[list[Event]]:
    """All that is wanted, the newest first, in portions; that it was exported is recorded."""
    exported = {"format": kind, "actor": wanted.actor, "action": wanted.action}
    deed = Deed(Action.AUDIT_EXPORTED, "", exported)
    await runtime.database.write(audit.record_all, actor, [deed])
    before: int | None = None
    for _ in range(MOST_EXPORTED // PORTION):
        found = await runtime.database.read(audit.find, wanted, before, PORTION)
        if not found:
            return
        yield found
        before = found[-1].id


def note_settings(connection: sa.Connection, settings: Settings) -> None:
    """Record the settings that a server starts with, where they are other than last time."""
    shown = audit.bounded(_chosen(settings))
    last = audit.find(connection, Wanted(action=Action.SETTINGS_CHANGED), None, 1)
    if not last or dict(last[0].details) != shown:
        audit.record(connection, Actor(SERVER), Action.SETTINGS_CHANGED, "", **shown)


def _chosen(settings: Settings) -> dict[str, str]:
    """What is not left at its default, as it may be shown."""
    return {
        each.name: each.value
        for each in effective_settings(settings)
        if each.origin is not Origin.DEFAULT
    }
