"""People."""

from __future__ import annotations

import pytest

from stook.errors import InvalidRequest, NotFound
from stook.identity import users
from stook.storage.database import Database


def test_an_address_is_stored_in_lower_case(database: Database) -> None:
    added = database.write_now(users.add, " Ana@Example.ORG ", "Ana")
    assert (added.email, added.name, added.active) == ("ana@example.org", "Ana", True)
    assert database.read_now(users.find, "ANA@example.org") == added


def test_adding_again_keeps_the_name_and_activates(database: Database) -> None:
    first = database.write_now(users.add, "ana@example.org", "Ana")
    database.write_now(users.deactivate, "ana@example.org")
    assert database.read_now(users.find, "ana@example.org").active is False
    again = database.write_now(users.add, "ana@example.org")
    assert again == first
    assert database.write_now(users.add, "ana@example.org", "Anna").name == "Anna"


def test_everybody_is_listed_by_address(database: Database) -> None:
    for email in ("cid@x.org", "ana@x.org", "Bob@x.org"):
        database.write_now(users.add, email)
    listed = database.read_now(users.list_all)
    assert [user.email for user in listed] == ["ana@x.org", "bob@x.org", "cid@x.org"]


@pytest.mark.parametrize(
    "email", ["", "ana", "a na@x.org", "@x.org", "ana@", "a\0@x.org", "a@b@c", "a" * 320 + "@x.org"]
)
def test_what_is_no_address_is_refused(database: Database, email: str) -> None:
    with pytest.raises(InvalidRequest, match="not an e-mail address"):
        database.write_now(users.add, email)


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_a_name_that_cannot_be_stored_is_refused(database: Database, name: str) -> None:
    with pytest.raises(InvalidRequest, match="NUL"):
        database.write_now(users.add, "ana@x.org", name)


def test_a_stranger_cannot_be_deactivated(database: Database) -> None:
    with pytest.raises(NotFound, match="no user"):
        database.write_now(users.deactivate, "ana@x.org")
