"""SQL of chats and messages. Each function sees only the chats of the person it is given.

Somebody else's chat and one that does not exist are the same: NotFound.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from stook.conversation.chats import files as chat_files
from stook.conversation.chats.records import (
    Chat,
    Exchange,
    Message,
    Status,
    citation_from_json,
    citation_to_json,
)
from stook.errors import Forbidden, NotFound
from stook.storage.tables import chat_readers, chats, messages, users
from stook.understanding.question import Author

TITLE_CHARACTERS = 80
NO_SUCH_CHAT = "There is no such chat, or it is not yours."
NO_SUCH_MESSAGE = "There is no such message, or it is not yours."


def title_from(question: str) -> str:
    """A chat's title: the question on one line, cut at a word."""
    line = " ".join(question.split())
    if len(line) <= TITLE_CHARACTERS:
        return line or "New chat"
    return line[: TITLE_CHARACTERS - 1].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def create(
    c: sa.Connection,
    email: str,
    title: str,
    at: int,
    application_id: str | None = None,
    chat_id: str | None = None,
) -> Chat:
    """Make an empty chat; raises Forbidden when there is no active user of that address."""
    active = sa.select(users.c.email).where(users.c.email == email, users.c.active)
    if c.execute(active).first() is None:
        raise Forbidden(f"Chats are kept for active users only; {email} is none.")
    number = c.execute(sa.select(sa.func.coalesce(sa.func.max(chats.c.number), 0) + 1)).scalar_one()
    chat = Chat(chat_id or str(uuid.uuid4()), number, email, title, application_id, at, at)
    c.execute(sa.insert(chats).values(**{name: getattr(chat, name) for name in Chat.__slots__}))
    return chat


def append(c: sa.Connection, email: str, chat_id: str, exchange: Exchange) -> Chat:
    """Add a question and its answer at the end; raises NotFound."""
    chat = find(c, email, chat_id, lock=True)
    last = sa.select(sa.func.coalesce(sa.func.max(messages.c.position), -1))
    position = c.execute(last.where(messages.c.chat_id == chat_id)).scalar_one() + 1
    c.execute(sa.insert(messages), _rows(chat_id, position, exchange))
    newer = sa.update(chats).where(chats.c.id == chat_id).values(updated_at=exchange.created_at)
    c.execute(newer)
    return chat


def save(
    c: sa.Connection,
    email: str,
    chat_id: str | None,
    exchange: Exchange,
    application_id: str | None = None,
    new_chat_id: str | None = None,
) -> Chat:
    """Append to the chat, or to a new one titled after the question when none is given."""
    if chat_id is None:
        title = title_from(exchange.question)
        at = exchange.created_at
        chat_id = create(c, email, title, at, application_id, new_chat_id).id
    return append(c, email, chat_id, exchange)


def _rows(chat_id: str, position: int, exchange: Exchange) -> list[dict[str, Any]]:
    common = {
        "chat_id": chat_id,
        "turn_id": exchange.turn_id,
        "created_at": exchange.created_at,
    }
    asked = common | {
        "id": exchange.question_id,
        "position": position,
        "author": Author.USER.value,
        "status": Status.COMPLETE.value,
        "text": exchange.question,
        "citations": [],
        "details": dict(exchange.question_details),
    }
    answered = common | {
        "id": exchange.message_id,
        "position": position + 1,
        "author": Author.ASSISTANT.value,
        "status": exchange.status.value,
        "text": exchange.answer,
        "citations": [citation_to_json(citation) for citation in exchange.citations],
        "details": dict(exchange.answer_details),
    }
    return [asked, answered]


def find(c: sa.Connection, email: str, chat_id: str, lock: bool = False) -> Chat:
    """The chat of this person; raises NotFound. ``lock`` makes other writers wait for this one."""
    query = _own(email).where(chats.c.id == chat_id)
    return _only(c, query.with_for_update() if lock else query)


def find_by_number(c: sa.Connection, email: str, number: int) -> Chat:
    """The chat of this person with that number; raises NotFound."""
    return _only(c, _own(email).where(chats.c.number == number))


def list_newest(
    c: sa.Connection,
    email: str,
    limit: int = 100,
    offset: int = 0,
    before: tuple[int, int] | None = None,
    words: str = "",
    only_pinned: bool = False,
) -> list[Chat]:
    """This person's chats, the one written to last first; those behind a time and number.

    With ``words``, those whose title or questions hold each of them.
    """
    newest = _own(email).order_by(chats.c.updated_at.desc(), chats.c.number.desc())
    if before is not None:
        newest = newest.where(sa.tuple_(chats.c.updated_at, chats.c.number) < before)
    if only_pinned:
        newest = newest.where(chats.c.pinned)
    newest = newest.where(*(_holds(word) for word in words.lower().split()))
    return [chat_from(row) for row in c.execute(newest.limit(limit).offset(offset))]


def history(c: sa.Connection, email: str, chat_id: str) -> list[Message]:
    """All messages of the chat, oldest first; raises NotFound."""
    find(c, email, chat_id)
    query = sa.select(messages).where(messages.c.chat_id == chat_id)
    return [_message(row) for row in c.execute(query.order_by(messages.c.position))]


