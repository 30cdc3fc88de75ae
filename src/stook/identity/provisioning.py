"""SQL of what an identity provider provisions (SCIM): people and groups under ids of their own.

A provider sees what it provisioned and nothing else. It knows a person by a login of its choice;
here they are known by their address, which stays.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from stook.errors import Conflict, NotFound
from stook.identity import administrators, audit, browser_sessions, credentials, groups, users
from stook.identity.audit import Action, Actor, Deed
from stook.identity.groups import Member
from stook.identity.permissions import ORGANISATION
from stook.storage import clock
from stook.storage.tables import group_members, scim_groups, scim_users
from stook.storage.tables import users as people
from stook.storage.text import is_storable

NO_SUCH_PERSON, NO_SUCH_GROUP = "There is no such user.", "There is no such group."
TAKEN = "There is already one of this name."


@dataclass(frozen=True, slots=True)
class ProvisionedPerson:
    """A person as a provider describes them; ``described`` is kept as it came."""

    email: str
    login: str
    name: str
    active: bool
    external_id: str = ""
    described: dict[str, Any] = field(default_factory=dict)
    id: str = ""
    created_at: int = 0
    changed_at: int = 0


@dataclass(frozen=True, slots=True)
class ProvisionedGroup:
    """A group of the organisation; ``members`` are ids of provisioned people and groups."""

    name: str
    members: tuple[str, ...]
    external_id: str = ""
    id: str = ""
    created_at: int = 0
    changed_at: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which ones: those with this value of one attribute, by its lower-case name; else all."""

    attribute: str = ""
    value: str = ""


# --- people --------------------------------------------------------------------------------------


def add_person(connection: sa.Connection, actor: Actor, person: ProvisionedPerson) -> str:
    """Let a person in; gives the provider's id for them. Raises Conflict and InvalidRequest."""
    user = users.add(connection, person.email, person.name)
    taken = sa.or_(
        scim_users.c.user_email == user.email, scim_users.c.login_key == _key(person.login)
    )
    if connection.scalar(sa.select(scim_users.c.id).where(taken)) is not None:
        raise Conflict(TAKEN)
    new, at = credentials.new_id("usr"), clock.now()
    row = {"id": new, "user_email": user.email, "created_at": at, "changed_at": at}
    connection.execute(sa.insert(scim_users).values(row | _person_row(person)))
    audit.record(connection, actor, Action.PERSON_ADDED, user.email, name=person.name)
    if not person.active:
        _shut_out(connection, actor, user.email)
    return new


def change_person(
    connection: sa.Connection, actor: Actor, person_id: str, person: ProvisionedPerson
) -> None:
    """Describe a person anew, let them in or shut them out; raises NotFound and Conflict."""
    before = get_person(connection, person_id)
    own = scim_users.c.id == person_id
    key = _key(person.login)
    others = sa.select(scim_users.c.id).where(scim_users.c.login_key == key, sa.not_(own))
    if connection.scalar(others) is not None:
        raise Conflict(TAKEN)
    values = _person_row(person) | {"changed_at": clock.now()}
    connection.execute(sa.update(scim_users).where(own).values(values))
    if person.name != before.name:
        users.rename(connection, before.email, person.name)
        audit.record(connection, actor, Action.PERSON_CHANGED, before.email, name=person.name)
    if person.active and not before.active:
        users.add(connection, before.email, person.name)
        audit.record(connection, actor, Action.PERSON_ADDED, before.email, name=person.name)
    if before.active and not person.active:
        _shut_out(connection, actor, before.email)


def remove_person(connection: sa.Connection, actor: Actor, person_id: str) -> None:
    """Shut a person out, and know them by this id no longer; raises NotFound."""
    person = get_person(connection, person_id)
    connection.execute(sa.delete(scim_users).where(scim_users.c.id == person_id))
    _shut_out(connection, actor, person.email)


