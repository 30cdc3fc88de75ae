"""How a datasource, its documents and its users stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from stook.application.intake.documents import PROCESS
from stook.identity import groups, realms
from stook.identity.users import normalise_email
from stook.knowledge.intake import datasources, documents, events, uploads
from stook.knowledge.intake import upload_types as kinds
from stook.knowledge.intake import version_marks as marks
from stook.knowledge.intake.definitions import Datasource, external_id
from stook.knowledge.intake.documents import Counts, Status
from stook.knowledge.intake.events import Happened
from stook.knowledge.intake.uploads import Upload
from stook.knowledge.store.documents import document_id
from stook.runtime import Runtime
from stook.storage import clock

EVENTS_SECONDS = 60  # between two calls for the events of a datasource's documents
WEEK = 7 * 86_400_000_000  # microseconds

Named = tuple[str, str]  # an object type, and a connector's own id


@dataclass(frozen=True, slots=True)
class DocumentStanding:
    """How a document stands; ``has_own_people``: its datasource knows users and groups."""

    status: Status
    has_own_people: bool


@dataclass(frozen=True, slots=True)
class UserStanding:
    """How a user of a datasource stands, and the groups that hold them."""

    known: bool
    active: bool
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IdentityStanding:
    """How many users, groups or memberships there are, and the latest uploads of them."""

    count: int
    uploads: tuple[Upload, ...]


@dataclass(frozen=True, slots=True)
class DatasourceStanding:
    """How a datasource stands; ``beta_users`` see it where it is a test.

    ``all_indexed``: nothing of it is behind. ``processed_at`` is when that was last asked for.
    """

    datasource: Datasource
    uploads: tuple[Upload, ...]
    counts: Counts
    all_indexed: bool
    processed_at: int | None
    users: IdentityStanding
    groups: IdentityStanding
    memberships: IdentityStanding
    beta_users: int


async def of_datasource(runtime: Runtime, name: str) -> DatasourceStanding:
    """Return how a datasource stands; raises InvalidRequest."""
    return await runtime.database.read(_datasource, name)


def _datasource(connection: sa.Connection, name: str) -> DatasourceStanding:
    def identities(kind: uploads.Kind, count: int) -> IdentityStanding:
        return IdentityStanding(count, _uploads(connection, kind, name))

    return DatasourceStanding(
        datasource=datasources.get(connection, name),
        uploads=_uploads(connection, kinds.DOCUMENTS, name),
        counts=documents.counts(connection, name),
        all_indexed=not documents.pending(connection, name),
        processed_at=marks.get(connection, name, PROCESS, ""),
        users=identities(kinds.USERS, len(realms.list_all(connection, name))),
        groups=identities(kinds.GROUPS, len(groups.names(connection, name))),
        memberships=identities(kinds.MEMBERSHIPS, groups.count_members(connection, name)),
        beta_users=datasources.count_beta_users(connection, name),
    )


def _uploads(connection: sa.Connection, kind: uploads.Kind, name: str) -> tuple[Upload, ...]:
    return tuple(uploads.recent(connection, kind.name, name))


async def of_documents(
    runtime: Runtime, datasource: str, named: Sequence[Named]
) -> list[DocumentStanding]:
    """Return how documents stand, in their order; raises InvalidRequest."""
    return await runtime.database.read(_documents, datasource, named)


def _documents(
    connection: sa.Connection, name: str, named: Sequence[Named]
) -> list[DocumentStanding]:
    datasource = datasources.get(connection, name)
    found = [documents.find(connection, name, *each) for each in named]
    own = datasource.realm == datasource.name
    return [
        DocumentStanding(documents.status(connection, datasource, document), own)
        for document in found
    ]


async def of_user(runtime: Runtime, datasource: str, email: str) -> UserStanding:
    """Return how a user stands; raises InvalidRequest."""
    return await runtime.database.read(_user, datasource, email)


def _user(connection: sa.Connection, datasource: str, email: str) -> UserStanding:
    datasources.get(connection, datasource)
    accounts = realms.of_email(connection, datasource, email)
    refs = {account.user_ref for account in accounts} | {normalise_email(email)}
    held = tuple(groups.holding(connection, datasource, refs))
    return UserStanding(bool(accounts), any(account.active for account in accounts), held)


async def events_of(
    runtime: Runtime, datasource: str, named: Named, since: int | None, most: int
) -> list[Happened]:
    """Return what happened to a document, by default within a week; the newest comes first.

    Raises InvalidRequest, and RateLimited for one datasource within a minute.
    """
    await runtime.database.read(datasources.get, datasource)
    write = runtime.database.write
    await write(marks.check_pace, datasource, "document events", EVENTS_SECONDS)
    document = document_id(datasource, external_id(*named))
    from_time = since if since is not None else clock.now() - WEEK
    return await runtime.database.read(events.of, document, from_time, most)
