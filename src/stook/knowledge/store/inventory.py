"""SQL of long lists of documents for administrators: found, sorted and cut on the server."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from stook.identity.access import ATTACHED, visible_to
from stook.identity.principals import Viewer
from stook.knowledge.store.documents import Places, place_at
from stook.knowledge.store.repository import text_of
from stook.storage import pages
from stook.storage.pages import Order, Page, Place
from stook.storage.tables import datasources, document_texts, documents, passages
from stook.storage.text import is_storable

NO_NOTES = "[]"


class State(enum.StrEnum):
    """Which documents of a list are wanted."""

    ANY = ""
    PENDING = "pending"  # the search index has to catch up with its text
    NOTED = "noted"  # something of its file was not read, or guessed


class Sort(enum.StrEnum):
    """What a list of documents is sorted by."""

    TITLE = "title"
    DATASOURCE = "datasource"
    CHANGED = "changed"
    STORED = "stored"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which documents: all these words in title, address or id; of a datasource; in a state."""

    words: str = ""
    datasource: str = ""
    state: State = State.ANY


@dataclass(frozen=True, slots=True)
class Listed:
    """A document in a list; times are microseconds since the epoch, UTC."""

    id: str
    datasource: str
    title: str
    url: str
    mime_type: str
    author: str
    changed_at: int
    stored_at: int
    is_searchable: bool
    is_pending: bool


@dataclass(frozen=True, slots=True)
class ListedPassage:
    """A passage of a document, with the page, slide or sheet that it begins on."""

    ordinal: int
    heading_path: tuple[str, ...]
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Holding:
    """A datasource: how much is in it, and when it last brought something."""

    name: str
    display_name: str
    documents: int
    pending: int
    stored_at: int | None
    created_at: int


def find(
    connection: sa.Connection,
    viewer: Viewer,
    wanted: Wanted,
    sort: Sort,
    descending: bool,
    after: Place | None,
    size: int,
) -> Page[Listed]:
    """Documents that the viewer may see."""
    if not _is_storable(wanted):
        return Page([], None)
    column = documents.c
    query = sa.select(
        column.id,
        column.datasource,
        column.title,
        column.url,
        column.mime_type,
        column.author,
        _changed().label("changed_at"),
        column.stored_at,
        column.served_version.is_not(None).label("is_searchable"),
        _is_pending().label("is_pending"),
    ).where(visible_to(viewer), *_conditions(viewer, wanted))
    order = Order(_sorted_by(sort), column.id, descending)
    page = pages.cut(connection, query, order, after, size)
    names = Listed.__slots__
    found = [Listed(**{name: row._mapping[name] for name in names}) for row in page.items]
    return Page(found, page.next)


def count(connection: sa.Connection, viewer: Viewer, wanted: Wanted) -> int:
    """How many documents ``find`` gives in all."""
    if not _is_storable(wanted):
        return 0
    query = sa.select(sa.func.count()).select_from(documents)
    found = query.where(visible_to(viewer), *_conditions(viewer, wanted))
    return connection.scalar(found) or 0


def list_passages(
    connection: sa.Connection,
    viewer: Viewer,
    document_id: str,
    after: int,
    size: int,
    places: Places,
) -> list[ListedPassage]:
    """Searchable passages of a document behind an ordinal; raises NotFound."""
    text = text_of(connection, viewer, document_id)
    column = passages.c
    query = (
        sa.select(column.ordinal, column.start, column.end, column.heading_path)
        .join(documents, documents.c.id == column.document_id)
        .where(visible_to(viewer), documents.c.id == document_id)
        .where(column.version == documents.c.served_version, column.ordinal > after)
    )
    rows = connection.execute(query.order_by(column.ordinal).limit(size))
    return [
        ListedPassage(
            row.ordinal,
            tuple(row.heading_path),
            place_at(places, row.start),
            text[row.start : row.end],
        )
        for row in rows
    ]


def holdings(connection: sa.Connection, viewer: Viewer) -> list[Holding]:
    """Every datasource by name, but for the one of attached files, as far as it is seen."""
    column = datasources.c
    counts = (
        sa.select(
            documents.c.datasource,
            sa.func.count().label("documents"),
            sa.func.sum(sa.case((_is_pending(), 1), else_=0)).label("pending"),
            sa.func.max(documents.c.stored_at).label("stored_at"),
        )
        .where(visible_to(viewer))
        .group_by(documents.c.datasource)
        .subquery()
    )
    query = (
        sa.select(
            column.name,
            column.display_name,
            sa.func.coalesce(counts.c.documents, 0),
            sa.func.coalesce(counts.c.pending, 0),
            counts.c.stored_at,
            column.created_at,
        )
        .join(counts, counts.c.datasource == column.name, isouter=True)
        .where(column.name != ATTACHED)
    )
    return [Holding(*row) for row in connection.execute(query.order_by(column.name))]


def _is_storable(wanted: Wanted) -> bool:
    return is_storable(wanted.words) and is_storable(wanted.datasource)


def _conditions(viewer: Viewer, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    column = documents.c
    found: list[sa.ColumnElement[bool]] = []
    for word in wanted.words.lower().split():
        named = (column.title, column.url, column.external_id, column.id)
        found.append(
            sa.or_(*(sa.func.lower(name).contains(word, autoescape=True) for name in named))
        )
    if wanted.datasource:
        found.append(column.datasource == wanted.datasource)
    if wanted.state is State.PENDING:
        found.append(_is_pending())
    if wanted.state is State.NOTED:
        found.append(documents.c.id.in_(_noted(viewer)))
    return found


def _changed() -> sa.ColumnElement[int]:
    column = documents.c
    return sa.func.coalesce(column.updated_at, column.created_at, column.stored_at)


def _is_pending() -> sa.ColumnElement[bool]:
    return documents.c.served_version.is_distinct_from(documents.c.version)


def _noted(viewer: Viewer) -> sa.Select[tuple[str]]:
    """The ids of documents that were not read as a whole."""
    column = document_texts.c
    version = sa.func.coalesce(documents.c.served_version, documents.c.version)
    return (
        sa.select(column.document_id)
        .join(documents, documents.c.id == column.document_id)
        .where(visible_to(viewer), column.version == version)
        .where(sa.cast(column.notes, sa.Text) != NO_NOTES)
    )


def _sorted_by(sort: Sort) -> sa.ColumnElement[Any]:
    column = documents.c
    return {
        Sort.TITLE: sa.func.lower(column.title),
        Sort.DATASOURCE: column.datasource,
        Sort.CHANGED: _changed(),
        Sort.STORED: column.stored_at,
    }[sort]
