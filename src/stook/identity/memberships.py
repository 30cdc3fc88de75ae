"""Under which names a person is known, and which groups that puts them in, and how.

For explanations only: what somebody may see is decided by ``access.visible_to``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import sqlalchemy as sa

from stook.identity.permissions import ORGANISATION, Subject
from stook.storage.tables import group_members, realm_users

Chain = tuple[Subject, ...]  # a group, then the member of it that leads to the person, and so on
_AT_ONCE = 500  # names given to one statement


def identities(connection: sa.Connection, email: str) -> frozenset[Subject]:
    """The names by which permissions and groups may mean an active user.

    A name in a realm that is also the id or the address of somebody else there means neither.
    """
    columns = realm_users.c
    rows = connection.execute(
        sa.select(columns.realm, columns.user_ref).where(columns.email == email, columns.active)
    ).all()
    names = {Subject(realm, name) for realm, user_ref in rows for name in (user_ref, email)}
    return frozenset({Subject(ORGANISATION, email)} | names - _names_of_others(connection, email))


def _names_of_others(connection: sa.Connection, email: str) -> set[Subject]:
    """What would mean somebody else, in the realms where the user has an account."""
    columns, account = realm_users.c, realm_users.alias("account").c
    rows = connection.execute(
        sa.select(columns.realm, columns.user_ref, columns.email)
        .distinct()
        .where(
            account.email == email,
            columns.realm == account.realm,
            columns.email != email,
            sa.or_(columns.email == account.user_ref, columns.user_ref == email),
        )
    )
    return {Subject(realm, name) for realm, *names in rows for name in names}


def chains(connection: sa.Connection, identities: Collection[Subject]) -> dict[Subject, Chain]:
    """Every group that the person is in, each with one shortest way into it."""
    found: dict[Subject, Chain] = {}
    for group, _ in _groups_of(connection, "user", identities):
        found.setdefault(group, (group,))
    newest = list(found)
    while newest:
        reached = list(_groups_of(connection, "group", newest))
        newest = []
        for group, member in reached:
            if group not in found:
                found[group] = (group, *found[member])
                newest.append(group)
    return found


def _groups_of(
    connection: sa.Connection, kind: str, members: Collection[Subject]
) -> Iterator[tuple[Subject, Subject]]:
    """(group, member) of every direct membership of these members, in a stable order."""
    columns = group_members.c
    ordered = sorted(members)
    for start in range(0, len(ordered), _AT_ONCE):
        names = [(member.realm, member.name) for member in ordered[start : start + _AT_ONCE]]
        rows = connection.execute(
            sa.select(columns.realm, columns.group_name, columns.member_ref)
            .where(
                columns.member_kind == kind,
                sa.tuple_(columns.realm, columns.member_ref).in_(names),
            )
            .order_by(columns.realm, columns.group_name, columns.member_ref)
        )
        for realm, group, member in rows:
            yield Subject(realm, group), Subject(realm, member)
