"""What administrators do for people, groups and tokens, on both databases, and what is recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from stook.application.administration import people, tokens
from stook.errors import InvalidRequest, NotFound, Unauthenticated
from stook.identity import administrators, audit, browser_sessions, groups, users
from stook.identity import tokens as stored_tokens
from stook.identity.audit import Actor
from stook.identity.principals import Scope
from stook.storage.database import Database

ADA, RITA, OTTO = (f"{name}@alderbrook.example" for name in ("ada", "rita", "otto"))
ACTOR = Actor(ADA, "ses_1")


@pytest.fixture
def held(database: Database) -> Database:
    for email, name in ((ADA, "Ada"), (RITA, "Rita Reader"), (OTTO, "")):
        database.write_now(users.add, email, name)
    database.write_now(administrators.appoint, ADA)
    return database


def recorded(database: Database, **wanted: Any) -> list[tuple[str, str, str]]:
    found = database.read_now(audit.find, audit.Wanted(**wanted), None, 100)
    return [(each.actor, each.action, each.subject) for each in found]


def test_people_are_found_in_pages(held: Database) -> None:
    found, place = [], None
    while True:
        page = held.read_now(people.find, "alderbrook", None, place, 1)
        found += [(each.user.email, each.administrator) for each in page.items]
        if (place := page.next) is None:
            break
    assert found == [(ADA, True), (OTTO, False), (RITA, False)]
    reading = held.read_now(people.find, "READER rita@", True, None, 9).items
    assert [each.user.email for each in reading] == [RITA]
    held.write_now(people.change, ACTOR, OTTO, None, False, None)
    gone = held.read_now(people.find, "", False, None, 9).items
    assert [each.user.email for each in gone] == [OTTO]


def test_who_is_shut_out_is_signed_out_and_their_links_end(held: Database) -> None:
    link = held.write_now(people.invite, ACTOR, RITA)
    begun = held.write_now(browser_sessions.begin, link, "Firefox")
    unused = held.write_now(people.invite, ACTOR, RITA)
    held.write_now(people.change, ACTOR, RITA, None, False, None)
    held.write_now(people.change, ACTOR, RITA, None, True, None)
    for attempt in (
        lambda: held.read_now(browser_sessions.find, begun.secret),
        lambda: held.write_now(browser_sessions.begin, unused, ""),
    ):
        with pytest.raises(Unauthenticated):
            attempt()
    assert [action for _, action, _ in recorded(held, subject=RITA)] == [
        "person.added", "person.deactivated", "link.made", "link.made",
    ]  # fmt: skip


def test_nobody_shuts_themselves_out(held: Database) -> None:
    for change in ((None, False, None), (None, None, False)):
        with pytest.raises(InvalidRequest, match="yourself out"):
            held.write_now(people.change, ACTOR, ADA, *change)
    assert held.read_now(administrators.is_administrator, ADA)
    assert recorded(held) == []  # what was refused was not done


def test_administrators_are_appointed_and_dismissed(held: Database) -> None:
    held.write_now(people.change, ACTOR, RITA, "Rita R.", None, True)
    assert held.read_now(people.inspect, RITA).person.administrator
    held.write_now(people.change, ACTOR, RITA, None, None, False)
    held.write_now(people.change, ACTOR, RITA, None, None, False)  # already so: nothing is done
    person = held.read_now(people.inspect, RITA).person
    assert (person.user.name, person.administrator) == ("Rita R.", False)
    assert recorded(held, subject=RITA) == [
        (ADA, "administrator.dismissed", RITA),
        (ADA, "administrator.appointed", RITA),
        (ADA, "person.changed", RITA),
    ]


def test_groups_hold_people_and_groups(held: Database) -> None:
    held.write_now(people.add_to_group, ACTOR, "crew", [("user", RITA)])
    held.write_now(people.add_to_group, ACTOR, "all", [("group", "crew"), ("user", OTTO)])
    assert held.read_now(people.inspect, RITA).groups == [("all", "crew"), ("crew",)]
    (found,) = held.read_now(people.find_groups, "AL", None, 9).items
    assert (found.name, found.users, found.groups) == ("all", 1, 1)
    first = held.read_now(people.inspect_group, "", "all", None, 1).members
    rest = held.read_now(people.inspect_group, "", "all", first.next, 1).members
    assert [*first.items, *rest.items] == [("group", "crew"), ("user", OTTO)] and not rest.next
    held.write_now(people.remove_from_group, ACTOR, "", "all", ("group", "crew"))
    held.write_now(people.remove_group, ACTOR, "", "crew")
    assert held.read_now(people.inspect, RITA).groups == []
    assert [action for _, action, _ in recorded(held, action="group")] == [
        "group.removed", "group.member_removed", "group.member_added", "group.member_added",
        "group.added", "group.member_added", "group.added",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "attempt",
    [
        lambda held: held.write_now(
            people.add_to_group, ACTOR, "new", [("user", "typo@alderbrook.example")]
        ),
        lambda held: held.write_now(people.add_to_group, ACTOR, "new", [("group", "typo")]),
        lambda held: held.write_now(people.add_to_group, ACTOR, "new", [("user", "no address")]),
    ],
)
def test_a_mistyped_member_changes_nothing(
    held: Database, attempt: Callable[[Database], None]
) -> None:
    with pytest.raises(InvalidRequest):
        attempt(held)
    assert held.read_now(groups.names, "") == [] and recorded(held) == []


def test_what_is_not_there_is_not_found(held: Database) -> None:
    nobody = "nobody@alderbrook.example"
    for query, arguments in (
        (people.invite, (ACTOR, nobody)),
        (people.sign_out, (ACTOR, nobody)),
        (people.remove_group, (ACTOR, "", "no\0such")),
        (tokens.revoke, (ACTOR, "tok_0")),
    ):
        with pytest.raises(NotFound):
            held.write_now(query, *arguments)


def test_tokens_are_made_found_and_revoked(held: Database) -> None:
    made = [
        held.write_now(tokens.make, ACTOR, name, [Scope.CHAT], email, days)
        for name, email, days in (("bot", RITA, 30), ("old", OTTO, None), ("all", None, 1))
    ]
    held.write_now(tokens.revoke, ACTOR, made[1].id)
    held.write_now(stored_tokens.create, "session", [Scope.CHAT], RITA, parent_id=made[0].id)

    def names(words: str = "", alive: bool = True) -> list[str]:
        page = held.read_now(tokens.find, words, alive=alive, after=None, size=9)
        return [each.name for each in page.items]

    assert (names(), names(alive=False)) == (["all", "bot"], ["all", "old", "bot"])
    assert names("rita bot") == ["bot"] and names("\0") == []
    first = held.read_now(tokens.find, "", alive=False, after=None, size=2)
    rest = held.read_now(tokens.find, "", alive=False, after=first.next, size=2)
    assert [each.name for each in (*first.items, *rest.items)] == ["all", "old", "bot"]
    assert recorded(held, action="token.revoked") == [(ADA, "token.revoked", made[1].id)]
    everything = held.read_now(audit.find, audit.Wanted(), None, 100)
    assert not any(new.secret in str(each) for new in made for each in everything)


def test_the_record_is_narrowed_and_paged(held: Database) -> None:
    for email in (RITA, OTTO):
        held.write_now(people.sign_out, ACTOR, email)
    held.write_now(people.add, Actor(audit.COMMAND_LINE), RITA, "")
    newest, *older = held.read_now(audit.find, audit.Wanted(), None, 9)
    assert (newest.actor, newest.credential) == ("command line", "")
    assert held.read_now(audit.find, audit.Wanted(), newest.id, 9) == older
    assert len(recorded(held, actor="ADA@")) == 2 and len(recorded(held, action="session")) == 2
    assert recorded(held, action="sess") == [] and recorded(held, subject="100%") == []
    assert len(recorded(held, since=newest.at)) == 1 and len(recorded(held, until=newest.at)) == 2
