"""The users that a datasource knows by ids of its own, each tied to an e-mail address.

Permissions and groups of that datasource's realm name people by these ids or addresses. An
account gives its holder nothing unless the organisation knows the address as an active user.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from stook.errors import InvalidRequest
from stook.identity.permissions import ORGANISATION
from stook.identity.users import LONGEST_EMAIL, normalise_email
from stook.storage.tables import realm_users
from stook.storage.text import is_storable
from stook.storage.upserts import Row, upsert


@dataclass(frozen=True, slots=True)
class Account:
    """A user as a datasource knows them; an inactive one means nobody."""

    user_ref: str
    email: str
    name: str = ""
    active: bool = True


def put(connection: sa.Connection, realm: str, accounts: Collection[Account]) -> None:
    """Add accounts to a realm; those whose id is known are overwritten."""
    rows = [_row(realm, account) for account in accounts]
    upsert(connection, realm_users, rows, replace=("email", "name", "active"))


def replace(connection: sa.Connection, realm: str, accounts: Collection[Account]) -> None:
    """Give a realm exactly these accounts."""
    connection.execute(sa.delete(realm_users).where(realm_users.c.realm == realm))
    put(connection, realm, accounts)


def list_all(connection: sa.Connection, realm: str) -> list[Account]:
    """The accounts of a realm, by id."""
    columns = realm_users.c
    rows = connection.execute(
        sa.select(columns.user_ref, columns.email, columns.name, columns.active)
        .where(columns.realm == realm)
        .order_by(columns.user_ref)
    )
    return [Account(*row) for row in rows]


def known(connection: sa.Connection, realm: str, names: Collection[str]) -> set[str]:
    """Ids and addresses by which the realm knows those whom these names mean."""
    columns = realm_users.c
    wanted = list(names)
    is_meant = sa.or_(columns.user_ref.in_(wanted), columns.email.in_(wanted))
    rows = connection.execute(
        sa.select(columns.user_ref, columns.email).where(columns.realm == realm, is_meant)
    )
    return {name for row in rows for name in row}


def remove_refs(connection: sa.Connection, realm: str, user_refs: Collection[str]) -> None:
    """Remove accounts by their ids; absent ones are fine."""
    columns = realm_users.c
    for user_ref in user_refs:
        gone = sa.and_(columns.realm == realm, columns.user_ref == user_ref)
        connection.execute(sa.delete(realm_users).where(gone))


def of_email(connection: sa.Connection, realm: str, email: str) -> list[Account]:
    """The accounts of an address in a realm, by id."""
    wanted = normalise_email(email)
    columns = realm_users.c
    rows = connection.execute(
        sa.select(columns.user_ref, columns.email, columns.name, columns.active)
        .where(columns.realm == realm, columns.email == wanted)
        .order_by(columns.user_ref)
    )
    return [Account(*row) for row in rows]


def remove(connection: sa.Connection, realm: str, email: str) -> None:
    """Remove every account of an address; removing none is fine."""
    columns = realm_users.c
    gone = sa.and_(columns.realm == realm, columns.email == normalise_email(email))
    connection.execute(sa.delete(realm_users).where(gone))


def _row(realm: str, account: Account) -> Row:
    if realm == ORGANISATION:
        raise InvalidRequest("The organisation's own users have no ids but their addresses.")
    ref = account.user_ref
    if not ref.strip() or len(ref) > LONGEST_EMAIL or not is_storable(ref):
        raise InvalidRequest(
            f"{ref[:50]!r} cannot be a user's id; give 1 to {LONGEST_EMAIL} characters."
        )
    email = normalise_email(account.email)
    return {
        "realm": realm,
        "user_ref": ref,
        "email": email,
        "name": account.name,
        "active": account.active,
    }
