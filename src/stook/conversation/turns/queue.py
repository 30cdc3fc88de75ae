"""One question at a time in each chat, so that a follow-up knows the answer before it."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import replace

from stook.conversation.engine import Engine
from stook.conversation.events import Ask, Event, Failed
from stook.errors import TimedOut
from stook.storage.claims import Claims

LEAST_SECONDS = 0.001


class ChatQueue:
    """Answers questions in the order of their turns, over all processes on one database."""

    def __init__(self, engine: Engine, claims: Claims) -> None:
        self._engine = engine
        self._claims = claims
        self._queued: set[asyncio.Task[None]] = set()

    async def answer(self, ask: Ask) -> AsyncGenerator[Event]:
        """``Engine.answer``, once nothing else is answered in the chat; the wait counts as time."""
        began = asyncio.get_running_loop().time()
        async with contextlib.AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(ask.timeout_seconds):
                    await stack.enter_async_context(self._turn(ask.chat_id))
            except TimeoutError:
                yield Failed(TimedOut())
                return
            if ask.timeout_seconds is not None:
                spent = asyncio.get_running_loop().time() - began
                left = max(ask.timeout_seconds - spent, LEAST_SECONDS)
                ask = replace(ask, timeout_seconds=left)
            async with contextlib.aclosing(self._engine.answer(ask)) as events:
                async for event in events:
                    yield event

    async def is_busy(self, chat_id: str) -> bool:
        """Whether a question of the chat is being answered now."""
        name = [_claim(chat_id)]
        if not await asyncio.to_thread(self._claims.take, name):
            return True
        await asyncio.to_thread(self._claims.give_back, name)
        return False

    def put(self, ask: Ask) -> str:
        """Have a question answered later, and saved, with nobody waiting; the request's id."""
        task = asyncio.create_task(self._answer_alone(ask))
        self._queued.add(task)
        task.add_done_callback(self._queued.discard)
        return str(uuid.uuid4())

    async def close(self) -> None:
        """Stop; questions that still wait are lost, one being answered is saved as cancelled."""
        for task in self._queued:
            task.cancel()
        await asyncio.gather(*self._queued, return_exceptions=True)

    async def _answer_alone(self, ask: Ask) -> None:
        async with contextlib.aclosing(self.answer(ask)) as events:
            async for _ in events:
                pass

    @contextlib.asynccontextmanager
    async def _turn(self, chat_id: str | None) -> AsyncIterator[None]:
        if chat_id is None:
            yield
            return
        async with self._claims.hold([_claim(chat_id)]):
            yield


def _claim(chat_id: str) -> str:
    return f"chat {chat_id}"
