"""Who did what: written in the transaction of what was done, and never changed."""

from __future__ import annotations

import contextlib
import enum
import getpass
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

from stook.identity.principals import Caller
from stook.storage import clock
from stook.storage.tables import audit_events as events
from stook.storage.text import is_storable

P = ParamSpec("P")
T = TypeVar("T")

COMMAND_LINE = "command line"
SERVER = "server"
LONGEST_ACTOR = 400
LARGEST_DETAILS = 4096  # characters as JSON; of more only the size is kept


class Action(enum.StrEnum):
    """What was done: a kind of thing, and what became of it."""

    SIGNED_IN = "session.begun"
    SESSION_ENDED = "session.ended"
    SIGN_IN_REFUSED = "session.refused"
    LINK_MADE = "link.made"
    PASSWORD_SET = "password.set"  # noqa: S105 - a name
    PASSWORD_REMOVED = "password.removed"  # noqa: S105 - a name
    PERSON_ADDED = "person.added"
    PERSON_CHANGED = "person.changed"
    PERSON_DEACTIVATED = "person.deactivated"
    PERSON_REMOVED = "person.removed"
    APPOINTED = "administrator.appointed"
    DISMISSED = "administrator.dismissed"
    GROUP_ADDED = "group.added"
    GROUP_REMOVED = "group.removed"
    MEMBER_ADDED = "group.member_added"
    MEMBER_REMOVED = "group.member_removed"
    TOKEN_MADE = "token.made"  # noqa: S105 - a name
    TOKEN_REVOKED = "token.revoked"  # noqa: S105 - a name
    ACTED_AS = "token.acted_as"
    CLIENT_MADE = "client.made"
    CLIENT_REVOKED = "client.revoked"
    PUBLISHER_GRANTED = "client.granted"
    PUBLISHER_DENIED = "client.denied"
    APPLICATION_MADE = "application.made"
    APPLICATION_REMOVED = "application.removed"
    PERMISSIONS_CHANGED = "document.permissions_changed"
    DOCUMENT_WRITTEN = "document.written"
    DOCUMENT_REMOVED = "document.removed"
    DATASOURCE_CONFIGURED = "datasource.configured"
    DATASOURCE_REMOVED = "datasource.removed"
    ANSWER_EXPLAINED = "answer.explained"
    SETTINGS_CHANGED = "settings.changed"
    AUDIT_EXPORTED = "audit.exported"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done, at microseconds since the epoch, UTC."""

    id: int
    at: int
    actor: str
    credential: str
    action: str
    subject: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: by whom, of which kind (``person`` means all of persons), to what, when."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, and with which session, token or client."""

    name: str
    credential: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be recorded."""

    action: Action
    subject: str
    details: dict[str, Any] = field(default_factory=dict)


def actor_of(caller: Caller) -> Actor:
    """Who calls: a person, a program of their own, or one that acts for them."""
    name = caller.email or caller.name
    if caller.acting_through and caller.email:
        name = f"{caller.acting_through}, as {caller.email}"
    return Actor(name, caller.token_id or "")


def operator() -> Actor:
    """Whoever types at the command line, by the name that the machine knows them by."""
    login = ""
    with contextlib.suppress(OSError, KeyError, ImportError):  # a machine may know no name
        login = getpass.getuser()
    return Actor(f"{COMMAND_LINE}: {login}" if login else COMMAND_LINE)


def recorded(
    actor: Actor, deed: Deed, query: Callable[Concatenate[sa.Connection, P], T]
) -> Callable[Concatenate[sa.Connection, P], T]:
    """A query that also writes down, in its transaction, what is done by it."""

    def both(connection: sa.Connection, /, *args: P.args, **kwargs: P.kwargs) -> T:
        done = query(connection, *args, **kwargs)
        record_all(connection, actor, [deed])
        return done

    return both


def record(
    connection: sa.Connection, actor: Actor, action: Action, subject: str, **details: Any
) -> None:
    """Write down what is done in this transaction."""
    record_all(connection, actor, [Deed(action, subject, details)])


def record_all(connection: sa.Connection, actor: Actor, deeds: Sequence[Deed]) -> None:
    """Write down several things that are done in this transaction."""
    at = clock.now()
    rows = [
        {
            "at": at,
            "actor": actor.name[:LONGEST_ACTOR],
            "credential": actor.credential,
            "action": deed.action.value,
            "subject": deed.subject,
            "details": bounded(deed.details),
        }
        for deed in deeds
    ]
    if rows:
        connection.execute(sa.insert(events), rows)


def bounded(details: dict[str, Any]) -> dict[str, Any]:
    """Details as they are kept: of many only how many characters they were."""
    size = len(json.dumps(details, default=str))
    return details if size <= LARGEST_DETAILS else {"characters": size}


def find(connection: sa.Connection, wanted: Wanted, before: int | None, limit: int) -> list[Event]:
    """Events, newest first, from the first one older than ``before``."""
    if not all(map(is_storable, (wanted.actor, wanted.action, wanted.subject))):
        return []
    query = sa.select(events).where(*_conditions(wanted))
    if before is not None:
        query = query.where(events.c.id < before)
    rows = connection.execute(query.order_by(events.c.id.desc()).limit(limit))
    return [Event(*row) for row in rows]


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    column = events.c
    found: list[sa.ColumnElement[bool]] = []
    if wanted.actor:
        found.append(sa.func.lower(column.actor).contains(wanted.actor.lower(), autoescape=True))
    if wanted.action:
        below = column.action.startswith(f"{wanted.action}.", autoescape=True)
        found.append(sa.or_(column.action == wanted.action, below))
    if wanted.subject:
        subject = sa.func.lower(column.subject)
        found.append(subject.contains(wanted.subject.lower(), autoescape=True))
    if wanted.since is not None:
        found.append(column.at >= wanted.since)
    if wanted.until is not None:
        found.append(column.at < wanted.until)
    return found
