"""SQL of pushed documents: stored with their grants, withdrawn, and how each of them stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from stook.errors import NotFound
from stook.identity import groups, permissions, realms
from stook.identity.access import visible_to
from stook.identity.names import plain_address
from stook.identity.principals import Principal
from stook.knowledge.intake import events, metadata
from stook.knowledge.intake.definitions import Datasource, Grants, external_id
from stook.knowledge.intake.grants import permissions_of, user_ref
from stook.knowledge.store import repository
from stook.knowledge.store.documents import SourceDocument, document_id
from stook.storage import clock
from stook.storage.tables import documents, pushed_documents
from stook.storage.upserts import upsert


@dataclass(frozen=True, slots=True)
class Status:
    """How a pushed document stands; times are microseconds since the epoch, UTC."""

    uploaded_at: int | None = None
    indexed_at: int | None = None
    is_indexed: bool = False
    grants: Grants | None = None
    names_known: bool = True  # by the datasource's realm: the users and groups of the grants


@dataclass(frozen=True, slots=True)
class Counts:
    """Documents by object type."""

    uploaded: tuple[tuple[str, int], ...]
    indexed: tuple[tuple[str, int], ...]


def store(
    connection: sa.Connection,
    datasource: Datasource,
    sources: Sequence[SourceDocument],
    grants: Sequence[Grants],
) -> list[str]:
    """Take documents in, each with its grants; gives the ids of those that changed."""
    said = metadata.indexed(connection, [source.id for source in sources])
    granted = [
        replace(
            source,
            permissions=permissions_of(each, datasource),
            details=metadata.with_values(source.details, said.get(source.id)),
        )
        for source, each in zip(sources, grants, strict=True)
    ]
    stored = repository.store(connection, granted)
    pushes = {each.id: some for each, some in zip(granted, grants, strict=True)}
    _note(connection, datasource.name, pushes)
    return [each.document_id for each in stored if each.changed]


def set_grants(
    connection: sa.Connection, datasource: Datasource, document: str, grants: Grants
) -> None:
    """Replace who may see a document; holds from the next answer on."""
    access_set = permissions.intern(connection, permissions_of(grants, datasource))
    change = sa.update(documents).where(documents.c.id == document)
    connection.execute(change.values(access_set_id=access_set, stored_at=clock.now()))
    own = pushed_documents.c.document_id == document
    held = grants.to_json()
    connection.execute(sa.update(pushed_documents).where(own).values(permissions=held))


def grant_anew(connection: sa.Connection, datasource: Datasource) -> list[str]:
    """Work out all grants again, after the datasource was configured otherwise."""
    columns = pushed_documents.c
    rows = connection.execute(
        sa.select(columns.document_id, columns.permissions).where(
            columns.datasource == datasource.name
        )
    ).all()
    for document, held in rows:
        set_grants(connection, datasource, document, Grants.from_json(held))
    return [document for document, _ in rows]


def withdraw(connection: sa.Connection, document_ids: Collection[str]) -> list[str]:
    """From now on nobody sees these; gives those that were there."""
    gone = repository.withdraw(connection, document_ids)
    for some in repository.in_portions(gone):
        events.record(connection, some, events.DELETION_REQUESTED)
    return gone


def find(connection: sa.Connection, datasource: str, object_type: str, own_id: str) -> str | None:
    """The id of a pushed document; one pushed without a type answers to any."""
    names = (external_id(object_type, own_id), external_id("", own_id))
    wanted = [document_id(datasource, name) for name in names]
    found = _pushed(connection, datasource, pushed_documents.c.document_id.in_(wanted))
    return next((each for each in wanted if each in found), None)


def find_by_url(connection: sa.Connection, datasource: str, url: str) -> str:
    """The id of the pushed document with this address; raises NotFound."""
    found = _pushed(connection, datasource, documents.c.url == url)
    if not found:
        raise NotFound("There is no document with this viewURL in the datasource.")
    return found[0]


def live(connection: sa.Connection, datasource: str) -> list[str]:
    """The ids of all pushed documents of a datasource that are not withdrawn."""
    return _pushed(connection, datasource, sa.true())


def may_see(connection: sa.Connection, email: str, document: str) -> bool:
    """Whether somebody may see a document."""
    viewer = Principal(plain_address(email))
    query = sa.select(documents.c.id).where(documents.c.id == document)
    return connection.scalar(query.where(visible_to(viewer))) is not None


def status(connection: sa.Connection, datasource: Datasource, document: str | None) -> Status:
    """How a document stands; None stands for one that is not there."""
    row = connection.execute(
        sa.select(documents, pushed_documents.c.uploaded_at, pushed_documents.c.permissions)
        .join(pushed_documents, pushed_documents.c.document_id == documents.c.id)
        .where(documents.c.id == document, documents.c.withdrawn_at.is_(None))
    ).one_or_none()
    if row is None:
        return Status()
    grants = Grants.from_json(row.permissions)
    is_indexed = row.served_version == row.version
    served_at: int | None = row.served_at
    if is_indexed and served_at is not None:
        served_at = max(served_at, row.uploaded_at)  # an upload without a change is done at once
    known = _names_known(connection, datasource, grants)
    return Status(row.uploaded_at, served_at, is_indexed, grants, known)


def counts(connection: sa.Connection, datasource: str) -> Counts:
    """How many documents there are, and how many of them are searchable."""
    column = documents.c
    rows = connection.execute(
        sa.select(column.object_type, column.served_version == column.version)
        .join(pushed_documents, pushed_documents.c.document_id == column.id)
        .where(column.datasource == datasource, column.withdrawn_at.is_(None))
    ).all()
    uploaded = Counter(kind for kind, _ in rows)
    indexed = Counter(kind for kind, is_served in rows if is_served)
    return Counts(tuple(sorted(uploaded.items())), tuple(sorted(indexed.items())))


def pending(connection: sa.Connection, datasource: str = "") -> list[str]:
    """The ids of pushed documents, of one datasource or of all, that the index lags behind."""
    column = documents.c
    behind = sa.or_(
        column.served_version.is_distinct_from(column.version),
        column.withdrawn_at.is_not(None),
    )
    query = sa.select(column.id).join(pushed_documents, pushed_documents.c.document_id == column.id)
    if datasource:
        query = query.where(column.datasource == datasource)
    return list(connection.scalars(query.where(behind)))


def _note(connection: sa.Connection, datasource: str, pushes: dict[str, Grants]) -> None:
    at = clock.now()
    rows = [
        {
            "document_id": document,
            "datasource": datasource,
            "permissions": grants.to_json(),
            "uploaded_at": at,
        }
        for document, grants in pushes.items()
    ]
    upsert(connection, pushed_documents, rows, replace=("permissions", "uploaded_at"))
    for some in repository.in_portions(pushes):
        events.record(connection, some, events.UPLOADED)


def _pushed(connection: sa.Connection, datasource: str, where: sa.ColumnElement[bool]) -> list[str]:
    query = sa.select(documents.c.id).join(
        pushed_documents, pushed_documents.c.document_id == documents.c.id
    )
    of_datasource = documents.c.datasource == datasource
    query = query.where(of_datasource, documents.c.withdrawn_at.is_(None), where)
    return list(connection.scalars(query.order_by(documents.c.id)))


def _names_known(connection: sa.Connection, datasource: Datasource, grants: Grants) -> bool:
    wanted = {user_ref(name) for user in grants.users if (name := user.email or user.user_id)}
    named = {group for clause in grants.intersections for group in clause} | set(grants.groups)
    realm = datasource.realm
    users_known = not wanted or wanted <= realms.known(connection, realm, wanted)
    return users_known and (not named or named <= groups.known(connection, realm, named))
