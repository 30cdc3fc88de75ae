"""What a container covers: paths, pages in pages, addresses."""

from __future__ import annotations

import pytest

from stook.identity import users
from stook.identity.permissions import EVERYONE_MAY_READ, ORGANISATION, Permissions, Subject
from stook.identity.principals import EVERYONE, Principal
from stook.knowledge.store import repository
from stook.knowledge.store.containers import documents_below
from stook.knowledge.store.documents import SourceDocument, document_id
from stook.storage.database import Database

ANN = "ann@example.com"
ANN_ONLY = Permissions(users=frozenset({Subject(ORGANISATION, ANN)}))
PLACES = {  # name: where it is
    "guides/leave.md": "guides",
    "guides/pay/bonus.md": "guides/pay",
    "guidesbook.md": "guidesbook",
    "space": "",
    "page": "space",
    "child": "https://notes.example/page",
    "grandchild": document_id("notes", "child"),
    "loop": "pool",
    "pool": "loop",
}


def _document(name: str, container: str, permissions: Permissions) -> SourceDocument:
    return SourceDocument(
        datasource="notes",
        external_id=name,
        title=name,
        url=f"https://notes.example/{name}",
        mime_type="text/plain",
        text=name,
        content_hash=name,
        permissions=permissions,
        container=container,
    )


@pytest.fixture
def stored(database: Database) -> Database:
    documents = [_document(*place, EVERYONE_MAY_READ) for place in PLACES.items()]
    documents += [
        _document("hidden", "space", ANN_ONLY),
        _document("below hidden", "hidden", EVERYONE_MAY_READ),
    ]
    database.write_now(users.add, ANN)
    database.write_now(repository.ensure_datasource, "notes")
    database.write_now(repository.store, documents)
    return database


CASES = [
    ({"guides"}, {"guides/leave.md", "guides/pay/bonus.md"}),
    ({"guides/pay"}, {"guides/pay/bonus.md"}),
    ({"guide"}, set()),
    ({"space"}, {"page", "child", "grandchild"}),
    ({"https://notes.example/space"}, {"page", "child", "grandchild"}),
    ({document_id("notes", "page")}, {"child", "grandchild"}),
    ({"https://notes.example/guides"}, {"guides/leave.md", "guides/pay/bonus.md"}),
    ({"loop"}, {"pool", "loop"}),
    ({"guides/pay", "page"}, {"guides/pay/bonus.md", "child", "grandchild"}),
    (set(), set()),
    ({""}, set()),
]


@pytest.mark.parametrize(("names", "expected"), CASES)
def test_what_is_below(stored: Database, names: set[str], expected: set[str]) -> None:
    found = stored.read_now(documents_below, EVERYONE, names)
    assert found == {document_id("notes", name) for name in expected}


def test_a_container_that_one_may_not_see_leads_nowhere(stored: Database) -> None:
    hidden = {document_id("notes", name) for name in ("hidden", "below hidden")}
    assert not hidden & stored.read_now(documents_below, EVERYONE, {"space"})
    assert hidden <= stored.read_now(documents_below, Principal(ANN), {"space"})
