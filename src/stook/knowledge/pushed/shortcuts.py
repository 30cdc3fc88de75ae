"""SQL of short names for addresses; external ones lead over another service."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from stook.errors import InvalidRequest
from stook.storage import clock
from stook.storage.tables import shortcuts
from stook.storage.text import check_storable
from stook.storage.upserts import upsert

LONGEST_ALIAS = 400
Definitions = Mapping[str, dict[str, Any]]  # all that the client said, by alias


def put(connection: sa.Connection, given: Definitions, external: bool) -> list[str]:
    """Add shortcuts or replace them; gives their aliases. Raises InvalidRequest."""
    for alias in given:
        _check(alias)
    at = clock.now()
    rows = [
        {"alias": alias, "external": external, "definition": each, "uploaded_at": at}
        for alias, each in given.items()
    ]
    upsert(connection, shortcuts, rows, replace=("definition", "uploaded_at"))
    return list(given)


def remove(connection: sa.Connection, aliases: Collection[str], external: bool) -> list[str]:
    """Remove shortcuts; no documents change with them."""
    own = sa.and_(shortcuts.c.external == external, shortcuts.c.alias.in_(aliases))
    connection.execute(sa.delete(shortcuts).where(own))
    return []


def aliases(connection: sa.Connection, external: bool) -> list[str]:
    own = shortcuts.c.external == external
    return list(connection.scalars(sa.select(shortcuts.c.alias).where(own)))


def _check(alias: str) -> None:
    check_storable(alias, "alias")
    if not alias.strip() or len(alias) > LONGEST_ALIAS:
        raise InvalidRequest(f"inputAlias: give 1 to {LONGEST_ALIAS} characters.")
