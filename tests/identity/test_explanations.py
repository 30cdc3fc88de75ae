"""Why somebody may or may not see a document, in sentences."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from stook.identity import access, groups, permissions, realms, users
from stook.identity.permissions import EVERYONE_MAY_READ, ORGANISATION, Permissions, Subject
from stook.identity.principals import EVERYONE, Principal
from stook.identity.realms import Account
from stook.storage.database import Database
from stook.storage.tables import datasources, documents

ANA = Principal("ana@x.org")


def group(name: str, realm: str = ORGANISATION) -> Subject:
    return Subject(realm, name)


def clauses(*clauses: set[Subject]) -> Permissions:
    return Permissions(clauses=frozenset(map(frozenset, clauses)))


def store(
    connection: sa.Connection, meaning: Permissions, name: str = "doc_1", url: str = "file:///pay"
) -> None:
    known = connection.scalar(sa.select(sa.func.count()).select_from(datasources))
    if not known:
        row = {"name": "d", "display_name": "d", "realm": "", "config": {}, "created_at": 0}
        connection.execute(sa.insert(datasources).values(row))
    values = {
        "id": name,
        "datasource": "d",
        "external_id": f"path/{name}",
        "url": url,
        "details": {},
        "access_set_id": permissions.intern(connection, meaning),
        "version": 1,
        "stored_at": 0,
        **dict.fromkeys(("title", "mime_type", "content_hash"), ""),
    }
    connection.execute(sa.insert(documents).values(values))


def explain(database: Database, who: Principal = ANA, name: str = "doc_1") -> tuple[bool, str]:
    """What is told of the only document of a name, or that there is none."""
    told = database.read_now(access.explain_access, who, name)
    assert len(told) <= 1
    for one in told:
        return one.allowed, " ".join(one.reasons)
    return False, f"There is no document {name}."


@pytest.fixture
def ana(database: Database) -> Database:
    database.write_now(users.add, "ana@x.org", "Ana")
    return database


def test_everyone(ana: Database) -> None:
    ana.write_now(store, EVERYONE_MAY_READ)
    assert explain(ana) == (True, "Everyone may see the document.")
    assert explain(ana, EVERYONE) == (True, "Everyone may see the document.")


def test_named_in_person(ana: Database) -> None:
    ana.write_now(store, Permissions(users=frozenset({Subject("", "ana@x.org")})))
    assert explain(ana) == (True, "The document's permissions name ana@x.org, who is ana@x.org.")
    assert explain(ana, EVERYONE)[0] is False


def test_named_by_an_id_of_the_datasource(ana: Database) -> None:
    ana.write_now(realms.put, "wiki", [Account("u7", "ana@x.org")])
    ana.write_now(store, Permissions(users=frozenset({Subject("wiki", "u7")})))
    sentence = "The document's permissions name u7 of the realm wiki, who is ana@x.org."
    assert explain(ana) == (True, sentence)


def test_a_name_that_means_two_people_means_nobody(ana: Database) -> None:
    ana.write_now(users.add, "bob@x.org")
    ana.write_now(realms.put, "wiki", [Account("bob@x.org", "ana@x.org")])
    ana.write_now(realms.put, "wiki", [Account("u2", "bob@x.org")])
    ana.write_now(store, Permissions(users=frozenset({Subject("wiki", "bob@x.org")})))
    assert explain(ana)[0] is False
    assert explain(ana, Principal("bob@x.org"))[0] is False


def test_members_of_the_realm(ana: Database) -> None:
    ana.write_now(store, Permissions(realm="wiki", realm_members=True))
    assert explain(ana) == (
        False,
        "Nothing gives ana@x.org access. Every active user of the realm wiki may; "
        "ana@x.org is none.",
    )
    ana.write_now(realms.put, "wiki", [Account("u7", "ana@x.org")])
    sentence = "Every active user of the realm wiki may, and ana@x.org is one."
    assert explain(ana) == (True, sentence)


def test_through_a_chain_of_groups(ana: Database) -> None:
    ana.write_now(groups.add_user, "payroll team", "ana@x.org")
    ana.write_now(groups.add_group, "finance", "payroll team")
    ana.write_now(groups.add_group, "payroll team", "finance")  # a circle harms nothing
    ana.write_now(groups.add_group, "everybody in money", "finance")
    ana.write_now(store, clauses({group("everybody in money")}))
    assert explain(ana) == (
        True,
        "Members of the group everybody in money may: "
        "ana@x.org is in everybody in money through finance through payroll team.",
    )


def test_an_intersection_needs_every_group(ana: Database) -> None:
    ana.write_now(groups.add_user, "finance", "ana@x.org")
    ana.write_now(store, clauses({group("finance"), group("leads")}, {group("board")}))
    assert explain(ana) == (
        False,
        "Nothing gives ana@x.org access. Members of the group board may. "
        "Those who are members of all of the groups finance, leads may; ana@x.org is in finance.",
    )
    ana.write_now(groups.add_user, "leads", "ana@x.org")
    assert explain(ana)[0] is True


def test_groups_of_one_name_in_two_realms_differ(ana: Database) -> None:
    ana.write_now(groups.add_user, "finance", "ana@x.org")
    ana.write_now(store, clauses({group("finance", "wiki")}))
    assert explain(ana) == (
        False,
        "Nothing gives ana@x.org access. Members of the group finance (wiki) may.",
    )


def test_a_user_and_a_group_of_one_name_differ(ana: Database) -> None:
    ana.write_now(users.add, "bob@x.org")
    ana.write_now(groups.add_user, "bob@x.org", "ana@x.org")  # a group with a user's name
    ana.write_now(groups.add_user, "finance", "bob@x.org")  # the user
    ana.write_now(store, clauses({group("finance")}))
    assert explain(ana, Principal("bob@x.org"))[0] is True
    assert explain(ana)[0] is False


def test_nobody(ana: Database) -> None:
    ana.write_now(store, clauses(set()))
    assert explain(ana) == (
        False,
        "Nothing gives ana@x.org access. The document's permissions give access to nobody.",
    )


def test_strangers_and_the_deactivated(ana: Database) -> None:
    ana.write_now(store, EVERYONE_MAY_READ)
    assert explain(ana, Principal("eve@x.org")) == (False, "There is no user eve@x.org.")
    ana.write_now(users.deactivate, "ana@x.org")
    assert explain(ana) == (False, "The user ana@x.org is deactivated, and sees nothing.")


def test_documents_are_found_by_id_url_and_source_id(ana: Database) -> None:
    ana.write_now(store, EVERYONE_MAY_READ)
    for name in ("doc_1", "file:///pay", "path/doc_1"):
        assert explain(ana, name=name)[0] is True
    for unknown in ("doc_2", "", "a\0b", "\ud800"):
        assert explain(ana, name=unknown) == (False, f"There is no document {unknown}.")


def test_withdrawn(ana: Database) -> None:
    ana.write_now(store, EVERYONE_MAY_READ)
    ana.write_now(lambda c: c.execute(sa.update(documents).values(withdrawn_at=1)).rowcount)
    assert explain(ana) == (False, "The document was withdrawn: nobody may see it.")
    ana.write_now(store, EVERYONE_MAY_READ, "doc_2")  # the same URL again
    assert explain(ana, name="file:///pay")[0] is True


def test_many_names_are_cut_short(ana: Database) -> None:
    named = frozenset(Subject("", f"u{number:02}@x.org") for number in range(12))
    ana.write_now(store, Permissions(users=named))
    assert explain(ana)[1].endswith("u08@x.org, u09@x.org and 2 more.")


def test_a_right_that_is_taken_away_is_gone_at_once(ana: Database) -> None:
    ana.write_now(groups.add_user, "finance", "ana@x.org")
    ana.write_now(store, clauses({group("finance")}))
    assert explain(ana)[0] is True
    ana.write_now(groups.replace_members, "", "finance", [], [])
    assert explain(ana)[0] is False
