"""A synthetic company's people, documents and probes: every probe comes out as it is stated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from stook.identity import access, groups, permissions, realms, users
from stook.identity.permissions import Permissions, Subject
from stook.identity.principals import Principal
from stook.identity.realms import Account
from stook.knowledge.store.documents import document_id
from stook.storage.database import Database
from stook.storage.tables import datasources, documents

PACK = Path(__file__).parents[2].parent / "shared/data/enterprisebench/acl_pack"
REALM = "company"

pytestmark = [
    pytest.mark.whole,
    pytest.mark.skipif(not PACK.is_dir(), reason=f"no evaluation data at {PACK}"),
]


def records(name: str) -> Iterator[dict[str, Any]]:
    with (PACK / f"{name}.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def address(employee: str) -> str:
    """Some of the pack's addresses are shared by several people; their ids are not."""
    return f"{employee}@company.example"


def fill(connection: sa.Connection) -> None:
    members: dict[str, list[str]] = {}
    accounts = []
    for person in records("principals"):
        users.add(connection, address(person["user"]), person["name"])
        if not person["active"]:
            users.deactivate(connection, address(person["user"]))
        accounts.append(Account(person["user"], address(person["user"]), person["name"]))
        for group in person["groups"]:
            members.setdefault(group, []).append(person["user"])
    realms.put(connection, REALM, accounts)
    for group, ids in members.items():
        groups.replace_members(connection, REALM, group, ids, [])
    source = {"name": "d", "display_name": "d", "realm": REALM, "config": {}, "created_at": 0}
    connection.execute(sa.insert(datasources).values(source))
    rows = [document_row(connection, document) for document in records("documents")]
    connection.execute(sa.insert(documents), rows)
    # As a server does by itself within a minute; PostgreSQL plans badly for tables it never saw.
    connection.execute(sa.text("ANALYZE"))


def document_row(connection: sa.Connection, document: dict[str, Any]) -> dict[str, object]:
    names = [entry.split(":", 1) for entry in document["allow"]]
    subjects = {
        kind: {Subject(REALM, n) for k, n in names if k == kind} for kind in ("user", "group")
    }
    meaning = Permissions(
        users=frozenset(subjects["user"]),
        clauses=frozenset(frozenset({group}) for group in subjects["group"]),
    )
    return {
        "id": document_id("d", document["_id"]),
        "datasource": "d",
        "external_id": document["_id"],
        "title": document["title"],
        "details": {},
        "access_set_id": permissions.intern(connection, meaning),
        "version": 1,
        "stored_at": 0,
        **dict.fromkeys(("url", "mime_type", "content_hash"), ""),
    }


def test_every_probe_comes_out_as_stated(database: Database) -> None:
    database.write_now(fill)
    probes = list(records("probes"))
    assert len(probes) == 488
    visible = {asker: seen(database, asker) for asker in {probe["asker"] for probe in probes}}
    expected = {probe["id"]: probe["expect"] == "answer" for probe in probes}
    assert {p["id"]: p["doc"] in visible[p["asker"]] for p in probes} == expected
    for probe in probes[::10]:
        who = Principal(address(probe["asker"]))
        [told] = database.read_now(access.explain_access, who, probe["doc"])
        assert told.allowed is expected[probe["id"]], told.reasons


def seen(database: Database, employee: str) -> set[str]:
    who = Principal(address(employee))
    query = sa.select(documents.c.external_id).where(access.visible_to(who))
    return set(database.read_now(lambda connection: connection.scalars(query).all()))
