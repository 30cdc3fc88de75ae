"""Long lists of documents: found, sorted and cut by the database, on both of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from stook.identity import users
from stook.identity.permissions import EVERYONE_MAY_READ, ORGANISATION, Permissions, Subject
from stook.identity.principals import Principal, Viewer
from stook.knowledge.ingestion import backlog, cutting
from stook.knowledge.ingestion.backlog import PendingText
from stook.knowledge.store import inventory, repository
from stook.knowledge.store.administration import OPERATOR
from stook.knowledge.store.documents import Chunk, SourceDocument, Span
from stook.knowledge.store.inventory import Listed, Sort, State, Wanted
from stook.storage.database import Database

RITA = "rita@alderbrook.example"
HERS = Permissions(users=frozenset({Subject(ORGANISATION, RITA)}))
NOBODYS = Permissions()
TITLES = ("Zebra", "apple", "Apple", "100% wool", "under_score", "Zebra", "Zebra")


def source(number: int, title: str) -> SourceDocument:
    return SourceDocument(
        datasource="even" if number % 2 == 0 else "odd",
        external_id=f"{number}",
        title=title,
        url=f"https://a.example/{number}",
        mime_type="text/plain",
        text="First words.\n\nSecond words.",
        content_hash=f"{number}",
        permissions=(EVERYONE_MAY_READ, HERS, NOBODYS)[number % 3],
        updated_at=number // 2,
        notes=("2 pages were not read.",) if number == 3 else (),
        places=((0, "page 1"), (14, "page 2")),
    )


@pytest.fixture
def filled(database: Database) -> Database:
    def fill(connection: sa.Connection) -> None:
        users.add(connection, RITA)
        for name in ("even", "odd", "empty"):
            repository.ensure_datasource(connection, name)
        sources = [source(number, title) for number, title in enumerate(TITLES)]
        for stored in repository.store(connection, sources)[:4]:
            text = PendingText(stored.document_id, stored.version, "", "", 1, "")
            spans = (Span(0, 12), Span(14, 27))
            chunks = [Chunk(n, span, ("Words",), (span,)) for n, span in enumerate(spans)]
            cut = cutting.passages("First words.\n\nSecond words.", chunks)
            assert backlog.serve(connection, text, cut)

    database.write_now(fill)
    return database


def walked(
    database: Database,
    wanted: Wanted,
    sort: Sort = Sort.TITLE,
    descending: bool = False,
    viewer: Viewer = OPERATOR,
) -> Iterator[Listed]:
    """All of a list, two at a time."""
    place = None
    while True:
        page = database.read_now(inventory.find, viewer, wanted, sort, descending, place, 2)
        yield from page.items
        place = page.next
        if place is None:
            return


def numbers(listed: Iterator[Listed]) -> list[int]:
    return [int(each.url.rpartition("/")[2]) for each in listed]


def test_pages_hold_every_document_once_and_in_order(filled: Database) -> None:
    for sort, descending in itertools.product(Sort, (False, True)):
        listed = list(walked(filled, Wanted(), sort, descending))
        assert sorted(numbers(iter(listed))) == list(range(len(TITLES))), (sort, descending)
        values = [_sorted_by(each, sort) for each in listed]
        if sort is Sort.TITLE:  # in the database's own order; the same titles stand together
            assert len(list(itertools.groupby(values))) == len(set(values))
        else:
            assert values == sorted(values, reverse=descending), sort


def _sorted_by(listed: Listed, sort: Sort) -> Any:
    return {
        Sort.TITLE: listed.title.lower(),
        Sort.DATASOURCE: listed.datasource,
        Sort.CHANGED: listed.changed_at,
        Sort.STORED: listed.stored_at,
    }[sort]


NARROWED: list[tuple[Wanted, set[int]]] = [
    (Wanted("zebra"), {0, 5, 6}),
    (Wanted("zebra a.example/5"), {5}),
    (Wanted("0% w"), {3}),  # a sign that LIKE knows
    (Wanted("r_s"), {4}),
    (Wanted("no such"), set()),
    (Wanted("\0"), set()),
    (Wanted(datasource="odd"), {1, 3, 5}),
    (Wanted(state=State.PENDING), {4, 5, 6}),
    (Wanted(state=State.NOTED), {3}),
    (Wanted("zebra", "even", State.PENDING), {6}),
]


def test_a_list_is_narrowed(filled: Database) -> None:
    for wanted, expected in NARROWED:
        assert set(numbers(walked(filled, wanted))) == expected, wanted
        assert filled.read_now(inventory.count, OPERATOR, wanted) == len(expected)


def test_a_person_is_listed_what_they_may_see(filled: Database) -> None:
    rita, stranger = Principal(email=RITA), Principal(email="nobody@alderbrook.example")
    assert set(numbers(walked(filled, Wanted(), viewer=rita))) == {0, 1, 3, 4, 6}
    assert list(walked(filled, Wanted(), viewer=stranger)) == []
    held = {each.name: each.documents for each in filled.read_now(inventory.holdings, rita)}
    assert held == {"even": 3, "odd": 2, "empty": 0}


def test_datasources_tell_what_is_in_them(filled: Database) -> None:
    even, odd, empty = sorted(
        filled.read_now(inventory.holdings, OPERATOR), key=lambda each: -each.documents
    )
    assert (even.documents, even.pending, odd.documents, odd.pending) == (4, 2, 3, 1)
    assert (empty.documents, empty.pending, empty.stored_at) == (0, 0, None)
    assert even.stored_at is not None and even.stored_at >= even.created_at


def test_passages_come_in_their_order_with_their_page(filled: Database) -> None:
    (document,) = [each for each in walked(filled, Wanted()) if each.url.endswith("/3")]
    places = ((0, "page 1"), (14, "page 2"))
    first, second = filled.read_now(inventory.list_passages, OPERATOR, document.id, -1, 9, places)
    assert (first.text, first.place, second.text, second.place) == (
        "First words.", "page 1", "Second words.", "page 2",
    )  # fmt: skip
    behind = filled.read_now(inventory.list_passages, OPERATOR, document.id, 0, 9, places)
    assert behind == [second] and second.heading_path == ("Words",)