def get_person(connection: sa.Connection, person_id: str) -> ProvisionedPerson:
    """A person; raises NotFound."""
    query = _people().where(scim_users.c.id == person_id)
    row = connection.execute(query).one_or_none() if is_storable(person_id) else None
    if row is None:
        raise NotFound(NO_SUCH_PERSON)
    return _person(row)


def find_people(
    connection: sa.Connection, wanted: Wanted, start: int, size: int
) -> tuple[list[ProvisionedPerson], int]:
    """Some of those who are wanted, from ``start`` on, and how many there are in all."""
    columns = scim_users.c
    by = {
        "id": columns.id == wanted.value,
        "username": columns.login_key == _key(wanted.value),
        "externalid": columns.external_id == wanted.value,
        "emails.value": columns.user_email == wanted.value.lower(),
        "emails": columns.user_email == wanted.value.lower(),
    }
    where = by[wanted.attribute] if wanted.attribute else sa.true()
    if not is_storable(wanted.value):
        return [], 0
    total = connection.scalar(sa.select(sa.func.count()).select_from(scim_users).where(where)) or 0
    query = _people().where(where).order_by(columns.created_at, columns.id)
    rows = connection.execute(query.offset(start).limit(size))
    return [_person(row) for row in rows], total


def _people() -> sa.Select[Any]:
    active, name = people.c.active, people.c.name
    query = sa.select(scim_users, active, name.label("shown_name"))
    return query.join(people, people.c.email == scim_users.c.user_email)


def _person(row: sa.Row[Any]) -> ProvisionedPerson:
    return ProvisionedPerson(
        row.user_email,
        row.login,
        row.shown_name,
        row.active,
        row.external_id,
        row.described,
        row.id,
        row.created_at,
        row.changed_at,
    )


def _person_row(person: ProvisionedPerson) -> dict[str, Any]:
    return {
        "login": person.login,
        "login_key": _key(person.login),
        "external_id": person.external_id,
        "described": person.described,
    }


def _key(login: str) -> str:
    """Logins differ by more than upper case."""
    return login.strip().lower()


def _shut_out(connection: sa.Connection, actor: Actor, email: str) -> None:
    if administrators.is_last(connection, email):
        raise Conflict("Nobody would look after the server; appoint another administrator first.")
    users.deactivate(connection, email)
    browser_sessions.end_all(connection, email)
    audit.record(connection, actor, Action.PERSON_DEACTIVATED, email)


# --- groups --------------------------------------------------------------------------------------


def add_group(connection: sa.Connection, actor: Actor, group: ProvisionedGroup) -> str:
    """Make a group, or take over one of its name; gives the provider's id. Raises Conflict."""
    named = scim_groups.c.group_name == group.name
    if connection.scalar(sa.select(scim_groups.c.id).where(named)) is not None:
        raise Conflict(TAKEN)
    groups.add(connection, group.name)
    new, at = credentials.new_id("grp"), clock.now()
    row = {
        "id": new,
        "group_name": group.name,
        "external_id": group.external_id,
        "created_at": at,
        "changed_at": at,
    }
    connection.execute(sa.insert(scim_groups).values(row))
    audit.record(connection, actor, Action.GROUP_ADDED, group.name)
    _set_members(connection, actor, group.name, group.members)
    return new


def change_group(
    connection: sa.Connection, actor: Actor, group_id: str, group: ProvisionedGroup
) -> None:
    """Give a group these members; those that nobody provisioned stay. Raises NotFound."""
    before = get_group(connection, group_id)
    own = scim_groups.c.id == group_id
    values = {"external_id": group.external_id, "changed_at": clock.now()}
    connection.execute(sa.update(scim_groups).where(own).values(values))
    _set_members(connection, actor, before.name, group.members)


def remove_group(connection: sa.Connection, actor: Actor, group_id: str) -> None:
    """Remove a group; what only its members could see, they see no longer. Raises NotFound."""
    group = get_group(connection, group_id)
    connection.execute(sa.delete(scim_groups).where(scim_groups.c.id == group_id))
    groups.remove(connection, ORGANISATION, [group.name])
    audit.record(connection, actor, Action.GROUP_REMOVED, group.name)


