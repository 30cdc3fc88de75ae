"""SQL of how questions were answered over some days: counts, speed, feedback, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from stook.answering.outcome import Outcome
from stook.conversation.feedback import DOWN, UP
from stook.conversation.question_log import DAY, FAILED, AskedQuestion
from stook.storage.tables import asked_questions as asked
from stook.storage.tables import feedback

PERCENTILES = (50, 90, 99)
MOST_UNANSWERED = 300  # questions of a time that are put together by meaning: the last ones
MOST_VOTES = 20_000  # that are counted, of the last ones
MOST_COMPLAINTS = 50
_WANTING = (Outcome.CLOSEST.value, Outcome.NOTHING.value)


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many questions of a day (counted from the epoch, UTC) had each outcome."""

    day: int
    answered: int
    closest: int
    nothing: int
    failed: int


@dataclass(frozen=True, slots=True)
class Speed:
    """How many milliseconds an answer took: so many at most for each part of a hundred."""

    percent: int
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Complaint:
    """An answer that was not good, in the words of whoever said so; ``question`` while kept."""

    said_at: int
    reason: str
    comment: str
    question: str


@dataclass(frozen=True, slots=True)
class Opinions:
    """How many answers were called good and bad, and the last complaints."""

    good: int
    bad: int
    complaints: tuple[Complaint, ...]


def by_day(connection: sa.Connection, since: int) -> list[DayCount]:
    """The days on which something was asked, the first one first."""
    day = asked.c.asked_at // DAY
    query = (
        sa.select(day.label("day"), asked.c.outcome, sa.func.count().label("number"))
        .where(asked.c.asked_at >= since)
        .group_by(day, asked.c.outcome)
    )
    found: dict[int, dict[str, int]] = {}
    for row in connection.execute(query):
        found.setdefault(int(row.day), {})[row.outcome] = row.number
    return [
        DayCount(
            each,
            counts.get(Outcome.ANSWERED.value, 0),
            counts.get(Outcome.CLOSEST.value, 0),
            counts.get(Outcome.NOTHING.value, 0),
            counts.get(FAILED, 0),
        )
        for each, counts in sorted(found.items())
    ]


def speed(connection: sa.Connection, since: int) -> list[Speed]:
    """The percentiles of what answers took; none where nothing was answered."""
    finished = sa.and_(asked.c.asked_at >= since, asked.c.outcome != FAILED)
    number = connection.scalar(sa.select(sa.func.count()).where(finished)) or 0
    if not number:
        return []
    times = sa.select(asked.c.milliseconds).where(finished).order_by(asked.c.milliseconds)
    ranks = [(percent, -(-number * percent // 100) - 1) for percent in PERCENTILES]
    return [
        Speed(percent, connection.scalar(times.limit(1).offset(rank)) or 0)
        for percent, rank in ranks
    ]


def unanswered(connection: sa.Connection, since: int, text_since: int) -> list[AskedQuestion]:
    """The last questions that were not answered and whose text may be read, newest first."""
    columns = [asked.c[name] for name in AskedQuestion.__slots__]
    query = (
        sa.select(*columns)
        .where(asked.c.asked_at >= max(since, text_since), asked.c.text != "")
        .where(asked.c.outcome.in_(_WANTING))
        .order_by(asked.c.asked_at.desc(), asked.c.id)
    )
    return [AskedQuestion(*row) for row in connection.execute(query.limit(MOST_UNANSWERED))]


def opinions(connection: sa.Connection, since: int, text_since: int) -> Opinions:
    """What people said of answers since then, each person's last word on each answer."""
    query = (
        sa.select(feedback)
        .where(feedback.c.event.in_((UP, DOWN)), feedback.c.created_at >= since)
        .order_by(feedback.c.created_at.desc(), feedback.c.id)
    )
    last: dict[tuple[str, str], sa.Row[Any]] = {}
    for row in connection.execute(query.limit(MOST_VOTES)):
        for message_id in row.tracking_tokens:
            last.setdefault((row.user_email, message_id), row)
    bad = [(token, row) for (_, token), row in last.items() if row.event == DOWN]
    shown = bad[:MOST_COMPLAINTS]
    texts = _texts(connection, [token for token, _ in shown], text_since)
    complaints = [_complaint(row, texts.get(token, "")) for token, row in shown]
    return Opinions(len(last) - len(bad), len(bad), tuple(complaints))


def _texts(connection: sa.Connection, messages: Sequence[str], since: int) -> dict[str, str]:
    query = sa.select(asked.c.message_id, asked.c.text).where(
        asked.c.message_id.in_(messages), asked.c.asked_at >= since
    )
    return {row.message_id: row.text for row in connection.execute(query)}


def _complaint(row: sa.Row[Any], question: str) -> Complaint:
    said = {name: value for name, value in row.details.items() if isinstance(value, str)}
    return Complaint(row.created_at, said.get("reason", ""), said.get("comment", ""), question)
