"""SQL of the users, groups and memberships that a datasource pushes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from stook.errors import InvalidRequest
from stook.identity import groups, realms
from stook.identity.groups import Member
from stook.identity.realms import Account
from stook.identity.users import normalise_email
from stook.knowledge.intake.grants import user_ref

RESERVED = "scio"


@dataclass(frozen=True, slots=True)
class Membership:
    """Somebody, or a group, in a group; exactly one of the two is named."""

    group: str
    user: str = ""
    member_group: str = ""

    @property
    def member(self) -> Member:
        return ("user", user_ref(self.user)) if self.user else ("group", self.member_group)


def put_users(connection: sa.Connection, realm: str, accounts: Sequence[Account]) -> list[str]:
    """Add users or replace them, by their addresses; gives their ids."""
    named = [_named(account) for account in accounts]
    for account in named:
        realms.remove(connection, realm, account.email)
    newest = {account.user_ref: account for account in named}
    realms.put(connection, realm, list(newest.values()))
    return list(newest)


def remove_user(connection: sa.Connection, realm: str, email: str) -> None:
    """Remove a user and what they are a member of; an absent one is fine."""
    refs = {account.user_ref for account in realms.of_email(connection, realm, email)}
    realms.remove(connection, realm, email)
    for ref in refs | {normalise_email(email)}:
        groups.remove_from_all(connection, realm, "user", ref)


def remove_users(connection: sa.Connection, realm: str, refs: Collection[str]) -> None:
    """Remove users by their ids, and what they are members of."""
    realms.remove_refs(connection, realm, refs)
    for ref in refs:
        groups.remove_from_all(connection, realm, "user", ref)


def put_groups(connection: sa.Connection, realm: str, names: Sequence[str]) -> None:
    """Add groups; those that exist keep their members. Raises InvalidRequest."""
    for name in names:
        check_group(name)
        groups.add(connection, name, realm)


def check_group(name: str) -> None:
    """Raise InvalidRequest unless this can name a pushed group."""
    if not name or name.split() != [name] or name.lower().startswith(RESERVED):
        raise InvalidRequest(
            f"{name[:50]!r} cannot name a group: give a name without white space that does not "
            f"begin with {RESERVED}."
        )


def put_member(connection: sa.Connection, realm: str, membership: Membership) -> None:
    """Make somebody, or a group, a member of a group; raises InvalidRequest."""
    _check(membership)
    check_group(membership.group)
    kind, name = membership.member
    put = groups.add_user if kind == "user" else groups.add_group
    put(connection, membership.group, name, realm)


def remove_member(connection: sa.Connection, realm: str, membership: Membership) -> None:
    """Take a member out of a group; an absent one is fine."""
    _check(membership)
    groups.remove_members(connection, realm, membership.group, [membership.member])


def ref_of(member: Member) -> str:
    """A member as an upload remembers it."""
    return ":".join(member)


def member_of(ref: str) -> Member:
    kind, _, name = ref.partition(":")
    return kind, name


def _named(account: Account) -> Account:
    email = normalise_email(account.email)
    return replace(account, email=email, user_ref=user_ref(account.user_ref) or email)


def _check(membership: Membership) -> None:
    if bool(membership.user) == bool(membership.member_group):
        raise InvalidRequest("membership: give either memberUserId or memberGroupName.")
