"""Documents read without a question: by name, by condition, newest first, by their titles."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa

from stook.identity.access import visible_to
from stook.identity.principals import Viewer
from stook.knowledge.store.conditions import matches
from stook.knowledge.store.containers import documents_below
from stook.knowledge.store.documents import Document, Filters
from stook.knowledge.store.repository import in_portions
from stook.storage.tables import datasources, document_texts, documents
from stook.storage.text import is_storable


def newest(connection: sa.Connection, viewer: Viewer, where: Filters, limit: int) -> list[Document]:
    """Documents that may be found, the one that was changed last first."""
    column = documents.c
    changed = sa.func.coalesce(column.updated_at, column.created_at, column.stored_at)
    query = _may_be_found(connection, viewer, where).order_by(changed.desc(), column.id)
    return _documents(connection, query.limit(limit))


def newest_of(
    connection: sa.Connection, viewer: Viewer, where: Filters, ids: Collection[str]
) -> tuple[Document, int] | None:
    """Of some documents the one that was stored last and may be found, with its version."""
    version = sa.func.coalesce(documents.c.served_version, documents.c.version)
    query = _may_be_found(connection, viewer, where).where(documents.c.id.in_(ids))
    query = query.order_by(documents.c.stored_at.desc(), documents.c.id).limit(1)
    row = connection.execute(query.add_columns(version.label("shown_version"))).first()
    if row is None:
        return None
    return Document(**{name: row._mapping[name] for name in Document.__slots__}), row.shown_version


def counted(connection: sa.Connection, viewer: Viewer, where: Filters) -> dict[str, int]:
    """How many documents may be found, by the name that their datasource is shown by."""
    found = _may_be_found(connection, viewer, where).subquery()
    name = sa.func.coalesce(sa.func.nullif(datasources.c.display_name, ""), datasources.c.name)
    query = (
        sa.select(name.label("shown"), sa.func.count().label("number"))
        .select_from(found.join(datasources, datasources.c.name == found.c.datasource))
        .group_by(name)
    )
    return {row.shown: row.number for row in connection.execute(query)}


def in_order(
    connection: sa.Connection, viewer: Viewer, where: Filters, after: str, limit: int
) -> list[Document]:
    """Documents that may be found, by id, from the first one behind ``after``."""
    query = _may_be_found(connection, viewer, where).where(documents.c.id > after)
    return _documents(connection, query.order_by(documents.c.id).limit(limit))


def named(connection: sa.Connection, viewer: Viewer, names: Iterable[str]) -> dict[str, Document]:
    """By each name that means a document: its id, its address, or its source's own id."""
    found: dict[str, Document] = {}
    wanted = {name for name in names if is_storable(name)}
    for some in in_portions(wanted):
        column = documents.c
        is_named = sa.or_(column.id.in_(some), column.url.in_(some), column.external_id.in_(some))
        for document in _documents(
            connection, _visible(viewer).where(is_named).order_by(column.id)
        ):
            for name in (document.external_id, document.url, document.id):
                if name in wanted:
                    found[name] = document
    return found


def texts(connection: sa.Connection, viewer: Viewer, document_ids: Iterable[str]) -> dict[str, str]:
    """The texts whose passages are searchable now (or will be first), by document id."""
    version = sa.func.coalesce(documents.c.served_version, documents.c.version)
    found: dict[str, str] = {}
    for some in in_portions(document_ids):
        query = (
            sa.select(document_texts.c.document_id, document_texts.c.text)
            .join(documents, documents.c.id == document_texts.c.document_id)
            .where(visible_to(viewer), documents.c.id.in_(some))
            .where(document_texts.c.version == version)
        )
        found |= {row.document_id: row.text for row in connection.execute(query)}
    return found


def titled(
    connection: sa.Connection,
    viewer: Viewer,
    typed: str,
    within: Collection[str],
    limit: int,
) -> list[Document]:
    """Documents whose titles hold all words that were typed, each as the beginning of a word."""
    title = sa.literal(" ") + sa.func.lower(documents.c.title)
    words = [word for word in typed.lower().split() if is_storable(word)]
    query = _visible(viewer).where(*(_begins_word(title, word) for word in words))
    if within:
        query = query.where(documents.c.datasource.in_(within))
    starts = title.startswith(f" {typed.lower().strip()}", autoescape=True)
    order = (starts.desc(), sa.func.length(documents.c.title), documents.c.title, documents.c.id)
    return _documents(connection, query.order_by(*order).limit(limit)) if words else []


def apps(connection: sa.Connection, viewer: Viewer) -> dict[str, str]:
    """The datasources of which something may be seen, each with the name it is shown by."""
    query = (
        sa.select(datasources.c.name, datasources.c.display_name)
        .where(sa.exists().where(documents.c.datasource == datasources.c.name, visible_to(viewer)))
        .order_by(datasources.c.name)
    )
    return {row.name: row.display_name for row in connection.execute(query)}


def _visible(viewer: Viewer) -> sa.Select[Any]:
    columns = [documents.c[name] for name in Document.__slots__]
    return sa.select(*columns).where(visible_to(viewer))


def _documents(connection: sa.Connection, query: sa.Select[Any]) -> list[Document]:
    return [Document(**row._mapping) for row in connection.execute(query)]


def _begins_word(title: sa.ColumnElement[str], word: str) -> sa.ColumnElement[bool]:
    begins = [title.contains(before + word, autoescape=True) for before in (" ", "-", "(", '"')]
    return sa.or_(*begins)


def _may_be_found(connection: sa.Connection, viewer: Viewer, where: Filters) -> sa.Select[Any]:
    wanted = (each for part in where.parts for each in _conditions(connection, viewer, part))
    return _visible(viewer).where(*wanted)


def _conditions(
    connection: sa.Connection, viewer: Viewer, where: Filters
) -> list[sa.ColumnElement[bool]]:
    column = documents.c
    wanted: list[sa.ColumnElement[bool]] = [matches(where.any_of)]
    if where.datasources:
        wanted.append(column.datasource.in_(where.datasources))
    if where.publishers:
        wanted.append(column.publisher.in_(where.publishers))
    if where.documents or where.containers:
        inside = documents_below(connection, viewer, where.containers)
        wanted.append(sa.or_(_is_named(where.documents), column.id.in_(inside)))
    outside = documents_below(connection, viewer, where.not_containers)
    wanted.append(column.datasource.not_in(where.not_datasources))
    wanted.append(sa.not_(_is_named(where.not_documents)))
    wanted.append(column.id.not_in(outside))
    return wanted


def _is_named(names: Collection[str]) -> sa.ColumnElement[bool]:
    column = documents.c
    return sa.or_(column.id.in_(names), column.url.in_(names), column.external_id.in_(names))
