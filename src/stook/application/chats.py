"""A person's chats: found, read, renamed, pinned, cut back to be asked anew."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from stook.conversation.chats import disclosure, repository
from stook.conversation.chats.records import Chat, Message
from stook.errors import InvalidRequest
from stook.identity.principals import Principal

Place = tuple[int, int]  # when a chat was last written to, and its number


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of chats, newest first, and where the next one begins."""

    chats: list[Chat]
    next: Place | None


@dataclass(frozen=True, slots=True)
class ReadChat:
    """A chat with its messages, as its owner may read them now."""

    chat: Chat
    messages: list[Message]


def find(
    connection: sa.Connection, email: str, words: str, before: Place | None, size: int
) -> Listed:
    """Chats whose title or questions hold the words; all where there are none."""
    listed = repository.list_newest(connection, email, size + 1, before=before, words=words)
    page, more = listed[:size], len(listed) > size
    return Listed(page, (page[-1].updated_at, page[-1].number) if more else None)


def pinned(connection: sa.Connection, email: str, most: int) -> list[Chat]:
    """The chats that a person keeps in view, newest first."""
    return repository.list_newest(connection, email, most, only_pinned=True)


def read(connection: sa.Connection, principal: Principal, chat_id: str) -> ReadChat:
    """A chat of the principal's; raises NotFound."""
    messages = disclosure.history(connection, principal, chat_id)
    return ReadChat(repository.find(connection, principal.email or "", chat_id), messages)


def change(
    connection: sa.Connection, email: str, chat_id: str, title: str | None, pin: bool | None
) -> Chat:
    """Rename a chat, pin it or let it go; raises NotFound, InvalidRequest."""
    if title is not None:
        if not title.strip():
            raise InvalidRequest("The title is empty.")
        repository.rename(connection, email, chat_id, title)
    if pin is not None:
        repository.pin(connection, email, chat_id, pin)
    return repository.find(connection, email, chat_id)


def cut_back(connection: sa.Connection, email: str, chat_id: str, turn_id: str) -> None:
    """Remove a turn of a chat and all behind it, to ask it anew; raises NotFound."""
    repository.delete_from(connection, email, chat_id, turn_id)
