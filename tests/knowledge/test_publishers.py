"""Publishers and their items on both databases: names, grants, and what is said of items."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from stook.errors import Forbidden, InvalidRequest, NotFound
from stook.identity import oauth, users
from stook.identity.permissions import EVERYONE_MAY_READ, ORGANISATION, Permissions, Subject
from stook.identity.principals import Principal
from stook.knowledge.intake import datasources, documents, items, publishers
from stook.knowledge.intake.definitions import Datasource
from stook.knowledge.intake.items import Facts, Read, Said
from stook.knowledge.intake.publishers import Publisher
from stook.knowledge.store import repository
from stook.knowledge.store.documents import Filters
from stook.storage.database import Database
from stook.storage.tables import documents as table

ANN, BOB = "ann@example.com", "bob@example.com"
ONLY_ANN = Permissions(users=frozenset({Subject(ORGANISATION, ANN)}))
ANNS_GROUP = Permissions(clauses=frozenset({frozenset({Subject(ORGANISATION, "editors")})}))


@pytest.fixture
def client(database: Database) -> str:
    """The id of a client of Ann's."""
    for email in (ANN, BOB):
        database.write_now(users.add, email)
    return database.write_now(oauth.create_client, "press", ANN).client_id


def publisher(
    database: Database, client: str, name: str, allowed: Permissions = EVERYONE_MAY_READ
) -> Publisher:
    database.write_now(publishers.grant, client, name, allowed)
    return database.read_now(publishers.require, client, name)


def file(text: str, title: str = "A title") -> Read:
    return Read(Facts(title, "Its author", "text/plain", f"hash of {text}", "a.txt"), text)


def test_a_publisher_is_known_by_its_name_and_its_shown_name(
    database: Database, client: str
) -> None:
    for name, shown in (("fern", "Fern Press"), ("moss", ""), ("other", "MOSS")):
        database.write_now(publishers.grant, client, name, EVERYONE_MAY_READ, shown)

    def meant(*given: str) -> Filters:
        return database.read_now(publishers.filters, given)

    assert meant() == Filters()
    assert meant("FERN") == meant(" fern press ") == Filters(datasources=frozenset({"fern"}))
    assert meant("Moss") == Filters(datasources=frozenset({"moss", "other"}))
    assert meant("fern", "nobody").any_of[0][0].values == ("fern",)
    assert meant("nobody").any_of[0][0].values == ("nobody",)
    assert meant("").any_of == meant(" ").any_of != ()
    for given in ("fern", "Fern Press"):
        found = database.read_now(publishers.require, client, given)
        assert found.datasource.name == "fern"


def test_only_what_is_granted_may_be_pushed_into(database: Database, client: str) -> None:
    database.write_now(repository.ensure_datasource, "wiki")
    other = database.write_now(oauth.create_client, "other", ANN).client_id
    publisher(database, client, "fern")
    for asking, name in ((client, "wiki"), (other, "fern"), (None, "fern"), (client, "x\0"),
                         (client, "chat files"), (client, "")):  # fmt: skip
        with pytest.raises(Forbidden):
            database.read_now(publishers.require, asking, name)
    assert database.read_now(publishers.granted) == {client: ["fern"]}
    database.write_now(publishers.withdraw, client, "fern")
    with pytest.raises(Forbidden):
        database.read_now(publishers.require, client, "fern")
    with pytest.raises(NotFound):
        database.write_now(publishers.withdraw, client, "fern")


def test_grants_that_cannot_be_meant(database: Database, client: str) -> None:
    with pytest.raises(NotFound):
        database.write_now(publishers.grant, "nobody", "fern", EVERYONE_MAY_READ)
    with pytest.raises(InvalidRequest):
        database.write_now(publishers.grant, client, "no name", EVERYONE_MAY_READ)
    database.write_now(datasources.put, Datasource("wiki", "Wiki", realm="wiki"))
    with pytest.raises(InvalidRequest, match="users and groups of its own"):
        database.write_now(publishers.grant, client, "wiki", ONLY_ANN)
    database.write_now(publishers.grant, client, "wiki", EVERYONE_MAY_READ)


def may_see(database: Database, document: str) -> list[str]:
    return [email for email in (ANN, BOB) if database.read_now(documents.may_see, email, document)]


def test_the_grant_says_who_sees_an_item(database: Database, client: str) -> None:
    for name, allowed, seeing in (
        ("open", EVERYONE_MAY_READ, [ANN, BOB]),
        ("anns", ONLY_ANN, [ANN]),
        ("editors", ANNS_GROUP, []),
    ):
        into = publisher(database, client, name, allowed)
        taken = database.write_now(items.take_in, into, None, file("Text."), Said())
        assert taken.changed and may_see(database, taken.document_id) == seeing
    seen = database.read_now(publishers.is_known, Principal(BOB), "open")
    assert seen and not database.read_now(publishers.is_known, Principal(BOB), "anns")


def test_describing_an_item_opens_it_to_nobody(database: Database, client: str) -> None:
    closed = publisher(database, client, "fern", ONLY_ANN)
    taken = database.write_now(items.take_in, closed, "one", file("Text."), Said())
    other = database.write_now(oauth.create_client, "other", BOB).client_id
    wider = publisher(database, other, "fern", EVERYONE_MAY_READ)
    said = Said(title="Mine now")
    assert database.write_now(items.describe, wider, "one", said).changed
    assert may_see(database, taken.document_id) == [ANN]


def stored(connection: sa.Connection, document: str) -> tuple[object, ...]:
    columns = (table.c.title, table.c.author, table.c.version, table.c.created_at)
    return tuple(connection.execute(sa.select(*columns).where(table.c.id == document)).one())


def test_what_is_said_holds_over_what_the_file_says(database: Database, client: str) -> None:
    into = publisher(database, client, "fern")
    taken = database.write_now(items.take_in, into, "One", file("Text."), Said())
    assert database.read_now(stored, taken.document_id) == ("A title", "Its author", 1, None)
    said = Said(title="Said", authors=("Ann", "Bob"), published_at=5, properties={"tags": ["a"]})
    assert database.write_now(items.describe, into, "one", said) == taken
    assert database.read_now(stored, taken.document_id) == ("Said", "Ann, Bob", 2, 5)
    again = database.write_now(items.describe, into, taken.document_id, Said(kind="Note"))
    assert again.changed
    assert not database.write_now(items.describe, into, "one", said).changed
    newer = file("Another text.", "Another title")
    assert database.write_now(items.take_in, into, "ONE", newer, Said()) == taken
    assert database.read_now(stored, taken.document_id) == ("Said", "Ann, Bob", 3, 5)


def test_the_same_bytes_are_the_same_item(database: Database, client: str) -> None:
    into = publisher(database, client, "fern")
    first = database.write_now(items.take_in, into, None, file("Text."), Said())
    second = database.write_now(items.take_in, into, None, file("Text.", "Renamed"), Said())
    assert (first.document_id, second.changed) == (second.document_id, False)
    with pytest.raises(NotFound):
        database.write_now(items.describe, into, "unknown", Said())
    elsewhere = publisher(database, client, "moss")
    with pytest.raises(NotFound):
        database.read_now(items.require, elsewhere, first.document_id)
