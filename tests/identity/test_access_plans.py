"""How the databases go about access: by index, whatever they know about their tables."""

from __future__ import annotations

import sqlalchemy as sa

from stook.identity import access
from stook.identity.principals import Principal
from stook.storage.database import Database, open_database
from stook.storage.tables import documents

ANA = Principal("ana@x.org")


def plan(database: Database, query: sa.Select[tuple[str]]) -> list[str]:
    text = query.compile(database.engine, compile_kwargs={"literal_binds": True})
    rows = database.read_now(lambda c: c.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}").all())
    return [row.detail for row in rows]


def test_documents_asked_for_by_id_are_found_by_id(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    query = sa.select(documents.c.title).where(
        documents.c.id.in_(["doc_1", "doc_2"]), access.visible_to(ANA)
    )
    first = plan(database, query)[0]
    database.close()
    assert first.startswith("SEARCH documents USING INDEX sqlite_autoindex_documents_1 (id=?)")


def test_rights_are_found_by_index(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    steps = plan(database, sa.select(documents.c.title).where(access.visible_to(ANA)))
    database.close()
    walked = {step for step in steps if step.startswith("SCAN ")}
    small = {"identities", "memberships", "CONSTANT ROW"}  # made by the query itself
    assert {step.split(" ", 1)[1] for step in walked} - small <= {
        "documents",
        "access_sets",
        "test_datasources",  # a few rows, read once
    }
