"""Inserts that may meet a row which is already there, alike on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

Row = Mapping[str, Any]


def insert(connection: sa.Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """The database's own INSERT, which knows ON CONFLICT and RETURNING."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # no command on SQLite waits for it

    return postgresql.insert(table)


def insert_missing(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert the rows whose primary key or unique columns are not there yet."""
    if rows:
        connection.execute(insert(connection, table).on_conflict_do_nothing(), list(rows))


def upsert(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Row], replace: Collection[str]
) -> None:
    """Insert rows; where the primary key exists, overwrite the columns named by ``replace``."""
    if not rows:
        return
    statement = insert(connection, table)
    changes = {name: statement.excluded[name] for name in replace}
    key = [column.name for column in table.primary_key.columns]
    connection.execute(
        statement.on_conflict_do_update(index_elements=key, set_=changes), list(rows)
    )
