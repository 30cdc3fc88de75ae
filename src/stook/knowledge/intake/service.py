"""Takes in what clients push: durable when the call returns, searchable shortly after."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

import sqlalchemy as sa

from stook.identity import audit
from stook.identity.audit import Action, Actor, Deed
from stook.identity.realms import Account
from stook.knowledge.ingestion import worker as jobs
from stook.knowledge.ingestion.parsing.parser import Parser
from stook.knowledge.intake import (
    datasources,
    definitions,
    documents,
    identities,
    items,
    people,
    shortcuts,
    teams,
    uploads,
)
from stook.knowledge.intake import upload_types as kinds
from stook.knowledge.intake import version_marks as marks
from stook.knowledge.intake.composing import compose
from stook.knowledge.intake.definitions import Content, Datasource, Grants, Page, PushedDocument
from stook.knowledge.intake.identities import Membership
from stook.knowledge.intake.items import Said, Taken
from stook.knowledge.intake.people import Employee
from stook.knowledge.intake.publishers import Publisher
from stook.knowledge.intake.teams import Definitions
from stook.knowledge.intake.uploads import Kind
from stook.knowledge.store.documents import SourceDocument
from stook.storage.database import Database

PEOPLE = ""  # the people of the organisation belong to no datasource
Refs = Collection[str]
T = TypeVar("T")
Store = Callable[[sa.Connection], tuple[Refs, list[str]]]


class Pusher:
    """Writes what is pushed and has it indexed; every write is one transaction."""

    def __init__(self, database: Database, parser: Parser) -> None:
        self._database = database
        self._parser = parser

    async def configure(self, actor: Actor, datasource: Datasource) -> None:
        """Make a datasource or replace its configuration; its documents' rights follow."""
        deed = Deed(Action.DATASOURCE_CONFIGURED, datasource.name)
        write = self._database.write
        jobs.index_soon(await write(audit.recorded(actor, deed, _configure), datasource))

    async def index(self, pushed: Sequence[PushedDocument], version: int | None = None) -> None:
        """Add or replace documents of one datasource; ``version`` is of a single one.

        Raises InvalidRequest, or Conflict where a later version was pushed before.
        """
        if pushed:
            sources = await self._composed(pushed)
            changed = await self._write(_index, pushed, sources, version)
            jobs.index_soon(changed)

    async def publish(
        self, publisher: Publisher, own_id: str | None, content: Content, filename: str, said: Said
    ) -> Taken:
        """Take in a file as a publisher's item; raises UnreadableDocument, InvalidRequest."""
        file = await items.read(self._parser, content, filename)
        return await self._taken(items.take_in, publisher, own_id, file, said)

    async def describe(self, publisher: Publisher, name: str, said: Said) -> Taken:
        """Say something of a publisher's item; raises NotFound, InvalidRequest."""
        return await self._taken(items.describe, publisher, name, said)

    async def bulk_index(self, page: Page, pushed: Sequence[PushedDocument]) -> None:
        """Take in a page of a bulk upload of documents."""
        sources = await self._composed(pushed)

        def store(connection: sa.Connection) -> tuple[Refs, list[str]]:
            changed = _store(connection, page.datasource, pushed, sources)
            return [source.id for source in sources], changed

        await self._take_page(page, kinds.DOCUMENTS, store)

    async def bulk_users(self, page: Page, accounts: Sequence[Account]) -> None:
        """Take in a page of a bulk upload of a datasource's users."""

        def store(connection: sa.Connection) -> tuple[Refs, list[str]]:
            return identities.put_users(connection, page.datasource, accounts), []

        await self._take_page(page, kinds.USERS, store)

    async def bulk_groups(self, page: Page, names: Sequence[str]) -> None:
        """Take in a page of a bulk upload of a datasource's groups."""

        def store(connection: sa.Connection) -> tuple[Refs, list[str]]:
            identities.put_groups(connection, page.datasource, names)
            return names, []

        await self._take_page(page, kinds.GROUPS, store)

    async def bulk_members(self, page: Page, memberships: Sequence[Membership]) -> None:
        """Take in a page of a bulk upload of the members of one group, ``page.subject``."""

        def store(connection: sa.Connection) -> tuple[Refs, list[str]]:
            for membership in memberships:
                identities.put_member(connection, page.datasource, membership)
            return [identities.ref_of(each.member) for each in memberships], []

        await self._take_page(page, kinds.MEMBERSHIPS, store)

    async def bulk_people(self, page: Page, employees: Sequence[Employee]) -> None:
        """Take in a page of a bulk upload of the organisation's people."""

        def store(connection: sa.Connection) -> tuple[Refs, list[str]]:
            return people.put(connection, employees), []

        await self._take_page(page, kinds.EMPLOYEES, store)

    async def bulk_teams(self, page: Page, given: Definitions) -> None:
        """Take in a page of a bulk upload of the organisation's teams."""

        def store(connection: sa.Connection) -> tuple[Refs, list[str]]:
            return teams.put(connection, given), []

        await self._take_page(page, kinds.TEAMS, store)

    async def bulk_shortcuts(self, page: Page, given: Definitions, external: bool) -> None:
        """Take in a page of a bulk upload of shortcuts."""

        def store(connection: sa.Connection) -> tuple[Refs, list[str]]:
            return shortcuts.put(connection, given, external), []

        kind = kinds.EXTERNAL_SHORTCUTS if external else kinds.SHORTCUTS
        await self._take_page(page, kind, store)

    async def set_grants(
        self, actor: Actor, datasource: str, document: str, grants: Grants
    ) -> None:
        """Replace who may see a document."""
        details = {"datasource": datasource, "permissions": grants.to_json()}
        deed = Deed(Action.PERMISSIONS_CHANGED, document, details)
        write = self._database.write
        await write(audit.recorded(actor, deed, _set_grants), datasource, document, grants)
        jobs.index_soon([document])

    async def delete(
        self, actor: Actor, datasource: str, object_type: str, own_id: str, version: int | None
    ) -> None:
        """Delete a document; an absent one is fine. Raises Conflict for an old version."""
        gone = await self._database.write(_delete, actor, datasource, object_type, own_id, version)
        jobs.index_soon(gone)

    async def process(self, datasource: str) -> None:
        """Index what is behind now rather than later; without a name, of all datasources."""
        jobs.index_soon(await self._database.read(documents.pending, datasource))

    async def _composed(self, pushed: Sequence[PushedDocument]) -> list[SourceDocument]:
        for name in {each.datasource for each in pushed}:
            datasource = await self._database.read(datasources.get, name)
            for each in pushed:
                if each.datasource == name:
                    datasources.check_url(datasource, each.url)
        return await compose(self._parser, pushed)

    async def _taken(self, query: Callable[..., Taken], *args: object) -> Taken:
        taken = await self._write(query, *args)
        if taken.changed:
            jobs.index_soon([taken.document_id])
        return taken

    async def _take_page(self, page: Page, kind: Kind, store: Store) -> None:
        jobs.index_soon(await self._write(_take_page, page, kind, store))

    async def _write(self, query: Callable[..., T], *args: object) -> T:
        """Two processes may both see that something is new; the second one tries again."""
        try:
            return await self._database.write(query, *args)
        except sa.exc.IntegrityError:
            return await self._database.write(query, *args)


