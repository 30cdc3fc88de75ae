"""Groups for administrators: listed in pages, with their sizes and members, and ways into them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from stook.identity import memberships, users
from stook.identity.groups import Member
from stook.storage import pages
from stook.storage.pages import Order, Page, Place
from stook.storage.tables import group_members, groups
from stook.storage.text import is_storable


@dataclass(frozen=True, slots=True)
class ListedGroup:
    """A group, and how many direct members it has."""

    realm: str
    name: str
    users: int
    groups: int


def find(
    connection: sa.Connection, words: str, after: Place | None, size: int
) -> Page[ListedGroup]:
    """Groups of all realms whose names hold all the words, by name."""
    if not is_storable(words):
        return Page([], None)
    query = _listed()
    for word in words.lower().split():
        query = query.where(sa.func.lower(groups.c.name).contains(word, autoescape=True))
    page = pages.cut(connection, query, Order(groups.c.name, groups.c.realm), after, size)
    return Page([_group(row) for row in page.items], page.next)


def get(connection: sa.Connection, realm: str, name: str) -> ListedGroup | None:
    """A group by its name in a realm."""
    if not (is_storable(realm) and is_storable(name)):
        return None
    query = _listed().where(groups.c.realm == realm, groups.c.name == name)
    row = connection.execute(query).one_or_none()
    return _group(row) if row else None


def members(
    connection: sa.Connection, realm: str, name: str, after: Place | None, size: int
) -> Page[Member]:
    """The direct members of a group: people and groups, by name."""
    column = group_members.c
    query = sa.select(column.member_kind, column.member_ref)
    query = query.where(column.realm == realm, column.group_name == name)
    order = Order(column.member_ref, column.member_kind)
    page = pages.cut(connection, query, order, after, size)
    return Page([(row.member_kind, row.member_ref) for row in page.items], page.next)


def ways_into(connection: sa.Connection, email: str) -> list[tuple[str, ...]]:
    """For each group that a person is in: its name, then the members that lead to the person."""
    user = users.find(connection, email)
    if user is None:
        return []
    found = memberships.chains(connection, memberships.identities(connection, user.email))
    return [tuple(each.name for each in chain) for _, chain in sorted(found.items())]


def _listed() -> sa.Select[Any]:
    return sa.select(
        groups.c.realm,
        groups.c.name,
        _count("user").label("users"),
        _count("group").label("groups"),
    )


def _count(kind: str) -> sa.ScalarSelect[int]:
    column = group_members.c
    return (
        sa.select(sa.func.count())
        .where(column.realm == groups.c.realm, column.group_name == groups.c.name)
        .where(column.member_kind == kind)
        .scalar_subquery()
    )


def _group(row: sa.Row[Any]) -> ListedGroup:
    return ListedGroup(row.realm, row.name, row.users, row.groups)
