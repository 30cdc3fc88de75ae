"""What a permission definition says, and how it is interned as an access set."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace

import sqlalchemy as sa

from stook.errors import InvalidRequest, NotFound
from stook.identity.names import plain_address
from stook.storage import locks
from stook.storage.tables import access_set_groups, access_set_users, access_sets
from stook.storage.text import is_storable
from stook.storage.upserts import Row, insert_missing

ORGANISATION = ""  # the realm of the organisation's own users and groups
LONGEST_USER = 320
LONGEST_GROUP = 400


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """A user or a group, named within a realm (users of the organisation by e-mail address)."""

    realm: str
    name: str


@dataclass(frozen=True, slots=True)
class Permissions:
    """Access is given to whoever meets any one of these; the default gives it to nobody.

    ``clauses`` are sets of groups: a member of every group of one clause has access.
    ``realm_members`` gives it to all active users of ``realm``.
    """

    realm: str = ORGANISATION
    everyone: bool = False
    realm_members: bool = False
    users: frozenset[Subject] = frozenset()
    clauses: frozenset[frozenset[Subject]] = frozenset()


EVERYONE_MAY_READ = Permissions(everyone=True)


def covers(wide: Permissions, narrow: Permissions) -> bool:
    """Whether whoever meets ``narrow`` meets ``wide``, whoever is in which group."""
    if wide.everyone or narrow.everyone:
        return wide.everyone
    if narrow.realm_members and (wide.realm_members, wide.realm) != (True, narrow.realm):
        return False
    return _normalised(narrow).users <= _normalised(wide).users and all(
        any(met <= clause for met in wide.clauses - {frozenset()})
        for clause in narrow.clauses - {frozenset()}
    )


def intern(connection: sa.Connection, permissions: Permissions) -> int:
    """The number of the access set that says this; equal meanings get equal numbers.

    Raises InvalidRequest where a name is too long or holds what cannot be stored.
    """
    meaning = _normalised(permissions)
    _check_names(meaning)
    fingerprint = _fingerprint(meaning)
    found = _find(connection, fingerprint)
    return found if found is not None else _insert(connection, meaning, fingerprint)


def load(connection: sa.Connection, access_set_id: int) -> Permissions:
    """What an access set says; raises NotFound."""
    head = connection.execute(
        sa.select(access_sets).where(access_sets.c.id == access_set_id)
    ).one_or_none()
    if head is None:
        raise NotFound(f"There is no access set {access_set_id}.")
    return Permissions(
        realm=head.realm,
        everyone=head.everyone,
        realm_members=head.realm_members,
        users=_load_users(connection, access_set_id),
        clauses=_load_clauses(connection, access_set_id),
    )


def _normalised(permissions: Permissions) -> Permissions:
    """An empty clause grants nothing; the realm matters only where its members are meant."""
    return replace(
        permissions,
        realm=permissions.realm if permissions.realm_members else ORGANISATION,
        users=frozenset(map(_normalised_user, permissions.users)),
        clauses=permissions.clauses - {frozenset()},
    )


def _normalised_user(user: Subject) -> Subject:
    if user.realm != ORGANISATION:
        return user
    return Subject(ORGANISATION, plain_address(user.name))


def _check_names(meaning: Permissions) -> None:
    groups = {group for clause in meaning.clauses for group in clause}
    for subjects, longest in ((meaning.users, LONGEST_USER), (groups, LONGEST_GROUP)):
        for subject in subjects:
            if len(subject.name) > longest or not is_storable(subject.name):
                raise InvalidRequest(
                    f"{subject.name[:50]!r} cannot name a user or group in permissions; "
                    f"give at most {longest} characters, without NUL."
                )


def _fingerprint(meaning: Permissions) -> str:
    """SHA-256 over a form in which equal definitions are equal texts."""
    clauses = sorted(sorted((group.realm, group.name) for group in c) for c in meaning.clauses)
    form = {
        "realm": meaning.realm,
        "everyone": meaning.everyone,
        "realm_members": meaning.realm_members,
        "users": sorted((user.realm, user.name) for user in meaning.users),
        "clauses": clauses,
    }
    return hashlib.sha256(json.dumps(form, sort_keys=True).encode()).hexdigest()


def _find(connection: sa.Connection, fingerprint: str) -> int | None:
    return connection.scalar(
        sa.select(access_sets.c.id).where(access_sets.c.fingerprint == fingerprint)
    )


def _insert(connection: sa.Connection, meaning: Permissions, fingerprint: str) -> int:
    """Insert, unless somebody else did so since we looked: then theirs is the one.

    One transaction at a time makes new sets: two that make the same ones in different orders
    would wait for each other for ever.
    """
    locks.hold(connection, "access sets")
    theirs = _find(connection, fingerprint)
    if theirs is not None:
        return theirs
    head = {
        "fingerprint": fingerprint,
        "realm": meaning.realm,
        "everyone": meaning.everyone,
        "realm_members": meaning.realm_members,
    }
    inserted = connection.execute(sa.insert(access_sets).values(head).returning(access_sets.c.id))
    number: int = inserted.scalar_one()
    insert_missing(connection, access_set_users, _user_rows(number, meaning))
    insert_missing(connection, access_set_groups, _group_rows(number, meaning))
    return number


def _user_rows(number: int, meaning: Permissions) -> list[Row]:
    return [
        {"access_set_id": number, "realm": user.realm, "user_ref": user.name}
        for user in sorted(meaning.users)
    ]


def _group_rows(number: int, meaning: Permissions) -> list[Row]:
    return [
        {"access_set_id": number, "clause": at, "realm": group.realm, "group_name": group.name}
        for at, clause in enumerate(sorted(meaning.clauses, key=sorted))
        for group in sorted(clause)
    ]


def _load_users(connection: sa.Connection, number: int) -> frozenset[Subject]:
    columns = access_set_users.c
    rows = connection.execute(
        sa.select(columns.realm, columns.user_ref).where(columns.access_set_id == number)
    )
    return frozenset(Subject(*row) for row in rows)


def _load_clauses(connection: sa.Connection, number: int) -> frozenset[frozenset[Subject]]:
    columns = access_set_groups.c
    clauses: dict[int, set[Subject]] = {}
    for row in connection.execute(
        sa.select(access_set_groups).where(columns.access_set_id == number)
    ):
        clauses.setdefault(row.clause, set()).add(Subject(row.realm, row.group_name))
    return frozenset(map(frozenset, clauses.values()))