def _configure(connection: sa.Connection, datasource: Datasource) -> list[str]:
    datasources.put(connection, datasource)
    return documents.grant_anew(connection, datasource)


def _take_page(connection: sa.Connection, page: Page, kind: Kind, store: Store) -> list[str]:
    if page.datasource != PEOPLE:
        datasources.get(connection, page.datasource)
    upload = uploads.begin(connection, page)
    if upload is None:
        return []
    refs, changed = store(connection)
    uploads.add(connection, upload, page, refs)
    if page.last:
        changed = [*changed, *uploads.finish(connection, kind, upload, page)]
    return changed


def _index(
    connection: sa.Connection,
    pushed: Sequence[PushedDocument],
    sources: Sequence[SourceDocument],
    version: int | None,
) -> list[str]:
    name = pushed[0].datasource
    if len(sources) == 1:
        marks.check_version(connection, name, kinds.DOCUMENTS.name, sources[0].external_id, version)
    changed = _store(connection, name, pushed, sources)
    uploads.touch(connection, kinds.DOCUMENTS.name, name, [source.id for source in sources])
    return changed


def _store(
    connection: sa.Connection,
    name: str,
    pushed: Sequence[PushedDocument],
    sources: Sequence[SourceDocument],
) -> list[str]:
    datasource = datasources.get(connection, name)
    return documents.store(connection, datasource, sources, [each.grants for each in pushed])


def _set_grants(connection: sa.Connection, name: str, document: str, grants: Grants) -> None:
    documents.set_grants(connection, datasources.get(connection, name), document, grants)


def _delete(
    connection: sa.Connection,
    actor: Actor,
    name: str,
    object_type: str,
    own_id: str,
    version: int | None,
) -> list[str]:
    datasources.get(connection, name)
    external = definitions.external_id(object_type, own_id)
    marks.check_version(connection, name, kinds.DOCUMENTS.name, external, version)
    found = documents.find(connection, name, object_type, own_id)
    if not found:
        return []
    audit.record(connection, actor, Action.DOCUMENT_REMOVED, found, datasource=name, name=external)
    return documents.withdraw(connection, [found])
