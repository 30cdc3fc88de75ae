"""SQL of documents: what sources bring in, and what somebody may read.

Writes here are what Stook acknowledges; ``backlog`` holds the other half, which brings the
search index up to date with them. A document is *pending* from one to the other.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from stook.errors import InvalidRequest, NotFound
from stook.identity import permissions
from stook.identity.access import visible_to
from stook.identity.permissions import Permissions
from stook.identity.principals import Viewer
from stook.knowledge.store.documents import Document, Reading, SourceDocument, Span
from stook.storage import clock
from stook.storage.tables import datasources, document_texts, documents, passages, pushed_documents
from stook.storage.text import check_storable
from stook.storage.upserts import Row, insert_missing

IDS_PER_QUERY = 500
NAME_CHARACTERS = 200  # of the columns that are this wide
OPERATORS = frozenset({"allowed", "permissions_root", "rules"})  # of a datasource's config
ADDRESS_BYTES = 2000  # a third of a page, more than which PostgreSQL does not index


class Change(enum.StrEnum):
    """What storing a document did to what was known of it."""

    ADDED = "added"
    CONTENT = "content"  # its text, or its title, which is indexed with the text
    ACCESS = "access"  # who may see it, and perhaps details
    DETAILS = "details"  # none of these, but its address, author, times …
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as it stands after it was stored."""

    document_id: str
    version: int
    change: Change

    @property
    def changed(self) -> bool:
        return self.change is not Change.NONE


@dataclass(frozen=True, slots=True)
class Known:
    """What a connector must know of a stored document to see whether it has to read it again."""

    document_id: str
    external_id: str
    content_hash: str
    title: str
    mime_type: str
    author: str
    created_at: int | None
    updated_at: int | None
    details: dict[str, Any]
    access_set_id: int


def ensure_datasource(connection: sa.Connection, name: str, display_name: str = "") -> None:
    """Make a datasource, with its own realm of users and groups, unless it exists."""
    row = {
        "name": name,
        "display_name": display_name or name,
        "realm": name,
        "config": {},
        "created_at": clock.now(),
    }
    insert_missing(connection, datasources, [row])


def known(connection: sa.Connection, datasource: str) -> dict[str, Known]:
    """Every document of a datasource that is not withdrawn and was not pushed, by external id."""
    pushed = sa.select(pushed_documents.c.document_id)
    columns: list[sa.ColumnElement[Any]] = [documents.c.id.label("document_id")]
    columns += [documents.c[name] for name in Known.__slots__ if name != "document_id"]
    rows = connection.execute(
        sa.select(*columns).where(
            documents.c.datasource == datasource,
            documents.c.withdrawn_at.is_(None),
            documents.c.id.not_in(pushed.where(pushed_documents.c.datasource == datasource)),
        )
    )
    return {row.external_id: Known(**row._mapping) for row in rows}


def check(source: SourceDocument) -> None:
    """Raise InvalidRequest, which says why, where one of the databases cannot hold a document."""
    for name in ("datasource", "external_id", "title", "url", "mime_type", "object_type",
                 "container", "publisher", "author", "text"):  # fmt: skip
        check_storable(getattr(source, name), name.replace("_", " "))
    for name in ("datasource", "mime_type", "object_type"):
        if len(getattr(source, name)) > NAME_CHARACTERS:
            what = name.replace("_", " ")
            raise InvalidRequest(f"The {what} is longer than {NAME_CHARACTERS} characters.")
    for name, what in (("external_id", "id or path"), ("url", "address")):
        if len(getattr(source, name).encode()) > ADDRESS_BYTES:
            raise InvalidRequest(f"The {what} is longer than {ADDRESS_BYTES:,} bytes.")


def store(connection: sa.Connection, sources: Sequence[SourceDocument]) -> list[Stored]:
    """Take in documents, each with its text; the same document again changes nothing.

    The answer has one entry for each source, in their order. Datasources must exist.
    """
    return _take_in(connection, sources, _placed)


def confirm(connection: sa.Connection, sources: Sequence[SourceDocument]) -> list[Stored | None]:
    """Take in documents whose text was not read, as their bytes are those already stored.

    ``text`` and the times are ignored. None stands for a document that must be read after
    all, because it changed or was withdrawn meanwhile.
    """
    return _take_in(connection, sources, _confirmed)


