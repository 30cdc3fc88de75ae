"""SQL for administrators: what is stored, by whatever name, and what goes with a datasource."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import sqlalchemy as sa

from stook.errors import Conflict, InvalidRequest, NotFound
from stook.identity import groups, permissions, realms
from stook.identity.access import ATTACHED, visible_to
from stook.identity.names import normal_form, spellings
from stook.identity.permissions import ORGANISATION, Permissions
from stook.identity.principals import operators_view
from stook.storage.tables import (
    access_set_groups,
    beta_users,
    bulk_upload_items,
    bulk_upload_pages,
    bulk_uploads,
    client_publishers,
    datasources,
    documents,
    passages,
    push_marks,
    pushed_documents,
    test_datasources,
)

OPERATOR = operators_view()


@dataclass(frozen=True, slots=True)
class Entry:
    """A document in a list. ``path`` is where its file was found; empty if it was no file."""

    id: str
    datasource: str
    external_id: str
    title: str
    url: str
    path: str
    stored_at: int


@dataclass(frozen=True, slots=True)
class Details:
    """All that is known of one document, but for its text."""

    entry: Entry
    mime_type: str
    author: str
    version: int
    passages: int
    is_searchable: bool
    permissions: Permissions


@dataclass(frozen=True, slots=True)
class Datasource:
    """A datasource, and how much is in it."""

    name: str
    display_name: str
    documents: int
    groups: int
    created_at: int


def entries(
    connection: sa.Connection,
    names: Collection[str] = (),
    below: str = "",
    datasource: str = "",
) -> list[Entry]:
    """Documents in the order of their datasources and names: all, or those that are meant.

    ``names`` are ids, addresses, paths or the source's own ids; ``below`` is a directory or an
    address, and means all that is in it.
    """
    query = sa.select(documents).where(visible_to(OPERATOR))
    if datasource:
        query = query.where(documents.c.datasource == datasource)
    query = query.order_by(documents.c.datasource, documents.c.external_id)
    wanted = {form for name in names for form in spellings(name)}
    found = map(_entry, connection.execute(query))
    return [
        entry
        for entry in found
        if (not wanted or wanted & {entry.id, entry.external_id, entry.url, entry.path})
        and (not below or _is_below(entry, below))
    ]


def details(connection: sa.Connection, document_id: str) -> Details:
    """What is known of a document; raises NotFound."""
    row = connection.execute(
        sa.select(documents).where(visible_to(OPERATOR), documents.c.id == document_id)
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no document {document_id}.")
    held = sa.select(sa.func.count()).where(
        passages.c.document_id == document_id, passages.c.version == row.served_version
    )
    return Details(
        entry=_entry(row),
        mime_type=row.mime_type,
        author=row.author,
        version=row.version,
        passages=connection.scalar(held) or 0,
        is_searchable=row.served_version is not None,
        permissions=permissions.load(connection, row.access_set_id),
    )


def list_datasources(connection: sa.Connection) -> list[Datasource]:
    """Every datasource by name, but for the one of files that people attach to questions."""
    counts = (
        sa.select(documents.c.datasource, sa.func.count().label("held"))
        .where(visible_to(OPERATOR))
        .group_by(documents.c.datasource)
        .subquery()
    )
    column = datasources.c
    rows = connection.execute(
        sa.select(column.name, column.display_name, column.created_at, column.realm, counts.c.held)
        .join(counts, counts.c.datasource == column.name, isouter=True)
        .where(column.name != ATTACHED)
        .order_by(column.name)
    )
    return [
        Datasource(
            row.name,
            row.display_name,
            row.held or 0,
            len(groups.names(connection, row.realm)) if row.realm != ORGANISATION else 0,
            row.created_at,
        )
        for row in rows
    ]


def ids_of(connection: sa.Connection, datasource: str) -> list[str]:
    """The ids of all documents of a datasource; raises NotFound where there is no such one."""
    if datasource == ATTACHED:
        raise InvalidRequest("The files that people attach to their questions are theirs.")
    this = sa.select(datasources.c.name).where(datasources.c.name == datasource)
    if connection.scalar(this) is None:
        raise NotFound(f"There is no datasource {datasource}; see `stook datasource list`.")
    query = sa.select(documents.c.id).where(documents.c.datasource == datasource)
    return list(connection.scalars(query))


def count_naming(connection: sa.Connection, realm: str, group: str) -> int:
    """How many documents name a group in their permissions."""
    named = sa.select(access_set_groups.c.access_set_id).where(
        access_set_groups.c.realm == realm, access_set_groups.c.group_name == group
    )
    query = sa.select(sa.func.count()).select_from(documents)
    found = query.where(visible_to(OPERATOR), documents.c.access_set_id.in_(named))
    return connection.scalar(found) or 0


def remove_datasource(connection: sa.Connection, name: str) -> None:
    """Remove a datasource without documents, with all that was said and pushed of it.

    Raises Conflict where somebody has brought documents in meanwhile.
    """
    if ids_of(connection, name):
        raise Conflict(f"Documents are being brought into {name}; stop that, and try again.")
    this = datasources.c.name == name
    realm: str = connection.execute(sa.select(datasources.c.realm).where(this)).scalar_one()
    if realm != ORGANISATION:
        groups.remove(connection, realm, groups.names(connection, realm))
        realms.replace(connection, realm, [])
    uploads = sa.select(bulk_uploads.c.id).where(bulk_uploads.c.datasource == name)
    for pages in (bulk_upload_pages, bulk_upload_items):
        connection.execute(sa.delete(pages).where(pages.c.upload.in_(uploads)))
    for table in (
        bulk_uploads, push_marks, pushed_documents, beta_users, test_datasources, client_publishers,
    ):  # fmt: skip
        connection.execute(sa.delete(table).where(table.c.datasource == name))
    connection.execute(sa.delete(datasources).where(this))


def _entry(row: sa.Row[Any]) -> Entry:
    return Entry(
        row.id,
        row.datasource,
        row.external_id,
        row.title,
        row.url,
        str(row.details.get("path", "")),
        row.stored_at,
    )


def _is_below(entry: Entry, place: str) -> bool:
    if "://" in place:
        return entry.url.startswith(place.rstrip("/") + "/") or entry.url == place
    directory = PurePath(normal_form(place))
    return bool(entry.path) and PurePath(normal_form(entry.path)).is_relative_to(directory)
