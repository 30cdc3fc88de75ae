"""Items that clients publish one by one: a file with what its client says of it.

What is said stays said: it holds over what the file says of itself, also when another version of
the file comes, until the client says something else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from stook.errors import NotFound
from stook.identity.access import visible_to
from stook.identity.permissions import Permissions
from stook.identity.principals import Principal
from stook.knowledge.ingestion.parsing.parser import Parser
from stook.knowledge.intake import datasources as configured
from stook.knowledge.intake import documents as pushed
from stook.knowledge.intake.definitions import Content, Grants, external_id
from stook.knowledge.intake.publishers import Publisher
from stook.knowledge.store import repository
from stook.knowledge.store.conditions import PROPERTIES
from stook.knowledge.store.documents import SourceDocument
from stook.storage.tables import document_texts, documents, pushed_documents
from stook.storage.text import is_storable

SAID, FACTS = "said", "facts"  # in a document's details
NO_SUCH_ITEM = "The publisher has no such item."


@dataclass(frozen=True, slots=True)
class Said:
    """What a client says of an item; None: nothing. Times are microseconds since the epoch, UTC."""

    title: str | None = None
    url: str | None = None
    kind: str | None = None
    authors: tuple[str, ...] | None = None
    published_at: int | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)

    def over(self, before: Said) -> Said:
        """This, and what was said before of everything else."""
        values = {name: getattr(self, name) for name in Said.__slots__}
        kept = {name: getattr(before, name) for name, value in values.items() if value is None}
        return Said(**values | kept | {"properties": {**before.properties, **self.properties}})


@dataclass(frozen=True, slots=True)
class Facts:
    """What the file says of itself. ``hash`` is of its bytes."""

    title: str
    author: str
    mime_type: str
    hash: str
    filename: str
    created_at: int | None = None
    updated_at: int | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read."""

    facts: Facts
    text: str


@dataclass(frozen=True, slots=True)
class Listed:
    """An item as a list shows it; ``searchable``: its newest version is found."""

    id: str
    title: str
    filename: str
    searchable: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """An item as it is stored, with the text of its newest version."""

    id: str
    external_id: str
    details: dict[str, Any]
    text: str
    grants: Grants


@dataclass(frozen=True, slots=True)
class Taken:
    """An item that was taken in; ``changed``: it was not there, or not the same."""

    document_id: str
    changed: bool


async def read(parser: Parser, content: Content, filename: str) -> Read:
    """What is in a file; raises UnreadableDocument."""
    parsed = await parser.parse_bytes(content.data, filename, content.mime_type or None)
    digest = hashlib.sha256(content.data).hexdigest()
    facts = Facts(
        title=parsed.title,
        author=parsed.author,
        mime_type=parsed.mime_type,
        hash=digest,
        filename=filename,
        created_at=parsed.created_at,
        updated_at=parsed.updated_at,
    )
    return Read(facts, parsed.text)


def take_in(
    connection: sa.Connection, publisher: Publisher, own_id: str | None, file: Read, said: Said
) -> Taken:
    """Store a file as an item, or as the next version of the item of that id.

    Without an id it is known by its bytes: the same file is the same item.
    """
    name = own_id or f"sha256-{file.facts.hash}"
    known = _find(connection, publisher, name)
    if known is not None and own_id is None and said == Said():
        return Taken(known.id, False)
    if known is None:
        return _store(connection, publisher, external_id("", name), file, said)
    return _store(connection, publisher, known.external_id, file, said.over(_said(known)))


def describe(connection: sa.Connection, publisher: Publisher, name: str, said: Said) -> Taken:
    """Say something of an item, named by its id here or by its publisher's; raises NotFound.

    Who may see it stays as it is, whoever brought it.
    """
    known = _find(connection, publisher, name)
    if known is None or FACTS not in known.details:
        raise NotFound(NO_SUCH_ITEM)
    file = Read(Facts(**known.details[FACTS]), known.text)
    publisher = replace(publisher, grants=known.grants)
    return _store(connection, publisher, known.external_id, file, said.over(_said(known)))


