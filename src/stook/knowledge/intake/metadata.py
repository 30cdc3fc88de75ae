"""SQL of custom metadata: what somebody else than a document's source says of it, in groups.

A group has a schema, which names its keys. What documents have is kept beside them, survives that
they are pushed again, and goes with them. Keys that are to be indexed count as properties: searches
filter by them, and facets count them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from stook.errors import InvalidRequest, NotFound
from stook.knowledge.store.conditions import METADATA
from stook.storage import clock
from stook.storage.tables import document_metadata, documents, metadata_groups, pushed_documents
from stook.storage.text import check_storable
from stook.storage.upserts import upsert

LONGEST_NAME = 200
NO_GROUP = "There is no group of custom metadata with this name; put its schema first."
NO_DOCUMENT = "There is no pushed document with this id."


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a group. ``kind`` is TEXT, PICKLIST, TEXTLIST or MULTIPICKLIST."""

    name: str
    kind: str
    skip_indexing: bool = False


def put_schema(connection: sa.Connection, group: str, keys: Sequence[Key]) -> None:
    """Make a group or replace its keys; raises InvalidRequest."""
    check_storable(group + "".join(key.name for key in keys), "name")
    if not group.strip() or len(group) > LONGEST_NAME:
        raise InvalidRequest(f"groupName: give 1 to {LONGEST_NAME} characters.")
    held = {key.name: {"kind": key.kind, "skip": key.skip_indexing} for key in keys}
    row = {"name": group, "keys": held, "stored_at": clock.now()}
    upsert(connection, metadata_groups, [row], replace=("keys", "stored_at"))
    _refresh(connection, _documents_of(connection, group))


def schema(connection: sa.Connection, group: str) -> list[Key]:
    """The keys of a group; raises NotFound."""
    check_storable(group, "name")
    columns = metadata_groups.c
    held = connection.scalar(sa.select(columns["keys"]).where(columns.name == group))
    if held is None:
        raise NotFound(NO_GROUP)
    return [Key(name, each["kind"], each["skip"]) for name, each in held.items()]


def delete_schema(connection: sa.Connection, group: str) -> None:
    """Delete a group and what documents have in it; raises NotFound."""
    schema(connection, group)
    affected = _documents_of(connection, group)
    own = document_metadata.c.group_name == group
    connection.execute(sa.delete(document_metadata).where(own))
    connection.execute(sa.delete(metadata_groups).where(metadata_groups.c.name == group))
    _refresh(connection, affected)


def put(connection: sa.Connection, document: str, group: str, values: Mapping[str, Any]) -> None:
    """Add or replace values of a document; those of other keys stay. Raises InvalidRequest."""
    known = {key.name for key in schema(connection, group)}
    if unknown := sorted(set(values) - known):
        raise InvalidRequest(f"The group {group} has no key {unknown[0]!r}; add it to its schema.")
    columns = document_metadata.c
    own = sa.and_(columns.document_id == document, columns.group_name == group)
    held = connection.scalar(sa.select(columns.held).where(own)) or {}
    row = {"document_id": document, "group_name": group, "held": {**held, **values}}
    upsert(connection, document_metadata, [row], replace=("held",))
    _refresh(connection, [document])


def delete(connection: sa.Connection, document: str, group: str) -> None:
    """Delete what a document has in a group; raises NotFound where there is no group."""
    schema(connection, group)
    columns = document_metadata.c
    own = sa.and_(columns.document_id == document, columns.group_name == group)
    connection.execute(sa.delete(document_metadata).where(own))
    _refresh(connection, [document])


def datasource_of(connection: sa.Connection, document: str) -> str:
    """The datasource of a pushed document; raises NotFound."""
    check_storable(document, "id")
    query = sa.select(pushed_documents.c.datasource).join(
        documents, documents.c.id == pushed_documents.c.document_id
    )
    there = sa.and_(documents.c.id == document, documents.c.withdrawn_at.is_(None))
    found: str | None = connection.scalar(query.where(there))
    if found is None:
        raise NotFound(NO_DOCUMENT)
    return found


def indexed(connection: sa.Connection, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """Of these documents, by id: the values that count as properties."""
    columns = document_metadata.c
    rows = connection.execute(
        sa.select(columns.document_id, columns.held, metadata_groups.c["keys"])
        .join(metadata_groups, metadata_groups.c.name == columns.group_name)
        .where(columns.document_id.in_(ids))
        .order_by(columns.group_name)
    )
    found: dict[str, dict[str, Any]] = {}
    for document, held, keys in rows:
        shown = {name: held[name] for name in held if name in keys and not keys[name]["skip"]}
        found.setdefault(document, {}).update(shown)
    return found


def with_values(details: Mapping[str, Any], values: Mapping[str, Any] | None) -> dict[str, Any]:
    """A document's details with these values of metadata in place of any others."""
    others = {name: value for name, value in details.items() if name != METADATA}
    return others | ({METADATA: dict(values)} if values else {})


def _documents_of(connection: sa.Connection, group: str) -> list[str]:
    columns = document_metadata.c
    return list(
        connection.scalars(sa.select(columns.document_id).where(columns.group_name == group))
    )


def _refresh(connection: sa.Connection, ids: Sequence[str]) -> None:
    """Write anew what of the metadata stands in the documents' details."""
    values = indexed(connection, ids)
    columns = documents.c
    rows = connection.execute(sa.select(columns.id, columns.details).where(columns.id.in_(ids)))
    for document, details in rows.all():
        change = sa.update(documents).where(columns.id == document)
        new = with_values(details, values.get(document))
        connection.execute(change.values(details=new, stored_at=clock.now()))
