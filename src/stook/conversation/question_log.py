"""Notes how questions are answered: when, how well, how fast, from what; never who asked.

The texts are for administrators, to see what is asked and not answered, and are kept for a
bounded time. What is counted stays for longer.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Callable, Collection
from dataclasses import dataclass

import sqlalchemy as sa

from stook.conversation.events import Ask, Event, Failed, Finished, Searching, Started
from stook.conversation.given import is_given
from stook.storage import clock
from stook.storage.database import Database
from stook.storage.tables import asked_questions as asked
from stook.storage.tables import citation_counts as counts
from stook.storage.upserts import insert_missing

DAY = 86_400 * 1_000_000  # microseconds
KEPT_DAYS = 400  # what is counted
TIDIED_EVERY = 3600 * 1_000_000  # microseconds
LONGEST = 2000  # characters of a question that are kept
FAILED = "failed"

Answering = Callable[[Ask], AsyncGenerator[Event]]


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question and what became of it; ``asked_at`` is microseconds since the epoch, UTC."""

    id: str
    message_id: str
    asked_at: int
    text: str
    outcome: str
    milliseconds: int


class QuestionLog:
    """Watches answers being written, and notes what became of each question."""

    def __init__(self, database: Database, text_days: int) -> None:
        self._database = database
        self._text_days = text_days
        self._tidied_at = 0

    def watching(self, answering: Answering) -> Answering:
        """What answers as ``answering`` does, and is noted."""

        async def watched(ask: Ask) -> AsyncGenerator[Event]:
            started: Started | None = None
            searched = False
            async with contextlib.aclosing(answering(ask)) as events:
                async for event in events:
                    match event:
                        case Started():
                            started = event
                        case Searching():
                            searched = True
                        case Finished() if searched and started:
                            self._note(ask, started, event)
                        case Failed() if searched and started:
                            self._note(ask, started, event)
                    yield event

        return watched

    def _note(self, ask: Ask, started: Started, last: Finished | Failed) -> None:
        outcome, milliseconds, cited = FAILED, 0, frozenset[str]()
        if isinstance(last, Finished):
            answer = last.answer
            outcome, milliseconds = answer.outcome.value, answer.milliseconds
            documents = [citation.document for citation in answer.citations]
            cited = frozenset(one.id for one in documents if not is_given(one))
        text = " ".join(ask.question.split())[:LONGEST] if self._text_days else ""
        at = clock.now()
        noted = AskedQuestion(started.turn_id, started.message_id, at, text, outcome, milliseconds)
        self._database.write_later(note, noted, cited)
        if at - self._tidied_at > TIDIED_EVERY:
            self._tidied_at = at
            self._database.write_later(tidy, self._text_days)


def note(connection: sa.Connection, question: AskedQuestion, cited: Collection[str]) -> None:
    """Keep what became of a question, and count the documents that its answer cites."""
    row = {name: getattr(question, name) for name in AskedQuestion.__slots__}
    insert_missing(connection, asked, [row])
    day = question.asked_at // DAY
    fresh = [{"document_id": each, "day": day, "answers": 0} for each in sorted(cited)]
    insert_missing(connection, counts, fresh)
    once_more = sa.update(counts).values(answers=counts.c.answers + 1)
    connection.execute(once_more.where(counts.c.document_id.in_(cited), counts.c.day == day))


def tidy(connection: sa.Connection, text_days: int) -> None:
    """Forget texts that were kept long enough, and what was counted too long ago."""
    at = clock.now()
    too_old = sa.update(asked).where(asked.c.asked_at <= at - text_days * DAY, asked.c.text != "")
    connection.execute(too_old.values(text=""))
    kept_from = at - KEPT_DAYS * DAY
    connection.execute(sa.delete(asked).where(asked.c.asked_at < kept_from))
    connection.execute(sa.delete(counts).where(counts.c.day < kept_from // DAY))
