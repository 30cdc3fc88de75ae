"""Groups, permissions and accounts as they are stored."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from stook.errors import InvalidRequest, NotFound
from stook.identity import groups, permissions, realms
from stook.identity.groups import Group
from stook.identity.permissions import ORGANISATION, Permissions, Subject
from stook.identity.realms import Account
from stook.storage.database import Database
from stook.storage.tables import access_set_groups, access_sets

STAFF, BOARD = Subject(ORGANISATION, "staff"), Subject(ORGANISATION, "board")
ANA = Subject(ORGANISATION, "ana@x.org")


def test_groups_are_listed_with_their_members(database: Database) -> None:
    database.write_now(groups.add, "empty")
    database.write_now(groups.add_user, "staff", "Bob@X.org")
    database.write_now(groups.add_user, "staff", "ana@x.org")
    database.write_now(groups.add_user, "staff", "ana@x.org")
    database.write_now(groups.add_group, "all", "staff")
    database.write_now(groups.add_user, "staff", "U1", "wiki")
    assert database.read_now(groups.list_all) == [
        Group("", "all", (), ("staff",)),
        Group("", "empty", (), ()),
        Group("", "staff", ("ana@x.org", "bob@x.org"), ()),
        Group("wiki", "staff", ("U1",), ()),
    ]


def test_members_are_replaced_as_a_whole(database: Database) -> None:
    database.write_now(groups.add_user, "staff", "ana@x.org")
    database.write_now(groups.replace_members, "", "staff", ["bob@x.org"], ["board"])
    listed = database.read_now(groups.list_all)
    assert listed == [Group("", "staff", ("bob@x.org",), ("board",))]


@pytest.mark.parametrize("name", ["", "  ", "a\0b", "\ud800", "x" * 401])
def test_what_cannot_name_a_group_is_refused(database: Database, name: str) -> None:
    with pytest.raises(InvalidRequest, match="cannot name"):
        database.write_now(groups.add, name)
    with pytest.raises(InvalidRequest, match="cannot name"):
        database.write_now(groups.add_group, "staff", name)


def test_equal_meanings_share_a_number(database: Database) -> None:
    first = Permissions(users=frozenset({ANA}), clauses=frozenset({frozenset({STAFF, BOARD})}))
    same = Permissions(
        realm="wiki",  # of no consequence: its members are not meant
        users=frozenset({Subject(ORGANISATION, "ANA@X.org ")}),
        clauses=frozenset({frozenset({BOARD, STAFF}), frozenset()}),
    )
    number = database.write_now(permissions.intern, first)
    assert database.write_now(permissions.intern, same) == number
    assert database.read_now(permissions.load, number) == first


def test_different_meanings_have_different_numbers(database: Database) -> None:
    either = Permissions(clauses=frozenset({frozenset({STAFF}), frozenset({BOARD})}))
    both = Permissions(clauses=frozenset({frozenset({STAFF, BOARD})}))
    wiki, mail = (Permissions(realm=realm, realm_members=True) for realm in ("wiki", "mail"))
    meanings = [Permissions(), Permissions(everyone=True), either, both, wiki, mail]
    numbers = [database.write_now(permissions.intern, meaning) for meaning in meanings]
    assert len(set(numbers)) == len(meanings)
    assert [database.read_now(permissions.load, number) for number in numbers] == meanings


async def test_many_may_intern_the_same_at_once(database: Database) -> None:
    meanings = [
        Permissions(clauses=frozenset({frozenset({Subject("", f"g{number}")})}))
        for number in range(8)
    ]

    def intern_all(connection: sa.Connection, order: int) -> list[int]:
        turned = meanings[order:] + meanings[:order]
        found = {meaning: permissions.intern(connection, meaning) for meaning in turned}
        return [found[meaning] for meaning in meanings]

    results = await asyncio.gather(*(database.write(intern_all, order) for order in range(8)))
    assert all(numbers == results[0] for numbers in results)
    count = await database.read(
        lambda c: [
            c.scalar(sa.select(sa.func.count()).select_from(table))
            for table in (access_sets, access_set_groups)
        ]
    )
    assert count == [8, 8]


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "x" * 401])
def test_names_that_cannot_be_stored_are_refused_in_permissions(
    database: Database, name: str
) -> None:
    for meaning in (
        Permissions(users=frozenset({Subject("wiki", name)})),
        Permissions(clauses=frozenset({frozenset({Subject("wiki", name)})})),
    ):
        with pytest.raises(InvalidRequest, match="cannot name"):
            database.write_now(permissions.intern, meaning)


def test_an_unknown_number_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound, match="4711"):
        database.read_now(permissions.load, 4711)


def test_accounts_of_a_realm_are_put_replaced_and_removed(database: Database) -> None:
    database.write_now(realms.put, "wiki", [Account("u1", "Ana@X.org"), Account("u2", "bob@x.org")])
    database.write_now(realms.put, "wiki", [Account("u2", "bob@x.org", "Bob", active=False)])
    assert database.read_now(realms.list_all, "wiki") == [
        Account("u1", "ana@x.org"),
        Account("u2", "bob@x.org", "Bob", active=False),
    ]
    database.write_now(realms.remove, "wiki", "bob@x.org")
    assert [a.user_ref for a in database.read_now(realms.list_all, "wiki")] == ["u1"]
    database.write_now(realms.replace, "wiki", [Account("u3", "cid@x.org")])
    assert [a.user_ref for a in database.read_now(realms.list_all, "wiki")] == ["u3"]


@pytest.mark.parametrize(("realm", "ref"), [("", "u1"), ("wiki", ""), ("wiki", "a\0")])
def test_accounts_that_make_no_sense_are_refused(database: Database, realm: str, ref: str) -> None:
    with pytest.raises(InvalidRequest):
        database.write_now(realms.put, realm, [Account(ref, "ana@x.org")])
