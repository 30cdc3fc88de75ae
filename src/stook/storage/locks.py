"""A lock that is held until the transaction ends, for what only one may do at a time."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa


def hold(connection: sa.Connection, name: str) -> None:
    """Wait until no other transaction holds the lock of this name, then hold it.

    Nothing has to be done on SQLite: a transaction that writes is alone there already.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(lock_number(name))))


def lock_number(name: str) -> int:
    """PostgreSQL knows locks by signed numbers of 64 bits."""
    digest = hashlib.sha256(f"stook {name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
