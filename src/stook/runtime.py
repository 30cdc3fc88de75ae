"""Opens the parts that a process needs, in order, and closes them again."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from stook.conversation.chats.uploads import Uploads
from stook.conversation.engine import Engine
from stook.conversation.turns.queue import ChatQueue
from stook.conversation.turns.runner import Turns
from stook.identity.rate_limits import RateLimiter
from stook.knowledge.encoding.embedding import Embedder, load_embedder, made_by
from stook.knowledge.index.lance import open_index
from stook.knowledge.index.protocol import PassageIndex
from stook.knowledge.ingestion.indexing import Ingestion
from stook.knowledge.ingestion.parsing.parser import Parser
from stook.knowledge.intake.service import Pusher
from stook.knowledge.retrieval.retriever import Retrieval, Searcher
from stook.models.language_models import open_models
from stook.settings import Settings
from stook.storage.blobs import open_blobs
from stook.storage.database import Database, open_database
from stook.storage.schema import upgrade


@dataclass(frozen=True, slots=True)
class Runtime:
    """The opened parts of one process."""

    settings: Settings
    database: Database
    embedder: Embedder
    index: PassageIndex
    searcher: Searcher
    ingestion: Ingestion
    engine: Engine
    uploads: Uploads
    chat_queue: ChatQueue
    turns: Turns
    pusher: Pusher
    rate_limiter: RateLimiter


@contextlib.asynccontextmanager
async def open_database_only(settings: Settings) -> AsyncIterator[Database]:
    """The database at the newest schema, for commands that need nothing else."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.sql_url)
    try:
        upgrade(database)
        yield database
    finally:
        database.close()


@contextlib.asynccontextmanager
async def open_runtime(
    settings: Settings, *, renew_index: bool = False, retrieval: Retrieval | None = None
) -> AsyncIterator[Runtime]:
    """Everything: the schema brought up to date, the encoder loaded, the index opened.

    Raises IndexOutdated where another encoder or version filled the index, unless it is renewed.
    """
    async with contextlib.AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database_only(settings))
        embedder = load_embedder(settings)
        stack.callback(embedder.close)
        index = await open_index(
            settings.index_location, embedder.dimensions, made_by(embedder), renew=renew_index
        )
        stack.push_async_callback(index.close)
        ranks_by = retrieval or Retrieval(settings.retrieval)
        searcher = Searcher(database, index, embedder, ranks_by)
        ingestion = Ingestion(settings, database, index, embedder)
        models = open_models(settings)
        if models is not None:
            stack.push_async_callback(models.close)
        engine = Engine(settings, database, searcher, models)
        parser = Parser(settings)
        stack.push_async_callback(parser.close)
        pusher = Pusher(database, parser)
        uploads = Uploads(settings, database, open_blobs(settings.blob_location), ingestion, parser)
        stack.push_async_callback(uploads.close)
        chat_queue = ChatQueue(engine, ingestion.claims)
        stack.push_async_callback(chat_queue.close)
        keep, lease = settings.stream_keep_seconds, settings.stream_lease_seconds
        turns = Turns(database, chat_queue.answer, keep, lease)
        stack.push_async_callback(turns.close)
        yield Runtime(
            settings,
            database,
            embedder,
            index,
            searcher,
            ingestion,
            engine,
            uploads,
            chat_queue,
            turns,
            pusher,
            RateLimiter(database, settings.rate_limits),
        )