def withdraw(connection: sa.Connection, document_ids: Iterable[str]) -> list[str]:
    """From now on nobody sees these documents; gives those that were there."""
    gone: list[str] = []
    for some in in_portions(document_ids):
        change = (
            sa.update(documents)
            .where(documents.c.id.in_(some), documents.c.withdrawn_at.is_(None))
            .values(withdrawn_at=clock.now())
            .returning(documents.c.id)
        )
        gone += connection.scalars(change)
    return gone


def get(connection: sa.Connection, viewer: Viewer, id_or_url: str) -> Document:
    """A document by its id, its address or its source's own id; raises NotFound."""
    found = connection.execute(
        sa.select(*_document_columns())
        .where(visible_to(viewer), _named(id_or_url))
        .order_by(documents.c.id)
        .limit(1)
    ).one_or_none()
    if found is None:
        raise NotFound(f"There is no document {id_or_url}, or you may not see it.")
    return Document(**found._mapping)


def text_of(connection: sa.Connection, viewer: Viewer, document_id: str) -> str:
    """The text whose passages are searchable now (or will be first); raises NotFound."""
    version = sa.func.coalesce(documents.c.served_version, documents.c.version)
    found: str | None = connection.scalar(
        sa.select(document_texts.c.text)
        .join(documents, documents.c.id == document_texts.c.document_id)
        .where(visible_to(viewer), documents.c.id == document_id)
        .where(document_texts.c.version == version)
    )
    if found is None:
        raise NotFound(f"There is no document {document_id}, or you may not see it.")
    return found


def reading_of(connection: sa.Connection, viewer: Viewer, document_id: str) -> Reading:
    """How the text of ``text_of`` was read; raises NotFound."""
    version = sa.func.coalesce(documents.c.served_version, documents.c.version)
    found = connection.execute(
        sa.select(document_texts.c.notes, document_texts.c.places)
        .join(documents, documents.c.id == document_texts.c.document_id)
        .where(visible_to(viewer), documents.c.id == document_id)
        .where(document_texts.c.version == version)
    ).one_or_none()
    if found is None:
        raise NotFound(f"There is no document {document_id}, or you may not see it.")
    places = tuple((offset, label) for offset, label in found.places)
    return Reading(tuple(found.notes), places)


def passage_at(connection: sa.Connection, viewer: Viewer, document_id: str, span: Span) -> str:
    """The text of the passages that a span of a document lies in; empty where there are none."""
    query = (
        sa.select(sa.func.min(passages.c.start), sa.func.max(passages.c.end))
        .join(documents, documents.c.id == passages.c.document_id)
        .where(visible_to(viewer), documents.c.id == document_id)
        .where(passages.c.version == documents.c.served_version)
        .where(passages.c.start < span.end, passages.c.end > span.start)
    )
    first, last = connection.execute(query).one()
    if first is None:
        return ""
    return text_of(connection, viewer, document_id)[first:last]


def in_portions(ids: Iterable[str]) -> list[list[str]]:
    """Ids in sorted lists that are short enough to be the parameters of one statement."""
    ordered = sorted(set(ids))
    return [ordered[at : at + IDS_PER_QUERY] for at in range(0, len(ordered), IDS_PER_QUERY)]


def _document_columns() -> list[sa.Column[Any]]:
    return [documents.c[name] for name in Document.__slots__]


def _named(id_or_url: str) -> sa.ColumnElement[bool]:
    return sa.or_(
        documents.c.id == id_or_url,
        documents.c.url == id_or_url,
        documents.c.external_id == id_or_url,
    )


# --- taking in ---------------------------------------------------------------------------------


@dataclass(slots=True)
class _Writes:
    """The rows that one batch writes, gathered so that each statement runs once."""

    added: list[Row]
    updated: list[Row]
    texts: list[Row]
    unserved: list[str]  # documents that come back after they were withdrawn


Outcome = Stored | None
Place = Callable[[SourceDocument, int, "sa.Row[Any] | None", _Writes], Outcome]


def _take_in(
    connection: sa.Connection, sources: Sequence[SourceDocument], place: Place
) -> list[Any]:
    rows = _locked_rows(connection, sources)
    access_sets = {some: permissions.intern(connection, some) for some in _distinct(sources)}
    writes = _Writes([], [], [], [])
    outcomes: dict[str, Outcome] = {}
    for source in {source.id: source for source in sources}.values():
        access_set = access_sets[source.permissions]
        outcomes[source.id] = place(source, access_set, rows.get(source.id), writes)
    _execute(connection, writes)
    return [outcomes[source.id] for source in sources]


