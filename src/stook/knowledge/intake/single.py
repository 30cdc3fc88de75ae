"""SQL of what is pushed one by one of a datasource's users, groups and memberships."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from stook.identity import groups
from stook.identity.realms import Account
from stook.identity.users import normalise_email
from stook.knowledge.intake import datasources, identities, people, teams, uploads
from stook.knowledge.intake import upload_types as kinds
from stook.knowledge.intake import version_marks as marks
from stook.knowledge.intake.identities import Membership
from stook.knowledge.intake.people import Employee


def put_user(
    connection: sa.Connection, datasource: str, account: Account, version: int | None
) -> None:
    """Add or replace a user; raises InvalidRequest or Conflict."""
    _begin(connection, datasource, kinds.USERS.name, normalise_email(account.email), version)
    refs = identities.put_users(connection, datasource, [account])
    uploads.touch(connection, kinds.USERS.name, datasource, refs)


def remove_user(
    connection: sa.Connection, datasource: str, email: str, version: int | None
) -> None:
    """Remove a user and their memberships; raises InvalidRequest or Conflict."""
    _begin(connection, datasource, kinds.USERS.name, normalise_email(email), version)
    identities.remove_user(connection, datasource, email)


def put_group(connection: sa.Connection, datasource: str, name: str, version: int | None) -> None:
    """Add a group; raises InvalidRequest or Conflict."""
    _begin(connection, datasource, kinds.GROUPS.name, name, version)
    identities.put_groups(connection, datasource, [name])
    uploads.touch(connection, kinds.GROUPS.name, datasource, [name])


def remove_group(
    connection: sa.Connection, datasource: str, name: str, version: int | None
) -> None:
    """Remove a group and its memberships; raises InvalidRequest or Conflict."""
    _begin(connection, datasource, kinds.GROUPS.name, name, version)
    groups.remove(connection, datasource, [name])


def put_member(
    connection: sa.Connection, datasource: str, membership: Membership, version: int | None
) -> None:
    """Add a membership; raises InvalidRequest or Conflict."""
    ref = _begin_member(connection, datasource, membership, version)
    identities.put_member(connection, datasource, membership)
    kind = kinds.MEMBERSHIPS.name
    uploads.touch(connection, kind, datasource, [ref], subject=membership.group)
    uploads.touch(connection, kinds.GROUPS.name, datasource, [membership.group])


def put_members(
    connection: sa.Connection, datasource: str, memberships: Sequence[Membership]
) -> None:
    """Add all of these memberships or none; raises NotFound and InvalidRequest."""
    datasources.get(connection, datasource)
    for membership in memberships:
        put_member(connection, datasource, membership, None)


def remove_member(
    connection: sa.Connection, datasource: str, membership: Membership, version: int | None
) -> None:
    """Remove a membership; raises InvalidRequest or Conflict."""
    _begin_member(connection, datasource, membership, version)
    identities.remove_member(connection, datasource, membership)


def put_person(connection: sa.Connection, person: Employee, version: int | None) -> None:
    """Add or replace one of the organisation's people; raises InvalidRequest or Conflict."""
    email = normalise_email(person.email)
    marks.check_version(connection, "", kinds.EMPLOYEES.name, email, version)
    people.put(connection, [person])
    uploads.touch(connection, kinds.EMPLOYEES.name, "", [email])


def remove_person(connection: sa.Connection, email: str, version: int | None) -> None:
    """Remove one of the organisation's people; raises InvalidRequest or Conflict."""
    marks.check_version(connection, "", kinds.EMPLOYEES.name, normalise_email(email), version)
    people.remove(connection, [email])


def put_team(
    connection: sa.Connection, own_id: str, definition: dict[str, Any], version: int | None
) -> None:
    """Add or replace one of the organisation's teams; raises InvalidRequest or Conflict."""
    marks.check_version(connection, "", kinds.TEAMS.name, own_id, version)
    teams.put(connection, {own_id: definition})
    uploads.touch(connection, kinds.TEAMS.name, "", [own_id])


def remove_team(connection: sa.Connection, own_id: str, version: int | None) -> None:
    """Remove one of the organisation's teams; raises InvalidRequest or Conflict."""
    marks.check_version(connection, "", kinds.TEAMS.name, own_id, version)
    teams.remove(connection, [own_id])


def _begin_member(
    connection: sa.Connection, datasource: str, membership: Membership, version: int | None
) -> str:
    ref = identities.ref_of(membership.member)
    of_group = f"{membership.group} {ref}"
    _begin(connection, datasource, kinds.MEMBERSHIPS.name, of_group, version)
    return ref


def _begin(
    connection: sa.Connection, datasource: str, kind: str, ref: str, version: int | None
) -> None:
    datasources.get(connection, datasource)
    marks.check_version(connection, datasource, kind, ref, version)
