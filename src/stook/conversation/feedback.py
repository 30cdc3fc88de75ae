"""What people say of answers and results, and which documents they look at; kept in SQL."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from stook.conversation import asked_well
from stook.storage import clock
from stook.storage.tables import activity, feedback
from stook.storage.upserts import insert_missing

UP, DOWN = VOTES = ("UPVOTE", "DOWNVOTE")
MOST_VOTED_ON = 10  # answers by one vote
VIEWS = ("VIEW", "HISTORICAL_VIEW", "EDIT")


@dataclass(frozen=True, slots=True)
class Feedback:
    """One event; the same ``id`` of the same person again says nothing new. Empty: none given."""

    event: str
    tracking_tokens: tuple[str, ...]
    id: str = ""
    category: str = ""
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Activity:
    """Something done to a document, at ``happened_at`` microseconds since the epoch."""

    action: str
    url: str
    happened_at: int
    id: str = ""
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vote:
    """Whether an answer was good, as a person sees it."""

    email: str
    message_id: str
    good: bool


def record(connection: sa.Connection, email: str, given: Feedback) -> None:
    """Keep what a person said, once for each id."""
    row = {
        "user_email": email,
        "id": given.id or str(uuid.uuid4()),
        "event": given.event,
        "category": given.category,
        "tracking_tokens": list(given.tracking_tokens),
        "details": given.details,
        "created_at": clock.now(),
    }
    insert_missing(connection, feedback, [row])
    if given.event in VOTES:
        for message_id in given.tracking_tokens[:MOST_VOTED_ON]:
            asked_well.voted(connection, email, message_id, good=given.event == UP)


def report(connection: sa.Connection, email: str, events: Sequence[Activity]) -> None:
    """Keep what a person did, once for each id."""
    rows = [
        {
            "user_email": email,
            "id": event.id or str(uuid.uuid4()),
            "action": event.action,
            "url": event.url,
            "happened_at": event.happened_at,
            "details": event.details,
            "created_at": clock.now(),
        }
        for event in events
    ]
    insert_missing(connection, activity, rows)


def list_feedback(connection: sa.Connection, email: str) -> list[Feedback]:
    """What a person said, oldest first."""
    query = sa.select(feedback).where(feedback.c.user_email == email)
    return [
        Feedback(row.event, tuple(row.tracking_tokens), row.id, row.category, row.details)
        for row in connection.execute(query.order_by(feedback.c.created_at, feedback.c.id))
    ]


def votes(connection: sa.Connection) -> list[Vote]:
    """What everybody's last word on each answer was, in the order in which they said it."""
    query = sa.select(feedback).where(feedback.c.event.in_(VOTES))
    last: dict[tuple[str, str], Vote] = {}
    for row in connection.execute(query.order_by(feedback.c.created_at, feedback.c.id)):
        for message_id in row.tracking_tokens:  # an answer's token is its id
            last.pop((row.user_email, message_id), None)
            last[row.user_email, message_id] = Vote(row.user_email, message_id, row.event == UP)
    return list(last.values())


def viewed(
    connection: sa.Connection, email: str, limit: int, actions: Collection[str] = VIEWS
) -> list[str]:
    """Addresses that a person looked at, the last one first, each once."""
    query = (
        sa.select(activity.c.url)
        .where(activity.c.user_email == email, activity.c.action.in_(actions))
        .group_by(activity.c.url)
        .order_by(sa.func.max(activity.c.happened_at).desc(), activity.c.url)
    )
    return list(connection.scalars(query.limit(limit)))
