"""The queries that decide about access agree with a plain-Python model of the permissions."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stook.identity import access, permissions
from stook.identity.permissions import ORGANISATION, Permissions, Subject
from stook.identity.principals import Principal
from stook.storage import tables
from stook.storage.database import Database
from tests.identity.model import Account, World

EMAILS = ("ana@x.org", "bob@x.org", "cid@x.org")
REALMS = (ORGANISATION, "wiki", "mail")
GROUPS = ("g1", "g2", "g3", "g4", "u1")  # one is named like a user
REFS = ("u1", "u2", *EMAILS)  # ids that may be somebody's address

realms = st.sampled_from(REALMS)
emails = st.sampled_from(EMAILS)
groups = st.builds(Subject, realms, st.sampled_from(GROUPS))
subjects = st.builds(Subject, realms, st.sampled_from(REFS))
definitions = st.builds(
    Permissions,
    realm=realms,
    everyone=st.sampled_from([False] * 7 + [True]),
    realm_members=st.sampled_from([False] * 4 + [True]),
    users=st.frozensets(subjects, max_size=2),
    clauses=st.frozensets(st.frozensets(groups, max_size=3), max_size=3),
)
accounts = st.builds(
    Account, st.sampled_from(REALMS[1:]), st.sampled_from(REFS), emails, st.booleans()
)
memberships = st.one_of(
    st.tuples(realms, st.sampled_from(GROUPS), st.just("user"), st.sampled_from(REFS)),
    st.tuples(realms, st.sampled_from(GROUPS), st.just("group"), st.sampled_from(GROUPS)),
)
# Beside the documents made at random: one for each group and each name, so that every membership
# and every meaning of a name shows.
FOR_EACH_NAME = {
    f"{kind} {realm}:{name}": (definition, False)
    for realm in REALMS
    for kind, names in (("group", GROUPS), ("user", REFS))
    for name in names
    for definition in [
        Permissions(clauses=frozenset({frozenset({Subject(realm, name)})}))
        if kind == "group"
        else Permissions(users=frozenset({Subject(realm, name)}))
    ]
}
worlds = st.builds(
    World,
    users=st.dictionaries(emails, st.sampled_from([True, True, True, False]), min_size=1),
    accounts=st.lists(accounts, max_size=5, unique_by=lambda a: (a.realm, a.ref)),
    members=st.sets(memberships, max_size=12),
    documents=st.lists(
        st.tuples(definitions, st.sampled_from([False] * 5 + [True])), min_size=1, max_size=6
    ).map(lambda made: {f"random {n}": document for n, document in enumerate(made)}),
)


@pytest.fixture
def named(database: Database) -> Database:
    """A database that holds the documents of FOR_EACH_NAME."""
    row = {"name": "d", "display_name": "d", "realm": "", "config": {}, "created_at": 0}
    database.write_now(lambda c: c.execute(sa.insert(tables.datasources).values(row)).rowcount)
    database.write_now(_store_documents, FOR_EACH_NAME)
    return database


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=worlds, somebody=st.sampled_from([*EMAILS, None]))
def test_visibility_and_its_reasons_are_what_the_model_says(
    named: Database, world: World, somebody: str | None
) -> None:
    everybody = [*EMAILS, "stranger@x.org", None]
    both = replace(world, documents=world.documents | FOR_EACH_NAME)
    expected = {(e, d) for e in everybody for d in both.documents if both.may_see(e, d)}
    with _stored(named, world) as connection:
        assert {(e, d) for e in everybody for d in _visible(connection, e)} == expected
        for document in world.documents:
            [told] = access.explain_access(connection, Principal(somebody), document)
            assert told.allowed == ((somebody, document) in expected)
            assert _sounds_allowed(told.reasons) == told.allowed


def _sounds_allowed(reasons: tuple[str, ...]) -> bool:
    """Whether sentences that grant, and no others, are among the reasons."""
    refusals = (
        "Nothing gives",
        "Nobody is named",
        "There is no user",
        "The document was withdrawn",
    )
    return not (reasons[0].startswith(refusals) or "is deactivated" in reasons[0])


def _visible(connection: sa.Connection, email: str | None) -> list[str]:
    query = sa.select(tables.documents.c.external_id).where(access.visible_to(Principal(email)))
    return list(connection.scalars(query))


@contextlib.contextmanager
def _stored(database: Database, world: World) -> Iterator[sa.Connection]:
    """The world in the database, for as long as the block runs."""
    with database.engine.connect() as connection:
        _store(connection, world)
        yield connection
        connection.rollback()


def _store(connection: sa.Connection, world: World) -> None:
    rows: dict[sa.Table, list[dict[str, object]]] = {
        tables.users: [
            {"email": email, "name": "", "active": active, "created_at": 0}
            for email, active in world.users.items()
        ],
        tables.realm_users: [
            {"realm": a.realm, "user_ref": a.ref, "email": a.email, "active": a.active}
            for a in world.accounts
        ],
        tables.group_members: [
            {"realm": realm, "group_name": name, "member_kind": kind, "member_ref": ref}
            for realm, name, kind, ref in world.members
        ],
    }
    for table, values in rows.items():
        if values:
            connection.execute(sa.insert(table), values)
    _store_documents(connection, world.documents)


def _store_documents(connection: sa.Connection, made: dict[str, tuple[Permissions, bool]]) -> None:
    rows = [
        _document(name, permissions.intern(connection, definition), withdrawn)
        for name, (definition, withdrawn) in made.items()
    ]
    connection.execute(sa.insert(tables.documents), rows)


def _document(name: str, access_set: int, withdrawn: bool) -> dict[str, object]:
    texts = ("title", "url", "mime_type", "content_hash")
    return {
        "id": f"id {name}",
        "datasource": "d",
        "external_id": name,
        "details": {},
        "access_set_id": access_set,
        "version": 1,
        "stored_at": 0,
        "withdrawn_at": 1 if withdrawn else None,
        **dict.fromkeys(texts, ""),
    }
