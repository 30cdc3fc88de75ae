"""How much work a deep question may cost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """At most so many searches, so many documents read whole, and so many seconds for both."""

    searches: int
    documents: int
    seconds: float


class Budget:
    """What is left of the limits of one question."""

    def __init__(self, limits: Limits) -> None:
        self._searches = limits.searches
        self._documents = limits.documents
        self._deadline = asyncio.get_running_loop().time() + limits.seconds

    @property
    def has_time(self) -> bool:
        return asyncio.get_running_loop().time() < self._deadline

    def take_search(self) -> bool:
        """Whether there may be another search, which is then counted."""
        self._searches -= 1
        return self._searches >= 0 and self.has_time

    def take_documents(self, wanted: int) -> int:
        """How many more documents may be read whole, which are then counted."""
        taken = min(wanted, self._documents) if self.has_time else 0
        self._documents -= taken
        return taken

    async def within(self, work: Awaitable[T]) -> T | None:
        """What the work comes to; None where the time ends before it does."""
        try:
            async with asyncio.timeout_at(self._deadline) as limit:
                return await work
        except TimeoutError:
            if limit.expired():
                return None
            raise
