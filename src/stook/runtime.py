"""Opens the parts that a process needs, in order, and closes them again."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from stook.conversation.chats.uploads import Uploads
from stook.conversation.engine import Engine
from stook.conversation.question_log import QuestionLog
from stook.conversation.turns.queue import ChatQueue
from stook.conversation.turns.runner import Turns
from stook.core import open_core
from stook.identity.rate_limits import RateLimiter
from stook.knowledge.encoding.embedding import Embedder
from stook.knowledge.index.protocol import PassageIndex
from stook.knowledge.ingestion import former_jobs
from stook.knowledge.ingestion.indexing import Ingestion
from stook.knowledge.ingestion.parsing.parser import Parser
from stook.knowledge.intake.service import Pusher
from stook.knowledge.retrieval.retriever import Retrieval, Searcher
from stook.settings import Settings
from stook.storage.blobs import open_blobs
from stook.storage.database import Database


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
async def open_runtime(
    settings: Settings, *, renew_index: bool = False, retrieval: Retrieval | None = None
) -> AsyncIterator[Runtime]:
    """Everything that a server needs: the core, what takes documents in, and what runs turns.

    Raises IndexOutdated where another encoder or version filled the index, unless it is renewed.
    """
    async with contextlib.AsyncExitStack() as stack:
        core = await stack.enter_async_context(
            open_core(settings, renew_index=renew_index, retrieval=retrieval)
        )
        database, engine = core.database, core.engine
        former_jobs.put_aside(settings.data_dir.absolute())
        ingestion = Ingestion(settings, database, core.index, core.embedder)
        parser = Parser(settings)
        stack.push_async_callback(parser.close)
        pusher = Pusher(database, parser)
        uploads = Uploads(settings, database, open_blobs(settings.blob_location), ingestion, parser)
        stack.push_async_callback(uploads.close)
        chat_queue = ChatQueue(engine, ingestion.claims)
        stack.push_async_callback(chat_queue.close)
        keep, lease = settings.stream_keep_seconds, settings.stream_lease_seconds
        noted = QuestionLog(database, settings.question_text_days)
        turns = Turns(database, noted.watching(chat_queue.answer), keep, lease)
        stack.push_async_callback(turns.close)
        yield Runtime(
            settings,
            database,
            core.embedder,
            core.index,
            core.searcher,
            ingestion,
            engine,
            uploads,
            chat_queue,
            turns,
            pusher,
            RateLimiter(database, settings.rate_limits),
        )
