"""The directory: who is in the organisation, by name and address."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from stook.identity.users import User
from stook.storage.tables import users
from stook.storage.text import is_storable


def directory(connection: sa.Connection, typed: str = "") -> list[User]:
    """Active people whose name or address holds what was typed, by name."""
    query = sa.select(users).where(users.c.active)
    for word in typed.lower().split():
        if not is_storable(word):
            return []
        name = sa.func.lower(users.c.name).contains(word, autoescape=True)
        query = query.where(sa.or_(name, users.c.email.contains(word, autoescape=True)))
    rows = connection.execute(query.order_by(users.c.name, users.c.email))
    return [User(*row) for row in rows]


def also_known_as(connection: sa.Connection, names: Collection[str]) -> tuple[str, ...]:
    """These names, and the address or name of everybody who is called one of them."""
    wanted = [name.lower() for name in names if is_storable(name)]
    is_meant = sa.or_(users.c.email.in_(wanted), sa.func.lower(users.c.name).in_(wanted))
    found = connection.execute(sa.select(users.c.email, users.c.name).where(is_meant))
    aliases = [text for row in found for text in row if text]
    return tuple(dict.fromkeys([*names, *aliases]))
