"""Documents and datasources as administrators see and remove them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from stook.errors import Conflict, NotFound
from stook.identity import audit, users
from stook.identity.access import Explanation, explain_access
from stook.identity.audit import Action, Actor
from stook.identity.principals import Principal, Viewer
from stook.knowledge.ingestion.worker import index_soon
from stook.knowledge.store import administration, inventory, repository
from stook.knowledge.store.administration import OPERATOR, Details
from stook.knowledge.store.documents import Document, Reading
from stook.knowledge.store.inventory import Holding, Listed, ListedPassage, Sort, Wanted
from stook.runtime import Runtime
from stook.storage.pages import Page, Place

AT_ONCE = 2000  # documents of a datasource that are taken out of the index while one waits


@dataclass(frozen=True, slots=True)
class Inspected:
    """A document, and all that is known of it but for its text."""

    document: Document
    details: Details
    reading: Reading


@dataclass(frozen=True, slots=True)
class Reader:
    """A person, and whether and why they may see a document."""

    email: str
    name: str
    access: Explanation


@dataclass(frozen=True, slots=True)
class Removed:
    """How many documents went; ``complete``: the datasource itself, too."""

    documents: int
    complete: bool


def find(
    connection: sa.Connection,
    person: str,
    wanted: Wanted,
    sort: Sort,
    descending: bool,
    after: Place | None,
    size: int,
) -> tuple[Page[Listed], int]:
    """A page of documents, and how many there are: all, or what a person sees."""
    seen_by = seen_as(connection, person)
    page = inventory.find(connection, seen_by, wanted, sort, descending, after, size)
    return page, inventory.count(connection, seen_by, wanted)


def holdings(connection: sa.Connection, person: str) -> list[Holding]:
    """Every datasource with how much is in it: in all, or for a person."""
    return inventory.holdings(connection, seen_as(connection, person))


def seen_as(connection: sa.Connection, person: str) -> Viewer:
    """Whoever sees everything, or a person; raises NotFound."""
    return acting_as(connection, person) if person else OPERATOR


def acting_as(connection: sa.Connection, person: str) -> Principal:
    """A person as whom something is looked at; raises NotFound."""
    user = users.find(connection, person)
    if user is None:
        raise NotFound("There is no such person.")
    return Principal(email=user.email, name=user.name)


def inspect(connection: sa.Connection, document_id: str) -> Inspected:
    """All that is known of a document; raises NotFound."""
    details = administration.details(connection, document_id)
    document = repository.get(connection, OPERATOR, document_id)
    reading = repository.reading_of(connection, OPERATOR, document_id)
    return Inspected(document, details, reading)


def passages(
    connection: sa.Connection, document_id: str, after: int, size: int
) -> list[ListedPassage]:
    """A document's searchable passages behind an ordinal; raises NotFound."""
    places = repository.reading_of(connection, OPERATOR, document_id).places
    return inventory.list_passages(connection, OPERATOR, document_id, after, size, places)


def viewers(
    connection: sa.Connection, document_id: str, words: str, after: Place | None, size: int
) -> Page[Reader]:
    """Active people by address, and of each whether and why they may see a document."""
    administration.details(connection, document_id)
    people = users.find_all(connection, words, active=True, after=after, size=size)
    found = []
    for user in people.items:
        principal = Principal(email=user.email, name=user.name)
        (access,) = explain_access(connection, principal, document_id)
        found.append(Reader(user.email, user.name, access))
    return Page(found, people.next)


async def remove(runtime: Runtime, actor: Actor, document_id: str) -> None:
    """Remove a document: nobody sees it from now on, and the index forgets it soon."""
    gone = await runtime.database.write(_withdraw, actor, document_id)
    index_soon(gone)


def _withdraw(connection: sa.Connection, actor: Actor, document_id: str) -> list[str]:
    document = administration.details(connection, document_id).entry
    details = {"title": document.title, "datasource": document.datasource}
    audit.record(connection, actor, Action.DOCUMENT_REMOVED, document_id, **details)
    return repository.withdraw(connection, [document_id])


async def remove_datasource(runtime: Runtime, actor: Actor, name: str) -> Removed:
    """Remove a datasource with its documents, people and groups; raises NotFound.

    Nobody sees its documents from now on. Of a large one the index forgets the rest later; the
    datasource goes when it is removed once more.
    """
    gone = await runtime.database.write(_withdraw_all, actor, name)
    for portion in repository.in_portions(gone[:AT_ONCE]):
        await runtime.ingestion.index(portion)
    index_soon(gone[AT_ONCE:])
    try:
        await runtime.database.write(administration.remove_datasource, name)
    except Conflict:
        return Removed(len(gone), complete=False)
    return Removed(len(gone), complete=True)


def _withdraw_all(connection: sa.Connection, actor: Actor, name: str) -> list[str]:
    gone = repository.withdraw(connection, administration.ids_of(connection, name))
    audit.record(connection, actor, Action.DATASOURCE_REMOVED, name, documents=len(gone))
    return gone
