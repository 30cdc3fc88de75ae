"""People and groups as administrators look after them; each change is recorded with who did it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from stook.errors import InvalidRequest, NotFound
from stook.identity import administrators, audit, browser_sessions, group_lists, groups, users
from stook.identity.audit import Action, Actor
from stook.identity.browser_sessions import BrowserSession
from stook.identity.group_lists import ListedGroup
from stook.identity.permissions import ORGANISATION
from stook.identity.users import User
from stook.knowledge.store import administration
from stook.storage.pages import Page, Place

DAY = 86_400 * browser_sessions.SECOND
INVITATION_LIVES = 7 * DAY
NO_SUCH_PERSON, NO_SUCH_GROUP = "There is no such person.", "There is no such group."


@dataclass(frozen=True, slots=True)
class Person:
    """A person in a list, and whether they look after the server."""

    user: User
    administrator: bool


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """A person, the groups they are in, each with the way into it, and where they are signed in."""

    person: Person
    groups: list[tuple[str, ...]]
    sessions: list[BrowserSession]


@dataclass(frozen=True, slots=True)
class GroupDetails:
    """A group, a page of its direct members, and how many documents name it."""

    group: ListedGroup
    members: Page[groups.Member]
    documents: int


def find(
    connection: sa.Connection, words: str, active: bool | None, after: Place | None, size: int
) -> Page[Person]:
    """A page of people, by address."""
    page = users.find_all(connection, words, active=active, after=after, size=size)
    leading = administrators.among(connection, [user.email for user in page.items])
    return Page([Person(user, user.email in leading) for user in page.items], page.next)


def inspect(connection: sa.Connection, email: str) -> PersonDetails:
    """All about a person; raises NotFound."""
    user = _known(connection, email)
    leads = bool(administrators.among(connection, [user.email]))
    sessions = browser_sessions.list_all(connection, user.email)
    return PersonDetails(
        Person(user, leads), group_lists.ways_into(connection, user.email), sessions
    )


def add(connection: sa.Connection, actor: Actor, email: str, name: str) -> User:
    """Add a person, or let a deactivated one in again."""
    user = users.add(connection, email, name)
    audit.record(connection, actor, Action.PERSON_ADDED, user.email, name=user.name)
    return user


def invite(connection: sa.Connection, actor: Actor, email: str) -> str:
    """The secret of a link that signs a person in once, within a week; raises NotFound."""
    user = _known(connection, email)
    secret = browser_sessions.make_link(connection, user.email, INVITATION_LIVES)
    audit.record(connection, actor, Action.LINK_MADE, user.email)
    return secret


def change(
    connection: sa.Connection,
    actor: Actor,
    email: str,
    name: str | None,
    active: bool | None,
    administrator: bool | None,
) -> None:
    """Rename, activate or deactivate a person, appoint or dismiss them; raises NotFound.

    Nobody shuts themselves out: so there is always an administrator. Raises InvalidRequest.
    """
    user = _known(connection, email)
    if user.email == actor.name and (active is False or administrator is False):
        raise InvalidRequest("You cannot shut yourself out; another administrator can.")
    if name is not None:
        users.rename(connection, user.email, name)
        audit.record(connection, actor, Action.PERSON_CHANGED, user.email, name=name)
    if active is True and not user.active:
        add(connection, actor, user.email, "")
    if active is False and user.active:
        users.deactivate(connection, user.email)
        browser_sessions.end_all(connection, user.email)
        audit.record(connection, actor, Action.PERSON_DEACTIVATED, user.email)
    if administrator is not None:
        _appoint_or_dismiss(connection, actor, user.email, administrator)


def _appoint_or_dismiss(
    connection: sa.Connection, actor: Actor, email: str, administrator: bool
) -> None:
    if administrator:
        administrators.appoint(connection, email)
        audit.record(connection, actor, Action.APPOINTED, email)
    elif administrators.dismiss(connection, email):
        audit.record(connection, actor, Action.DISMISSED, email)


def sign_out(connection: sa.Connection, actor: Actor, email: str) -> int:
    """End all sessions of a person; says how many; raises NotFound."""
    user = _known(connection, email)
    ended = browser_sessions.end_all(connection, user.email)
    audit.record(connection, actor, Action.SESSION_ENDED, user.email, sessions=ended)
    return ended


def find_groups(
    connection: sa.Connection, words: str, after: Place | None, size: int
) -> Page[ListedGroup]:
    """A page of groups, by name."""
    return group_lists.find(connection, words, after, size)


def inspect_group(
    connection: sa.Connection, realm: str, name: str, after: Place | None, size: int
) -> GroupDetails:
    """A group and a page of its members; raises NotFound."""
    group = _group(connection, realm, name)
    members = group_lists.members(connection, realm, name, after, size)
    return GroupDetails(group, members, administration.count_naming(connection, realm, name))


def add_to_group(
    connection: sa.Connection, actor: Actor, name: str, members: Sequence[groups.Member]
) -> None:
    """Add members to a group of the organisation, which is made if it is new.

    Raises InvalidRequest where a member is nobody that is known: a mistyped name opens nothing.
    """
    is_new = not groups.known(connection, ORGANISATION, [name])
    groups.add(connection, name)
    if is_new:
        audit.record(connection, actor, Action.GROUP_ADDED, name)
    for kind, ref in members:
        _add_member(connection, name, kind, ref)
        audit.record(connection, actor, Action.MEMBER_ADDED, name, kind=kind, member=ref)


def _add_member(connection: sa.Connection, name: str, kind: str, ref: str) -> None:
    if kind == "user":
        if users.find(connection, ref) is None:
            raise InvalidRequest(f"There is no person {ref}; add them first.")
        groups.add_user(connection, name, ref)
    else:
        if not groups.known(connection, ORGANISATION, [ref]):
            raise InvalidRequest(f"There is no group {ref}; add it first.")
        groups.add_group(connection, name, ref)


def remove_from_group(
    connection: sa.Connection, actor: Actor, realm: str, name: str, member: groups.Member
) -> None:
    """Remove a member from a group; raises NotFound."""
    _group(connection, realm, name)
    if member not in groups.members(connection, realm, name):
        raise NotFound("There is no such direct member.")
    groups.remove_members(connection, realm, name, [member])
    kind, ref = member
    audit.record(connection, actor, Action.MEMBER_REMOVED, name, kind=kind, member=ref)


def remove_group(connection: sa.Connection, actor: Actor, realm: str, name: str) -> None:
    """Remove a group; raises NotFound."""
    _group(connection, realm, name)
    groups.remove(connection, realm, [name])
    audit.record(connection, actor, Action.GROUP_REMOVED, name, realm=realm)


def _known(connection: sa.Connection, email: str) -> User:
    user = users.find(connection, email)
    if user is None:
        raise NotFound(NO_SUCH_PERSON)
    return user


def _group(connection: sa.Connection, realm: str, name: str) -> ListedGroup:
    found = group_lists.get(connection, realm, name)
    if found is None:
        raise NotFound(NO_SUCH_GROUP)
    return found
