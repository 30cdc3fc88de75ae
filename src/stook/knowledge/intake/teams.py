"""SQL of the organisation's teams, as a people connector pushes them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from stook.errors import InvalidRequest
from stook.storage import clock
from stook.storage.tables import teams
from stook.storage.text import check_storable
from stook.storage.upserts import upsert

LONGEST_ID = 200
Definitions = Mapping[str, dict[str, Any]]  # all that the client said, by id


def put(connection: sa.Connection, given: Definitions) -> list[str]:
    """Add teams or replace them; gives their ids. Raises InvalidRequest."""
    for key in given:
        _check(key)
    at = clock.now()
    rows = [{"id": key, "definition": each, "uploaded_at": at} for key, each in given.items()]
    upsert(connection, teams, rows, replace=("definition", "uploaded_at"))
    return list(given)


def remove(connection: sa.Connection, ids: Collection[str]) -> None:
    connection.execute(sa.delete(teams).where(teams.c.id.in_(ids)))


def ids(connection: sa.Connection) -> list[str]:
    return list(connection.scalars(sa.select(teams.c.id)))


def definitions(connection: sa.Connection) -> list[dict[str, Any]]:
    """All teams, by id."""
    return list(connection.scalars(sa.select(teams.c.definition).order_by(teams.c.id)))


def _check(key: str) -> None:
    check_storable(key, "team's id")
    if not key.strip() or len(key) > LONGEST_ID:
        raise InvalidRequest(f"The team's id: give 1 to {LONGEST_ID} characters.")
