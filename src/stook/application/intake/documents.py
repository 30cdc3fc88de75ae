"""Documents as connectors push them, and who may see each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from stook.errors import InvalidRequest, NotFound
from stook.identity.audit import Actor
from stook.knowledge.intake import datasources, documents
from stook.knowledge.intake import upload_types as kinds
from stook.knowledge.intake import version_marks as marks
from stook.knowledge.intake.definitions import Grants, Page, PushedDocument
from stook.knowledge.intake.documents import Status
from stook.runtime import Runtime

PROCESS = "processalldocuments"
PROCESS_SECONDS = 3 * 3600  # between two calls to index what is behind in the same datasource


async def index(
    runtime: Runtime, datasource: str, pushed: Sequence[PushedDocument], version: int | None = None
) -> None:
    """Add or replace documents; ``version`` is of a single one. Raises InvalidRequest, Conflict."""
    await runtime.database.read(datasources.get, datasource)
    await runtime.pusher.index(pushed, version)


async def bulk_index(runtime: Runtime, page: Page, pushed: Sequence[PushedDocument]) -> None:
    """Take in a page of a bulk upload, which replaces all documents of its datasource."""
    await runtime.pusher.bulk_index(replace(page, kind=kinds.DOCUMENTS.name), pushed)


async def set_grants(
    runtime: Runtime,
    actor: Actor,
    datasource: str,
    object_type: str,
    own_id: str,
    url: str,
    grants: Grants,
) -> None:
    """Replace who may see a document, named by type and id or else by its address.

    Raises NotFound, InvalidRequest.
    """
    found = await runtime.database.read(_named, datasource, object_type, own_id, url)
    await runtime.pusher.set_grants(actor, datasource, found, grants)


def _named(
    connection: sa.Connection, datasource: str, object_type: str, own_id: str, url: str
) -> str:
    datasources.get(connection, datasource)
    if own_id:
        found = documents.find(connection, datasource, object_type, own_id)
        if found is None:
            raise NotFound("There is no such document in the datasource.")
        return found
    if url:
        return documents.find_by_url(connection, datasource, url)
    raise InvalidRequest("Name the document by objectType and id, or by viewURL.")


async def delete(
    runtime: Runtime,
    actor: Actor,
    datasource: str,
    object_type: str,
    own_id: str,
    version: int | None,
) -> None:
    """Delete a document; an absent one is fine. Raises Conflict for an old version."""
    await runtime.pusher.delete(actor, datasource, object_type, own_id, version)


async def process(runtime: Runtime, datasource: str) -> None:
    """Index what is behind now; without a name, of all datasources. Raises RateLimited."""
    if datasource:
        await runtime.database.read(datasources.get, datasource)
    write = runtime.database.write
    await write(marks.check_pace, datasource, PROCESS, PROCESS_SECONDS)
    await runtime.pusher.process(datasource)


async def may_see(
    runtime: Runtime, datasource: str, object_type: str, own_id: str, email: str
) -> bool:
    """Whether somebody may see a document; raises InvalidRequest."""
    return await runtime.database.read(_may_see, datasource, object_type, own_id, email)


def _may_see(
    connection: sa.Connection, datasource: str, object_type: str, own_id: str, email: str
) -> bool:
    datasources.get(connection, datasource)
    found = documents.find(connection, datasource, object_type, own_id)
    return found is not None and documents.may_see(connection, email, found)


async def count(runtime: Runtime, datasource: str) -> int:
    """Return how many documents there are; raises InvalidRequest."""
    await runtime.database.read(datasources.get, datasource)
    return len(await runtime.database.read(documents.live, datasource))


async def status(runtime: Runtime, datasource: str, object_type: str, own_id: str) -> Status:
    """Return how a document stands; raises InvalidRequest."""
    return await runtime.database.read(_status, datasource, object_type, own_id)


def _status(connection: sa.Connection, datasource: str, object_type: str, own_id: str) -> Status:
    known = datasources.get(connection, datasource)
    found = documents.find(connection, datasource, object_type, own_id)
    return documents.status(connection, known, found)