def _distinct(sources: Sequence[SourceDocument]) -> list[Permissions]:
    return list(dict.fromkeys(source.permissions for source in sources))


def _locked_rows(
    connection: sa.Connection, sources: Sequence[SourceDocument]
) -> dict[str, sa.Row[Any]]:
    """The rows there are, locked in the order of their ids, so that writers never deadlock."""
    found: dict[str, sa.Row[Any]] = {}
    for some in in_portions(source.id for source in sources):
        rows = connection.execute(
            sa.select(documents)
            .where(documents.c.id.in_(some))
            .order_by(documents.c.id)
            .with_for_update()
        )
        found |= {row.id: row for row in rows}
    return found


def _placed(
    source: SourceDocument, access_set: int, row: sa.Row[Any] | None, writes: _Writes
) -> Stored:
    if row is None:
        return _add(source, access_set, writes)
    if row.withdrawn_at is not None:
        writes.unserved.append(source.id)
        return _update(source, access_set, row.version + 1, Change.ADDED, writes)
    if (row.content_hash, row.title) != (source.content_hash, source.title):
        return _update(source, access_set, row.version + 1, Change.CONTENT, writes)
    return _refresh(source, access_set, row, writes)


def _confirmed(
    source: SourceDocument, access_set: int, row: sa.Row[Any] | None, writes: _Writes
) -> Stored | None:
    if row is None or row.withdrawn_at is not None or row.content_hash != source.content_hash:
        return None
    return _refresh(source, access_set, row, writes)


def _add(source: SourceDocument, access_set: int, writes: _Writes) -> Stored:
    writes.added.append(
        {"id": source.id, "served_version": None} | _values(source, access_set, version=1)
    )
    writes.texts.append(_text_row(source, 1))
    return Stored(source.id, 1, Change.ADDED)


def _update(
    source: SourceDocument, access_set: int, version: int, change: Change, writes: _Writes
) -> Stored:
    writes.updated.append({"key": source.id} | _values(source, access_set, version))
    writes.texts.append(_text_row(source, version))
    return Stored(source.id, version, change)


def _text_row(source: SourceDocument, version: int) -> Row:
    return {
        "document_id": source.id,
        "version": version,
        "text": source.text,
        "notes": source.notes,
        "places": source.places,
    }


def _refresh(source: SourceDocument, access_set: int, row: sa.Row[Any], writes: _Writes) -> Stored:
    """Bring everything but the text up to date."""
    values = _values(source, access_set, row.version)
    different = {
        name for name in values if name != "stored_at" and values[name] != row._mapping[name]
    }
    if not different:
        return Stored(source.id, row.version, Change.NONE)
    writes.updated.append({"key": source.id} | values)
    change = Change.ACCESS if "access_set_id" in different else Change.DETAILS
    return Stored(source.id, row.version, change)


def _values(source: SourceDocument, access_set: int, version: int) -> dict[str, Any]:
    return {
        "datasource": source.datasource,
        "external_id": source.external_id,
        "title": source.title,
        "url": source.url,
        "mime_type": source.mime_type,
        "object_type": source.object_type,
        "container": source.container,
        "publisher": source.publisher,
        "author": source.author,
        "details": source.details,
        "access_set_id": access_set,
        "content_hash": source.content_hash,
        "version": version,
        "created_at": source.created_at,
        "updated_at": source.updated_at,
        "stored_at": clock.now(),
        "withdrawn_at": None,
    }


def _execute(connection: sa.Connection, writes: _Writes) -> None:
    if writes.added:  # in the order in which everybody locks them
        connection.execute(sa.insert(documents), sorted(writes.added, key=lambda row: row["id"]))
    if writes.updated:
        names = [name for name in writes.updated[0] if name != "key"]
        change = sa.update(documents).where(documents.c.id == sa.bindparam("key"))
        connection.execute(
            change.values({name: sa.bindparam(name) for name in names}), writes.updated
        )
    if writes.unserved:
        unserved = documents.c.id.in_(writes.unserved)
        connection.execute(sa.update(documents).where(unserved).values(served_version=None))
        connection.execute(sa.delete(passages).where(passages.c.document_id.in_(writes.unserved)))
    if writes.texts:
        connection.execute(sa.insert(document_texts), writes.texts)
