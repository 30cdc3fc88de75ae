"""What a viewer may see of what was found: the filter before a search, the truth after it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from stook.identity.access import ATTACHED, other_access_sets, visible_access_sets, visible_to
from stook.identity.principals import Viewer
from stook.knowledge.index.protocol import IndexFilter, PassageKey
from stook.knowledge.retrieval.fusion import RankedHit
from stook.knowledge.store import containers
from stook.knowledge.store.conditions import matches
from stook.knowledge.store.documents import Document, Filters, FoundPassage, Span, place_at
from stook.knowledge.store.passages import places_of
from stook.storage.tables import documents, passages

LONG_ACCESS_LIST = 100  # from here on it is worth knowing the access sets that do not pass


def allowed_for(connection: sa.Connection, viewer: Viewer, where: Filters) -> IndexFilter:
    """The filter of the index: what the viewer may see, and what is asked for of it."""
    visible = frozenset(row.id for row in connection.execute(visible_access_sets(viewer)))
    others: frozenset[int] | None = None
    if len(visible) > LONG_ACCESS_LIST:
        others = other_access_sets(connection, visible)
    return IndexFilter(
        access_sets=visible,
        other_access_sets=others,
        datasources=_common(part.datasources or None for part in where.parts),
        not_datasources=_not_datasources(viewer, where),
        documents=_common(_included(connection, viewer, part) for part in where.parts),
        not_documents=frozenset().union(
            *(
                _ids(connection, viewer, part.not_documents, part.not_containers)
                for part in where.parts
            )
        ),
    )


def _common(sets: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """What is in all of them; None stands for everything."""
    given = [each for each in sets if each is not None]
    return frozenset.intersection(*given) if given else None


def _not_datasources(viewer: Viewer, where: Filters) -> frozenset[str]:
    """Attached files would only take the places of what may be seen."""
    unseen = frozenset[str]() if viewer.attachments else frozenset({ATTACHED})
    return unseen.union(*(part.not_datasources for part in where.parts))


def _included(connection: sa.Connection, viewer: Viewer, where: Filters) -> frozenset[str] | None:
    found: frozenset[str] | None = None
    if where.documents or where.containers:
        found = _ids(connection, viewer, where.documents, where.containers)
    if where.publishers:
        query = sa.select(documents.c.id).where(
            visible_to(viewer), documents.c.publisher.in_(where.publishers)
        )
        published = frozenset(connection.scalars(query))
        found = published if found is None else found & published
    if where.any_of:
        query = sa.select(documents.c.id).where(visible_to(viewer), matches(where.any_of))
        matching = frozenset(connection.scalars(query))
        found = matching if found is None else found & matching
    return found


def _ids(
    connection: sa.Connection,
    viewer: Viewer,
    names: Collection[str],
    below: Collection[str],
) -> frozenset[str]:
    """Ids of visible documents that are named, or that are below a container that is named."""
    column = documents.c
    named = sa.or_(column.id.in_(names), column.url.in_(names), column.external_id.in_(names))
    query = sa.select(column.id).where(visible_to(viewer), named)
    found = frozenset(connection.scalars(query)) if names else frozenset[str]()
    return found | containers.documents_below(connection, viewer, below)


def confirmed(
    connection: sa.Connection, viewer: Viewer, ranked: Sequence[RankedHit]
) -> list[FoundPassage]:
    """The passages that the viewer may see and that are of the served version, in order."""
    keys = [(one.key.document_id, one.key.version, one.key.ordinal) for one in ranked]
    column = passages.c
    query = (
        sa.select(documents, column.version, column.ordinal, column.start, column.end)
        .add_columns(column.heading_path, column.text, column.places)
        .join(passages, passages.c.document_id == documents.c.id)
        .where(
            visible_to(viewer),
            documents.c.served_version == column.version,
            sa.tuple_(column.document_id, column.version, column.ordinal).in_(keys),
        )
    )
    rows = {
        PassageKey(row["id"], row["version_1"], row["ordinal"]): row
        for row in connection.execute(query).mappings()
    }
    return [_found(rows[one.key], one) for one in ranked if one.key in rows]


def was_replaced(
    connection: sa.Connection,
    viewer: Viewer,
    ranked: Sequence[RankedHit],
    found: Sequence[FoundPassage],
) -> bool:
    """Whether a document that was not confirmed is served in a version that was not ranked."""
    confirmed = {passage.document.id for passage in found}
    versions: dict[str, set[int]] = {}
    for one in ranked:
        versions.setdefault(one.key.document_id, set()).add(one.key.version)
    missing = versions.keys() - confirmed
    query = sa.select(documents.c.id, documents.c.served_version).where(
        visible_to(viewer), documents.c.id.in_(missing)
    )
    return any(
        row.served_version is not None and row.served_version not in versions[row.id]
        for row in connection.execute(query)
    )


def _found(row: sa.RowMapping, ranked: RankedHit) -> FoundPassage:
    return FoundPassage(
        document=_document(row),
        version=ranked.key.version,
        ordinal=ranked.key.ordinal,
        span=Span(row["start"], row["end"]),
        text=row["text"][: row["end"] - row["start"]],
        heading_path=tuple(row["heading_path"]),
        score=ranked.score,
        lexical=ranked.lexical,
        dense=ranked.dense,
        late=ranked.late,
        vectors=ranked.vectors,
        signals=ranked.signals,
        place=place_at(places_of(row["places"]), row["start"]),
    )


def _document(row: sa.RowMapping) -> Document:
    values: dict[str, Any] = {name: row[name] for name in Document.__slots__}
    return Document(**values)