def listing(
    connection: sa.Connection, principal: Principal, datasource: str, limit: int
) -> list[Listed]:
    """The items of a publisher that the person may see, the newest first."""
    column = documents.c
    own = _seen_by(principal).where(column.datasource == datasource)
    rows = connection.execute(own.order_by(column.stored_at.desc(), column.id).limit(limit))
    return [_listed(row) for row in rows]


def shown(connection: sa.Connection, principal: Principal, item_id: str) -> Listed:
    """An item that the person may see; raises NotFound."""
    query = _seen_by(principal).where(documents.c.id == item_id)
    row = connection.execute(query).first() if is_storable(item_id) else None
    if row is None:
        raise NotFound("There is no such item, or you may not see it.")
    return _listed(row)


def _seen_by(principal: Principal) -> sa.Select[Any]:
    column = documents.c
    return (
        sa.select(column.id, column.title, column.details, column.version, column.served_version)
        .join(pushed_documents, pushed_documents.c.document_id == column.id)
        .where(visible_to(principal), column.withdrawn_at.is_(None))
    )


def _listed(row: sa.Row[Any]) -> Listed:
    facts = row.details.get(FACTS) or {}
    searchable = row.served_version == row.version
    return Listed(row.id, row.title, facts.get("filename", ""), searchable)


def require(connection: sa.Connection, publisher: Publisher, name: str) -> None:
    """Raise NotFound where the publisher has no item that is called so."""
    if _find(connection, publisher, name) is None:
        raise NotFound(NO_SUCH_ITEM)


def _store(
    connection: sa.Connection, publisher: Publisher, name: str, file: Read, said: Said
) -> Taken:
    facts, datasource = file.facts, publisher.datasource
    source = SourceDocument(
        datasource=datasource.name,
        external_id=name,
        title=said.title or facts.title,
        url=said.url or f"item:{datasource.name}/{name}",
        mime_type=facts.mime_type,
        text=file.text,
        content_hash=hashlib.sha256(file.text.encode()).hexdigest(),
        permissions=Permissions(),  # the grants are put in their place
        object_type=said.kind or "",
        author=", ".join(said.authors) if said.authors is not None else facts.author,
        created_at=said.published_at or facts.created_at,
        updated_at=facts.updated_at,
        details={SAID: _to_json(said), FACTS: asdict(facts), PROPERTIES: dict(said.properties)},
    )
    configured.check_url(datasource, source.url)
    repository.check(source)
    changed = pushed.store(connection, datasource, [source], [publisher.grants])
    return Taken(source.id, bool(changed))


def _to_json(said: Said) -> dict[str, Any]:
    authors = None if said.authors is None else list(said.authors)
    return asdict(said) | {"authors": authors}


def _said(known: _Known) -> Said:
    held = known.details.get(SAID)
    if not held:
        return Said()
    authors = held["authors"]
    return Said(**held | {"authors": None if authors is None else tuple(authors)})


def _find(connection: sa.Connection, publisher: Publisher, name: str) -> _Known | None:
    """An item by its id here, or by its publisher's own."""
    if not is_storable(name):
        return None
    column = documents.c
    query = (
        sa.select(column.id, column.external_id, column.details, document_texts.c.text)
        .add_columns(pushed_documents.c.permissions)
        .join(pushed_documents, pushed_documents.c.document_id == column.id)
        .join(document_texts, document_texts.c.document_id == column.id)
        .where(column.datasource == publisher.datasource.name, column.withdrawn_at.is_(None))
        .where(document_texts.c.version == column.version)
        .where(sa.or_(column.id == name, column.external_id == external_id("", name)))
        .order_by(sa.case((column.id == name, 0), else_=1))
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    grants = Grants.from_json(row.permissions)
    return _Known(row.id, row.external_id, row.details, row.text, grants)
