"""Who looks after the server."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from stook.identity import users
from stook.storage import clock
from stook.storage.tables import administrators
from stook.storage.tables import users as stored
from stook.storage.upserts import insert_missing

FIRST = "admin@localhost"


def appoint(connection: sa.Connection, email: str) -> str:
    """Make an active person an administrator; raises NotFound or InvalidRequest."""
    known = users.require_active(connection, email)
    insert_missing(connection, administrators, [{"email": known, "since": clock.now()}])
    return known


def dismiss(connection: sa.Connection, email: str) -> bool:
    """Make somebody an administrator no longer; whether they were one."""
    gone = sa.delete(administrators).where(administrators.c.email == email)
    return connection.execute(gone).rowcount > 0


def among(connection: sa.Connection, emails: Collection[str]) -> frozenset[str]:
    """Those of these people who are active and look after the server."""
    return frozenset(connection.scalars(_active().where(administrators.c.email.in_(emails))))


def is_administrator(connection: sa.Connection, email: str) -> bool:
    """Whether this person, who is active, looks after the server."""
    return connection.scalar(_active().where(administrators.c.email == email)) is not None


def is_last(connection: sa.Connection, email: str) -> bool:
    """Whether nobody would look after the server without this person."""
    others = connection.scalar(_active().where(administrators.c.email != email).limit(1))
    return others is None and is_administrator(connection, email)


def first(connection: sa.Connection) -> str:
    """The address of the active administrator of longest standing; made where there is none."""
    longest = _active().order_by(administrators.c.since, administrators.c.email).limit(1)
    found: str | None = connection.scalar(longest)
    if found is not None:
        return found
    users.add(connection, FIRST, "Administrator")
    return appoint(connection, FIRST)


def _active() -> sa.Select[Any]:
    return (
        sa.select(administrators.c.email)
        .join(stored, stored.c.email == administrators.c.email)
        .where(stored.c.active)
    )
