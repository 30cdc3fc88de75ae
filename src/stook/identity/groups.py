"""Groups of people, and of groups, each named within a realm.

Groups may hold one another in a circle; that makes their members equal and harms nothing.
A name that permissions mention and that has no members matches nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from stook.errors import InvalidRequest
from stook.identity.permissions import ORGANISATION
from stook.identity.users import normalise_email
from stook.storage import clock
from stook.storage.tables import group_members, groups
from stook.storage.text import is_storable
from stook.storage.upserts import Row, insert_missing

LONGEST_NAME = 400
Member = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """A group and its direct members, sorted."""

    realm: str
    name: str
    users: tuple[str, ...]
    groups: tuple[str, ...]


def add(connection: sa.Connection, name: str, realm: str = ORGANISATION) -> None:
    """Add a group without members; one that exists is left as it is."""
    row = {"realm": realm, "name": _checked(name), "created_at": clock.now()}
    insert_missing(connection, groups, [row])


def add_user(
    connection: sa.Connection, name: str, user_ref: str, realm: str = ORGANISATION
) -> None:
    """Make a user a member, and the group if it is new.

    In the organisation's realm ``user_ref`` is an e-mail address, elsewhere the realm's own id.
    """
    add(connection, name, realm)
    insert_missing(connection, group_members, [_user_row(realm, name, user_ref)])


def add_group(
    connection: sa.Connection, name: str, member_group: str, realm: str = ORGANISATION
) -> None:
    """Make everybody in ``member_group`` a member, and the group if it is new."""
    add(connection, name, realm)
    insert_missing(connection, group_members, [_group_row(realm, name, member_group)])


def replace_members(
    connection: sa.Connection,
    realm: str,
    name: str,
    users: Collection[str],
    groups: Collection[str],
) -> None:
    """Give a group exactly these members, and make it if it is new."""
    add(connection, name, realm)
    connection.execute(sa.delete(group_members).where(_is(realm, name)))
    rows = [_user_row(realm, name, user) for user in users]
    rows += [_group_row(realm, name, group) for group in groups]
    insert_missing(connection, group_members, rows)


def remove(connection: sa.Connection, realm: str, names: Collection[str]) -> None:
    """Remove groups, their members, and their membership of others; absent ones are fine."""
    for name in names:
        own = sa.and_(groups.c.realm == realm, groups.c.name == name)
        connection.execute(sa.delete(groups).where(own))
        connection.execute(sa.delete(group_members).where(_is(realm, name)))
        remove_from_all(connection, realm, "group", name)


def remove_members(
    connection: sa.Connection, realm: str, name: str, members: Collection[Member]
) -> None:
    """Remove members from a group; absent ones are fine."""
    for kind, ref in members:
        member = _is_member(realm, kind, ref)
        connection.execute(sa.delete(group_members).where(_is(realm, name), member))


def remove_from_all(connection: sa.Connection, realm: str, kind: str, ref: str) -> None:
    """Remove a member from every group of a realm; ``kind`` is "user" or "group"."""
    connection.execute(sa.delete(group_members).where(_is_member(realm, kind, ref)))


def members(connection: sa.Connection, realm: str, name: str) -> list[Member]:
    """The direct members of a group: the kind ("user" or "group") and name of each."""
    columns = group_members.c
    rows = connection.execute(
        sa.select(columns.member_kind, columns.member_ref).where(_is(realm, name))
    )
    return [(kind, ref) for kind, ref in rows]


def names(connection: sa.Connection, realm: str) -> list[str]:
    """The names of a realm's groups."""
    query = sa.select(groups.c.name).where(groups.c.realm == realm)
    return list(connection.scalars(query.order_by(groups.c.name)))


def known(connection: sa.Connection, realm: str, wanted: Collection[str]) -> set[str]:
    """Those of these names that a group of the realm has."""
    query = sa.select(groups.c.name).where(groups.c.realm == realm)
    return set(connection.scalars(query.where(groups.c.name.in_(list(wanted)))))


def holding(connection: sa.Connection, realm: str, user_refs: Collection[str]) -> list[str]:
    """The names of the groups that one of these users is a direct member of."""
    columns = group_members.c
    query = sa.select(columns.group_name).where(
        columns.realm == realm,
        columns.member_kind == "user",
        columns.member_ref.in_(list(user_refs)),
    )
    return sorted(set(connection.scalars(query)))


def count_members(connection: sa.Connection, realm: str) -> int:
    """How many memberships there are in a realm."""
    query = sa.select(sa.func.count()).select_from(group_members)
    return connection.scalar(query.where(group_members.c.realm == realm)) or 0


def list_all(connection: sa.Connection) -> list[Group]:
    """Every group, the organisation's own realm first, then by realm and name."""
    members: dict[tuple[str, str], dict[str, list[str]]] = {}
    for realm, name in connection.execute(sa.select(groups.c.realm, groups.c.name)):
        members[realm, name] = {"user": [], "group": []}
    for row in connection.execute(sa.select(group_members)):
        members[row.realm, row.group_name][row.member_kind].append(row.member_ref)
    return [
        Group(realm, name, _sorted(kinds["user"]), _sorted(kinds["group"]))
        for (realm, name), kinds in sorted(members.items())
    ]


def _is(realm: str, name: str) -> sa.ColumnElement[bool]:
    return sa.and_(group_members.c.realm == realm, group_members.c.group_name == name)


def _is_member(realm: str, kind: str, ref: str) -> sa.ColumnElement[bool]:
    columns = group_members.c
    return sa.and_(columns.realm == realm, columns.member_kind == kind, columns.member_ref == ref)


def _user_row(realm: str, name: str, user_ref: str) -> Row:
    ref = normalise_email(user_ref) if realm == ORGANISATION else _checked(user_ref)
    return _row(realm, name, "user", ref)


def _group_row(realm: str, name: str, member: str) -> Row:
    return _row(realm, name, "group", _checked(member))


def _row(realm: str, name: str, kind: str, ref: str) -> Row:
    return {"realm": realm, "group_name": name, "member_kind": kind, "member_ref": ref}


def _checked(name: str) -> str:
    if not name.strip() or len(name) > LONGEST_NAME or not is_storable(name):
        raise InvalidRequest(
            f"{name[:50]!r} cannot name a group or user; give 1 to {LONGEST_NAME} characters."
        )
    return name


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names))