def get_group(connection: sa.Connection, group_id: str) -> ProvisionedGroup:
    """A group; raises NotFound."""
    query = sa.select(scim_groups).where(scim_groups.c.id == group_id)
    row = connection.execute(query).one_or_none() if is_storable(group_id) else None
    if row is None:
        raise NotFound(NO_SUCH_GROUP)
    return _group(connection, row)


def find_groups(
    connection: sa.Connection, wanted: Wanted, start: int, size: int
) -> tuple[list[ProvisionedGroup], int]:
    """Some of those that are wanted, from ``start`` on, and how many there are in all."""
    columns = scim_groups.c
    by = {
        "id": columns.id == wanted.value,
        "displayname": columns.group_name == wanted.value,
        "externalid": columns.external_id == wanted.value,
    }
    where = by[wanted.attribute] if wanted.attribute else sa.true()
    if not is_storable(wanted.value):
        return [], 0
    total = connection.scalar(sa.select(sa.func.count()).select_from(scim_groups).where(where)) or 0
    query = sa.select(scim_groups).where(where).order_by(columns.created_at, columns.id)
    rows = connection.execute(query.offset(start).limit(size)).all()
    return [_group(connection, row) for row in rows], total


def _group(connection: sa.Connection, row: sa.Row[Any]) -> ProvisionedGroup:
    members = tuple(sorted(_member_ids(connection, row.group_name)))
    return ProvisionedGroup(
        row.group_name, members, row.external_id, row.id, row.created_at, row.changed_at
    )


def _member_ids(connection: sa.Connection, group: str) -> dict[str, Member]:
    """The members of a group that were provisioned, by their ids."""
    column = group_members.c
    own = sa.and_(column.realm == ORGANISATION, column.group_name == group)
    as_people = sa.select(scim_users.c.id, column.member_kind, column.member_ref).join(
        scim_users, sa.and_(scim_users.c.user_email == column.member_ref, _is("user"))
    )
    as_groups = sa.select(scim_groups.c.id, column.member_kind, column.member_ref).join(
        scim_groups, sa.and_(scim_groups.c.group_name == column.member_ref, _is("group"))
    )
    rows = [*connection.execute(as_people.where(own)), *connection.execute(as_groups.where(own))]
    return {each: (kind, ref) for each, kind, ref in rows}


def _is(kind: str) -> sa.ColumnElement[bool]:
    return group_members.c.member_kind == kind


def _set_members(
    connection: sa.Connection, actor: Actor, group: str, wanted: Collection[str]
) -> None:
    before = _member_ids(connection, group)
    after = _members(connection, sorted(set(wanted)))
    deeds = []
    gone = [before[each] for each in before if each not in after]
    groups.remove_members(connection, ORGANISATION, group, gone)
    deeds += [_deed(Action.MEMBER_REMOVED, group, member) for member in gone]
    for each, (kind, ref) in after.items():
        if each not in before:
            put = groups.add_user if kind == "user" else groups.add_group
            put(connection, group, ref)
            deeds.append(_deed(Action.MEMBER_ADDED, group, (kind, ref)))
    audit.record_all(connection, actor, deeds)


def _members(connection: sa.Connection, ids: Sequence[str]) -> dict[str, Member]:
    """Who is meant by ids; those of nobody are left out."""
    found: dict[str, Member] = {}
    for start in range(0, len(ids), 500):
        some = [each for each in ids[start : start + 500] if is_storable(each)]
        of_people = sa.select(scim_users.c.id, scim_users.c.user_email)
        of_groups = sa.select(scim_groups.c.id, scim_groups.c.group_name)
        for row in connection.execute(of_people.where(scim_users.c.id.in_(some))):
            found[row.id] = ("user", row.user_email)
        for row in connection.execute(of_groups.where(scim_groups.c.id.in_(some))):
            found[row.id] = ("group", row.group_name)
    return found


def _deed(action: Action, group: str, member: Member) -> Deed:
    return Deed(action, group, {"kind": member[0], "member": member[1]})
