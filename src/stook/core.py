"""Opens the parts that answering needs, and nothing else, so that a command starts quickly."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stook.knowledge.encoding.embedding import Embedder, load_embedder, made_by
from stook.knowledge.index.protocol import PassageIndex
from stook.settings import Settings
from stook.storage.database import Database, open_database
from stook.storage.privacy import keep_private
from stook.storage.schema import upgrade

if TYPE_CHECKING:
    from stook.conversation.engine import Engine
    from stook.knowledge.retrieval.retriever import Retrieval, Searcher


@dataclass(frozen=True, slots=True)
class Core:
    """The opened parts that a question needs."""

    settings: Settings
    database: Database
    embedder: Embedder
    index: PassageIndex
    searcher: Searcher
    engine: Engine


@contextlib.asynccontextmanager
async def open_database_only(settings: Settings) -> AsyncIterator[Database]:
    """The database at the newest schema, for commands that need nothing else."""
    keep_private(settings)
    database = open_database(settings.sql_url)
    try:
        upgrade(database)
        yield database
    finally:
        database.close()


@contextlib.asynccontextmanager
async def open_core(
    settings: Settings, *, renew_index: bool = False, retrieval: Retrieval | None = None
) -> AsyncIterator[Core]:
    """The schema brought up to date, the encoder loaded, the index opened.

    Raises IndexOutdated where another encoder or version filled the index, unless it is renewed.
    """
    async with contextlib.AsyncExitStack() as stack:
        # The graph is read without the interpreter's lock, while the rest is imported and opened.
        loading = asyncio.get_running_loop().run_in_executor(None, load_embedder, settings)
        stack.push_async_callback(_close, loading)
        from stook.conversation.engine import Engine
        from stook.knowledge.index.lance import open_index
        from stook.knowledge.retrieval.retriever import Retrieval, Searcher
        from stook.models.language_models import open_models

        database = await stack.enter_async_context(open_database_only(settings))
        embedder = await loading
        index = await open_index(
            settings.index_location,
            embedder.dimensions,
            made_by(embedder),
            token_dimensions=embedder.token_dimensions,
            renew=renew_index,
            cache_mib=settings.index_cache_mib,
        )
        stack.push_async_callback(index.close)
        ranks_by = retrieval or Retrieval(settings.retrieval)
        searcher = Searcher(database, index, embedder, ranks_by)
        models = open_models(settings)
        if models is not None:
            stack.push_async_callback(models.close)
        engine = Engine(settings, database, searcher, models)
        yield Core(settings, database, embedder, index, searcher, engine)


async def _close(loading: asyncio.Future[Embedder]) -> None:
    """Close the embedder; whether it could be loaded is said where it is waited for."""
    with contextlib.suppress(Exception):
        (await loading).close()
