"""One turn while it is being answered: what was written so far, its clock and its deadline."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
import uuid
from collections.abc import Awaitable, Iterator
from datetime import UTC, datetime
from typing import TypeVar

from stook.answering.base import Noted
from stook.answering.outcome import Outcome
from stook.answering.pieces import Citation, Cited, TextDelta
from stook.conversation.events import Answer, Ask
from stook.storage import clock
from stook.understanding.prompt_parts import PromptParts

T = TypeVar("T")


class Turn:
    """The state of one answer. ``ended``: nothing is left to be saved."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.prompt = PromptParts(ask.question)  # until it has been read
        self.id = ask.turn_id or str(uuid.uuid4())
        self.chat_id = ask.chat_id or (str(uuid.uuid4()) if ask.save else "")
        self.question_id = str(uuid.uuid4())
        self.message_id = ask.message_id or str(uuid.uuid4())
        self.created_at = clock.now()
        self.citations: list[Citation] = []
        self.suggestions: tuple[str, ...] = ()
        self.noted = Noted()
        self.outcome = Outcome.ANSWERED
        self.started = False
        self.ended = False
        self._texts: list[str] = []
        self._timings: dict[str, int] = {}
        self._began = time.perf_counter()
        loop = asyncio.get_running_loop()
        seconds = ask.timeout_seconds
        self._deadline = None if seconds is None else loop.time() + seconds

    @property
    def text(self) -> str:
        """What has been written so far."""
        return "".join(self._texts)

    @property
    def worth_keeping(self) -> bool:
        """Whether a turn that did not finish is saved: the question was valid and is to be."""
        return self.ask.save and self.started and self.ask.principal.email is not None

    @property
    def seconds_left(self) -> float:
        """Until the deadline; without end where there is none."""
        if self._deadline is None:
            return math.inf
        return max(0.0, self._deadline - asyncio.get_running_loop().time())

    async def within(self, work: Awaitable[T]) -> T:
        """Wait for the work until the deadline of the turn; raises TimeoutError."""
        async with asyncio.timeout_at(self._deadline):
            return await work

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count the time spent inside for the step."""
        began = time.perf_counter()
        try:
            yield
        finally:
            spent = _milliseconds(began)
            self._timings[name] = self._timings.get(name, 0) + spent

    def take(self, piece: TextDelta | Cited) -> None:
        """Note a piece of the answer."""
        if isinstance(piece, TextDelta):
            self._texts.append(piece.text)
        else:
            self.citations.append(piece.citation)

    def answer(self, chat_number: int) -> Answer:
        """The whole turn, once it is written."""
        return Answer(
            text=self.text,
            citations=tuple(self.citations),
            suggestions=self.suggestions,
            outcome=self.outcome,
            chat_id=self.chat_id,
            chat_number=chat_number,
            turn_id=self.id,
            question_id=self.question_id,
            message_id=self.message_id,
            created_at=datetime.fromtimestamp(self.created_at / 1_000_000, UTC),
            milliseconds=_milliseconds(self._began),
            timings=dict(self._timings),
            noted=self.noted,
        )


def _milliseconds(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)
