"""Saves a turn: question and answer in one write, which is tried again after a conflict."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable

import sqlalchemy as sa

from stook.conversation.chats import repository
from stook.conversation.chats.records import FILES, OUTCOME, Chat, Exchange, Status
from stook.conversation.events import Ask
from stook.conversation.turns.turn import Turn
from stook.errors import Conflict, InvalidRequest
from stook.storage import clock
from stook.storage.database import Database

ATTEMPTS = 5


async def save(database: Database, turn: Turn, status: Status) -> Chat:
    """Append the turn to its chat, or to a new one; raises NotFound, Forbidden, Conflict."""
    ask = turn.ask
    if ask.principal.email is None:
        raise InvalidRequest("Chats are kept for people: ask as a user to save one.")
    return await _written(
        database,
        functools.partial(
            repository.save,
            email=ask.principal.email,
            chat_id=ask.chat_id,
            exchange=_exchange(turn, status),
            application_id=ask.application_id,
            new_chat_id=turn.chat_id,
        ),
    )


async def begin(database: Database, email: str, question: str) -> Chat:
    """A chat for a question that is about to be asked; raises Forbidden, Conflict."""
    title, at = repository.title_from(question), clock.now()
    return await _written(
        database, functools.partial(repository.create, email=email, title=title, at=at)
    )


async def _written(database: Database, query: Callable[[sa.Connection], Chat]) -> Chat:
    for attempt in range(ATTEMPTS):
        try:
            return await database.write(query)
        except sa.exc.IntegrityError:  # another node took the number, or the position
            await asyncio.sleep(0.01 * 2**attempt)
    raise Conflict("Several answers were saved at once; ask again.")


def _cited_part(turn: Turn) -> str:
    """An answer that was broken off, as far as it says what it rests on.

    Words without their citation could not be withheld from somebody who loses the right.
    """
    ends = [citation.answer_range.end for citation in turn.citations]
    return turn.text[: max(ends, default=0)]


def _kept(ask: Ask) -> dict[str, object]:
    """What is stored with a question: what its API tells again, and what belongs to the turn."""
    kept = dict(ask.told_again)
    if ask.application_id is not None:
        kept["application_id"] = ask.application_id
    if ask.attached:
        kept[FILES] = list(ask.attached)
    return kept


def _exchange(turn: Turn, status: Status) -> Exchange:
    return Exchange(
        turn_id=turn.id,
        question_id=turn.question_id,
        message_id=turn.message_id,
        question=turn.ask.question,
        answer=turn.text if status is Status.COMPLETE else _cited_part(turn),
        created_at=turn.created_at,
        status=status,
        citations=tuple(turn.citations),
        question_details=_kept(turn.ask),
        answer_details={
            OUTCOME: turn.outcome.value,
            "suggestions": list(turn.suggestions),
            **turn.noted.known(),
        },
    )
