"""What people say of answers and results, and what they do to documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from stook.conversation import feedback
from stook.conversation.chats import repository
from stook.conversation.feedback import DOWN, UP, Activity, Feedback
from stook.runtime import Runtime

__all__ = ["Activity", "Feedback", "give", "rate", "report", "vote"]


async def give(runtime: Runtime, email: str, given: Feedback) -> None:
    """Keep what a person said, once for each id."""
    await runtime.database.write(feedback.record, email, given)


async def report(runtime: Runtime, email: str, events: Sequence[Activity]) -> None:
    """Keep what a person did to documents, once for each id."""
    await runtime.database.write(feedback.report, email, events)


async def vote(
    runtime: Runtime, email: str, message_id: str, good: bool, details: Mapping[str, Any]
) -> None:
    """Keep whether a person finds the answer of that id good."""
    await give(runtime, email, _vote(message_id, good, details))


async def rate(
    runtime: Runtime, email: str, name: str, good: bool, details: Mapping[str, Any]
) -> None:
    """Keep whether the answer with that id, or of that turn, was good; raises NotFound."""
    await runtime.database.write(_rate, email, name, good, details)


def _rate(
    connection: sa.Connection, email: str, name: str, good: bool, details: Mapping[str, Any]
) -> None:
    *_, answered = repository.find_message(connection, email, name)
    feedback.record(connection, email, _vote(answered.id, good, details))


def _vote(message_id: str, good: bool, details: Mapping[str, Any]) -> Feedback:
    return Feedback(UP if good else DOWN, (message_id,), details=dict(details))
