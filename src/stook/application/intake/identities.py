"""Users, groups and memberships of datasources, and the people of the organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from stook.identity import audit, realms
from stook.identity.audit import Action, Actor, Deed
from stook.identity.realms import Account
from stook.knowledge.intake import datasources, single
from stook.knowledge.intake import upload_types as kinds
from stook.knowledge.intake.definitions import Page
from stook.knowledge.intake.identities import Membership
from stook.knowledge.intake.people import Employee
from stook.knowledge.intake.service import PEOPLE
from stook.runtime import Runtime

__all__ = ["PEOPLE"]

Definitions = Mapping[str, dict[str, Any]]  # all that the connector said of things, by their ids


async def put_user(
    runtime: Runtime, datasource: str, account: Account, version: int | None
) -> None:
    """Add or replace a user; raises InvalidRequest or Conflict."""
    await runtime.database.write(single.put_user, datasource, account, version)


async def remove_user(
    runtime: Runtime, actor: Actor, datasource: str, email: str, version: int | None
) -> None:
    """Remove a user and their memberships; raises InvalidRequest or Conflict."""
    deed = Deed(Action.PERSON_REMOVED, email, {"realm": datasource})
    query = audit.recorded(actor, deed, single.remove_user)
    await runtime.database.write(query, datasource, email, version)


async def bulk_users(runtime: Runtime, page: Page, accounts: Sequence[Account]) -> None:
    """Take in a page of a bulk upload, which replaces all users of its datasource."""
    await runtime.pusher.bulk_users(replace(page, kind=kinds.USERS.name), accounts)


async def count_users(runtime: Runtime, datasource: str) -> int:
    """Return how many users there are; raises InvalidRequest."""
    await runtime.database.read(datasources.get, datasource)
    return len(await runtime.database.read(realms.list_all, datasource))


async def put_group(
    runtime: Runtime, actor: Actor, datasource: str, name: str, version: int | None
) -> None:
    """Add a group; raises InvalidRequest or Conflict."""
    deed = Deed(Action.GROUP_ADDED, name, {"realm": datasource})
    query = audit.recorded(actor, deed, single.put_group)
    await runtime.database.write(query, datasource, name, version)


async def remove_group(
    runtime: Runtime, actor: Actor, datasource: str, name: str, version: int | None
) -> None:
    """Remove a group and its memberships; raises InvalidRequest or Conflict."""
    deed = Deed(Action.GROUP_REMOVED, name, {"realm": datasource})
    query = audit.recorded(actor, deed, single.remove_group)
    await runtime.database.write(query, datasource, name, version)


async def bulk_groups(runtime: Runtime, page: Page, names: Sequence[str]) -> None:
    """Take in a page of a bulk upload, which replaces all groups of its datasource."""
    await runtime.pusher.bulk_groups(replace(page, kind=kinds.GROUPS.name), names)


async def put_member(
    runtime: Runtime, actor: Actor, datasource: str, membership: Membership, version: int | None
) -> None:
    """Add a membership; raises InvalidRequest or Conflict."""
    deed = _of_member(Action.MEMBER_ADDED, datasource, membership)
    query = audit.recorded(actor, deed, single.put_member)
    await runtime.database.write(query, datasource, membership, version)


async def put_members(runtime: Runtime, datasource: str, memberships: Sequence[Membership]) -> None:
    """Add all of these memberships or none; raises NotFound and InvalidRequest."""
    await runtime.database.write(single.put_members, datasource, memberships)


async def remove_member(
    runtime: Runtime, actor: Actor, datasource: str, membership: Membership, version: int | None
) -> None:
    """Remove a membership; raises InvalidRequest or Conflict."""
    deed = _of_member(Action.MEMBER_REMOVED, datasource, membership)
    query = audit.recorded(actor, deed, single.remove_member)
    await runtime.database.write(query, datasource, membership, version)


async def bulk_members(runtime: Runtime, page: Page, memberships: Sequence[Membership]) -> None:
    """Take in a page of a bulk upload, which replaces the members of one group."""
    await runtime.pusher.bulk_members(replace(page, kind=kinds.MEMBERSHIPS.name), memberships)


async def check_known(runtime: Runtime, datasource: str) -> None:
    """Raise InvalidRequest where there is no such datasource; all hold at once anyway."""
    if datasource:
        await runtime.database.read(datasources.get, datasource)


async def put_person(runtime: Runtime, actor: Actor, person: Employee, version: int | None) -> None:
    """Add or replace one of the organisation's people; raises InvalidRequest or Conflict."""
    query = audit.recorded(actor, Deed(Action.PERSON_ADDED, person.email), single.put_person)
    await runtime.database.write(query, person, version)


async def remove_person(runtime: Runtime, actor: Actor, email: str, version: int | None) -> None:
    """Remove one of the organisation's people; raises InvalidRequest or Conflict."""
    query = audit.recorded(actor, Deed(Action.PERSON_REMOVED, email), single.remove_person)
    await runtime.database.write(query, email, version)


async def bulk_people(runtime: Runtime, page: Page, people: Sequence[Employee]) -> None:
    """Take in a page of a bulk upload, which replaces all people of the organisation."""
    await runtime.pusher.bulk_people(replace(page, kind=kinds.EMPLOYEES.name), people)


async def put_team(
    runtime: Runtime, own_id: str, definition: dict[str, Any], version: int | None
) -> None:
    """Add or replace one of the organisation's teams; raises InvalidRequest or Conflict."""
    await runtime.database.write(single.put_team, own_id, definition, version)


async def remove_team(runtime: Runtime, own_id: str, version: int | None) -> None:
    """Remove one of the organisation's teams; raises InvalidRequest or Conflict."""
    await runtime.database.write(single.remove_team, own_id, version)


async def bulk_teams(runtime: Runtime, page: Page, teams: Definitions) -> None:
    """Take in a page of a bulk upload, which replaces all teams of the organisation."""
    await runtime.pusher.bulk_teams(replace(page, kind=kinds.TEAMS.name), teams)


async def bulk_shortcuts(
    runtime: Runtime, page: Page, shortcuts: Definitions, *, external: bool
) -> None:
    """Take in a page of a bulk upload, which replaces all shortcuts of this or other services."""
    kind = kinds.EXTERNAL_SHORTCUTS if external else kinds.SHORTCUTS
    await runtime.pusher.bulk_shortcuts(replace(page, kind=kind.name), shortcuts, external)


def _of_member(action: Action, datasource: str, given: Membership) -> Deed:
    kind, name = given.member
    return Deed(action, given.group, {"realm": datasource, "kind": kind, "member": name})
