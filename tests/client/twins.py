"""Runs the same test against both clients."""

from __future__ import annotations

import asyncio
import operator
from typing import Any

from stook import AsyncStook, Stook
from stook.client import NO_RETRIES, ChatResponse, Retries, StreamEvent

TOKEN = "stook_test"
QUICK = Retries(attempts=3, first_wait=0.01, longest_wait=5)


class Twin:
    """One of the two clients, behind awaitable calls."""

    def __init__(self, kind: type[Stook] | type[AsyncStook], url: str, **options: Any) -> None:
        options = {"token": TOKEN, "retries": QUICK, **options}
        self.client = kind(base_url=url, **options)

    async def call(self, verb: str, *given: Any, **named: Any) -> Any:
        """Call ``chat.create`` and the like."""
        method = operator.attrgetter(verb)(self.client)
        if isinstance(self.client, Stook):
            return await asyncio.to_thread(method, *given, **named)
        return await method(*given, **named)

    async def stream(
        self, *given: Any, seen: list[StreamEvent] | None = None, **named: Any
    ) -> tuple[list[StreamEvent], ChatResponse]:
        """All events of a stream, also put into ``seen``, and its response."""
        events = [] if seen is None else seen
        if isinstance(self.client, Stook):
            return await asyncio.to_thread(self._stream, events, *given, **named)
        async with self.client.chat.create_stream(*given, **named) as stream:
            async for event in stream:
                events.append(event)
        return events, stream.response

    def _stream(
        self, events: list[StreamEvent], *given: Any, **named: Any
    ) -> tuple[list[StreamEvent], ChatResponse]:
        assert isinstance(self.client, Stook)
        with self.client.chat.create_stream(*given, **named) as stream:
            for event in stream:
                events.append(event)  # noqa: PERF402 - a list that watches is told of each
        return events, stream.response

    async def close(self) -> None:
        await self.call("close")


__all__ = ["NO_RETRIES", "QUICK", "TOKEN", "Twin"]