def find_message(c: sa.Connection, email: str, name: str) -> list[Message]:
    """This person's message of that id, or the two of the turn of that id; raises NotFound."""
    query = (
        sa.select(messages)
        .join(chats, chats.c.id == messages.c.chat_id)
        .where(chats.c.user_email == email)
        .where(sa.or_(messages.c.id == name, messages.c.turn_id == name))
    )
    found = [_message(row) for row in c.execute(query.order_by(messages.c.position))]
    if not found:
        raise NotFound(NO_SUCH_MESSAGE)
    return found


def delete_message(c: sa.Connection, email: str, name: str) -> Message:
    """Delete a message, or the two of a turn; returns the last of them. Raises NotFound."""
    found = find_message(c, email, name)
    c.execute(sa.delete(messages).where(messages.c.id.in_([each.id for each in found])))
    return found[-1]


def delete_from(c: sa.Connection, email: str, chat_id: str, turn_id: str) -> None:
    """Delete a turn of the chat and all behind it; raises NotFound."""
    find(c, email, chat_id, lock=True)
    own = messages.c.chat_id == chat_id
    of_turn = messages.c.turn_id == turn_id
    first = c.scalar(sa.select(sa.func.min(messages.c.position)).where(own, of_turn))
    if first is None:
        raise NotFound(NO_SUCH_MESSAGE)
    c.execute(sa.delete(messages).where(own, messages.c.position >= first))


def history_until(c: sa.Connection, email: str, message_id: str) -> list[Message]:
    """The messages of a chat up to one of them, oldest first; raises NotFound."""
    chat_id = c.scalar(sa.select(messages.c.chat_id).where(messages.c.id == message_id))
    held = history(c, email, chat_id or "")
    return held[: [one.id for one in held].index(message_id) + 1]


def rename(c: sa.Connection, email: str, chat_id: str, title: str) -> None:
    """Give the chat another title; raises NotFound."""
    find(c, email, chat_id)
    c.execute(sa.update(chats).where(chats.c.id == chat_id).values(title=title_from(title)))


def pin(c: sa.Connection, email: str, chat_id: str, pinned: bool) -> None:
    """Keep the chat in view, or no longer; raises NotFound."""
    find(c, email, chat_id)
    c.execute(sa.update(chats).where(chats.c.id == chat_id).values(pinned=pinned))


def summarise(c: sa.Connection, email: str, chat_id: str, summary: str | None) -> None:
    """Keep what the chat's owner writes of it; raises NotFound."""
    find(c, email, chat_id)
    c.execute(sa.update(chats).where(chats.c.id == chat_id).values(summary=summary))


def delete(c: sa.Connection, email: str, chat_ids: Collection[str]) -> int:
    """Delete those of the named chats that are this person's; returns how many those were."""
    own = sa.select(chats.c.id).where(chats.c.user_email == email, chats.c.id.in_(chat_ids))
    return _delete(c, email, c.execute(own).scalars().all())


def delete_all(c: sa.Connection, email: str) -> int:
    """Delete every chat of this person; returns how many there were."""
    own = sa.select(chats.c.id).where(chats.c.user_email == email)
    return _delete(c, email, c.execute(own).scalars().all())


def _delete(c: sa.Connection, email: str, ids: Sequence[str]) -> int:
    """Delete chats, and the files that were asked about in these and in no other."""
    files = chat_files.used_in(c, email, ids)
    c.execute(sa.delete(messages).where(messages.c.chat_id.in_(ids)))
    c.execute(sa.delete(chat_readers).where(chat_readers.c.chat_id.in_(ids)))
    c.execute(sa.delete(chats).where(chats.c.id.in_(ids)))
    if files:
        chat_files.remove(c, email, files - chat_files.used_in(c, email))
    return len(ids)


def _holds(word: str) -> sa.ColumnElement[bool]:
    """Whether a chat's title, or one of its questions, has the word in it."""
    asked = sa.exists().where(
        messages.c.chat_id == chats.c.id,
        messages.c.author == Author.USER.value,
        sa.func.lower(messages.c.text).contains(word, autoescape=True),
    )
    return sa.or_(sa.func.lower(chats.c.title).contains(word, autoescape=True), asked)


def _own(email: str) -> sa.Select[Any]:
    return sa.select(chats).where(chats.c.user_email == email)


def _only(c: sa.Connection, query: sa.Select[Any]) -> Chat:
    row = c.execute(query).first()
    if row is None:
        raise NotFound(NO_SUCH_CHAT)
    return chat_from(row)


def chat_from(row: sa.Row[Any]) -> Chat:
    """Return the chat that a row of the table is."""
    return Chat(*(getattr(row, name) for name in Chat.__slots__))


def _message(row: sa.Row[Any]) -> Message:
    return Message(
        id=row.id,
        chat_id=row.chat_id,
        position=row.position,
        turn_id=row.turn_id,
        author=Author(row.author),
        status=Status(row.status),
        text=row.text,
        citations=tuple(citation_from_json(stored) for stored in row.citations),
        details=row.details,
        created_at=row.created_at,
    )
