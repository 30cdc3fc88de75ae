"""Takes documents and datasources away: from everybody at once, then from the search index."""

from __future__ import annotations

from collections.abc import Sequence

from stook.core import open_database_only
from stook.knowledge.store import administration, repository
from stook.runtime import open_runtime
from stook.settings import Settings

ROUNDS = 3  # of removing what others bring in meanwhile


async def remove_documents(settings: Settings, document_ids: Sequence[str]) -> int:
    """Remove documents; gives how many there were.

    Nobody is shown them from the first step on, even where the index cannot be opened.
    """
    async with open_database_only(settings) as database:
        gone = await database.write(repository.withdraw, list(document_ids))
    async with open_runtime(settings) as runtime:
        for portion in repository.in_portions(gone):
            await runtime.ingestion.index(portion)
        await runtime.ingestion.optimize()
    return len(gone)


async def remove_datasource(settings: Settings, name: str) -> int:
    """Remove a datasource with its documents, people and groups; gives the number of documents."""
    removed = 0
    for _ in range(ROUNDS):
        async with open_database_only(settings) as database:
            held = await database.read(administration.ids_of, name)
        if not held:
            break
        removed += await remove_documents(settings, held)
    async with open_database_only(settings) as database:
        await database.write(administration.remove_datasource, name)
    return removed
