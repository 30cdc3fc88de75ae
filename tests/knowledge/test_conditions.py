"""Conditions on documents mean the same on both databases."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
import sqlalchemy as sa

from stook.identity.permissions import EVERYONE_MAY_READ
from stook.identity.principals import EVERYONE
from stook.knowledge.store import catalogue, repository
from stook.knowledge.store.conditions import Condition, Period, Relation
from stook.knowledge.store.documents import Filters, SourceDocument
from stook.storage.database import Database

SECOND = 1_000_000


def document(name: str, **more: Any) -> SourceDocument:
    values: dict[str, Any] = {
        "datasource": "box",
        "external_id": name,
        "title": f"The {name} 100%_sure",
        "url": f"https://box.example/{name}",
        "mime_type": "text/plain",
        "text": name,
        "content_hash": hashlib.sha256(name.encode()).hexdigest(),
        "permissions": EVERYONE_MAY_READ,
    }
    return SourceDocument(**values | more)


def properties(**held: Any) -> dict[str, Any]:
    return {"details": {"properties": held}}


DOCUMENTS = [
    document(
        "a", author="Ann Apple", updated_at=10 * SECOND, **properties(size=3, tags=["x", "y"])
    ),
    document(
        "b",
        author="ann@x.example",
        created_at=20 * SECOND,
        details={"author_email": "bo@x.example", "properties": {"size": "12"}},
    ),
    document(
        "c", mime_type="application/pdf", container="Shelf", **properties(size="big", ok=True)
    ),
    document(
        "d",
        object_type="Page",
        details={"owner": "Ann Apple", "updated_by": "Cy Core"},
        updated_at=30 * SECOND,
    ),
]


@pytest.fixture
def box(database: Database) -> Database:
    def fill(connection: sa.Connection) -> None:
        repository.ensure_datasource(connection, "box")
        repository.store(connection, DOCUMENTS)

    database.write_now(fill)
    return database


def found(box: Database, *any_of: tuple[Condition, ...]) -> str:
    where = Filters(any_of=any_of)
    listed = box.read_now(catalogue.newest, EVERYONE, where, 10)
    return "".join(sorted(each.external_id for each in listed))


def equal(field: str, *values: Any) -> Condition:
    return Condition(field, values)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (equal("type", "document"), "ab"),
        (equal("type", "PDF", "page"), "cd"),
        (equal("app", "BOX"), "abcd"),
        (equal("container", "shelf"), "c"),
        (equal("author", "ANN APPLE"), "a"),
        (equal("author", "ann"), "a"),
        (equal("author", "an"), ""),
        (equal("owner", "Ann Apple"), "ad"),
        (equal("from", "Ann Apple", "ann@x.example"), "abd"),
        (equal("url", "https://box.example/b"), "b"),
        (equal("size", "3"), "a"),
        (equal("size", "12", "BIG"), "bc"),
        (equal("tags", "y"), "a"),
        (equal("tags", '["x", "y'), ""),
        (equal("ok", "true"), "c"),
        (equal("ok", "false"), ""),
        (equal("absent", "x"), ""),
        (equal('quo"te', "x"), ""),
        (equal("a.b[0]", "x"), ""),
        (equal("{a,b}", "x"), ""),
        (equal("size", "nul\0"), ""),
        (Condition("size", ("3",), Relation.NOT_EQUALS), "bcd"),
        (Condition("absent", ("x",), Relation.NOT_EQUALS), "abcd"),
        (Condition("author", ("ann",), Relation.NOT_EQUALS), "bcd"),
        (Condition("from", ("ann",), Relation.NOT_EQUALS), "bc"),
        (equal("from", "bo@x.example", "Cy Core"), "bd"),
        (equal("author", "bo@x.example"), "b"),
        (Condition("size", ("3",), Relation.GT), "b"),
        (Condition("size", ("3",), Relation.GTE), "ab"),
        (Condition("size", ("12",), Relation.LT), "a"),
        (Condition("size", ("12.0",), Relation.LTE), "ab"),
        (Condition("size", ("art",), Relation.GT), "c"),
        (equal("last_updated_at", Period(10 * SECOND, 20 * SECOND)), "a"),
        (equal("last_updated_at", Period(20 * SECOND, None)), "bd"),
        (equal("last_updated_at", Period(None, 30 * SECOND)), "ab"),
        (
            Condition("last_updated_at", (Period(None, 30 * SECOND),), Relation.NOT_EQUALS),
            "cd",
        ),
    ],
)
def test_condition(box: Database, condition: Condition, expected: str) -> None:
    assert found(box, (condition,)) == expected


def test_conditions_hold_together_and_tuples_are_alternatives(box: Database) -> None:
    size, tag = equal("size", "3"), equal("tags", "z")
    assert found(box, (size, tag)) == ""
    assert found(box, (size, tag), (equal("type", "pdf"),)) == "c"
    assert found(box) == "abcd"


def test_titles_by_beginnings_of_words(box: Database) -> None:
    def titled(typed: str) -> list[str]:
        return [
            each.external_id for each in box.read_now(catalogue.titled, EVERYONE, typed, (), 10)
        ]

    assert titled("the b") == ["b"]
    assert titled("100%_s the a") == ["a"]
    assert titled("%") == titled("_") == titled("") == titled("sure") == titled("\0") == []


def test_named_by_any_name(box: Database) -> None:
    names = [DOCUMENTS[0].id, "https://box.example/b", "c", "absent", "\0"]
    known = box.read_now(catalogue.named, EVERYONE, names)
    assert {name: each.external_id for name, each in known.items()} == {
        DOCUMENTS[0].id: "a",
        "https://box.example/b": "b",
        "c": "c",
    }
