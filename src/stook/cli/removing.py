"""Takes documents and datasources away: from everybody at once, then from the search index."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from stook.core import open_database_only
from stook.identity import audit
from stook.identity.audit import Action, Deed
from stook.knowledge.store import administration, repository
from stook.runtime import open_runtime
from stook.settings import Settings

ROUNDS = 3  # of removing what others bring in meanwhile
MOST_NAMED = 100  # documents whose removal is recorded one by one


async def remove_documents(settings: Settings, document_ids: Sequence[str]) -> int:
    """Remove documents; gives how many there were.

    Nobody is shown them from the first step on, even where the index cannot be opened.
    """
    deeds = [Deed(Action.DOCUMENT_REMOVED, each) for each in document_ids]
    if len(deeds) > MOST_NAMED:
        deeds = [Deed(Action.DOCUMENT_REMOVED, "", {"documents": len(document_ids)})]
    return await _remove(settings, document_ids, deeds)


async def remove_datasource(settings: Settings, name: str) -> int:
    """Remove a datasource with its documents, people and groups; gives the number of documents."""
    removed = 0
    for _ in range(ROUNDS):
        async with open_database_only(settings) as database:
            held = await database.read(administration.ids_of, name)
        if not held:
            break
        removed += await _remove(settings, held, [])
    async with open_database_only(settings) as database:
        deed = Deed(Action.DATASOURCE_REMOVED, name, {"documents": removed})
        remove = administration.remove_datasource
        await database.write(audit.recorded(audit.operator(), deed, remove), name)
    return removed


async def _remove(settings: Settings, document_ids: Sequence[str], deeds: Sequence[Deed]) -> int:
    async with open_database_only(settings) as database:
        gone = await database.write(_withdraw, list(document_ids), deeds)
    async with open_runtime(settings) as runtime:
        for portion in repository.in_portions(gone):
            await runtime.ingestion.index(portion)
        await runtime.ingestion.optimize()
    return len(gone)


def _withdraw(
    connection: sa.Connection, document_ids: list[str], deeds: Sequence[Deed]
) -> list[str]:
    audit.record_all(connection, audit.operator(), deeds)
    return repository.withdraw(connection, document_ids)
