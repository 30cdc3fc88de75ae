"""A person's chats: found, read, changed, cut back to be asked anew, deleted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from stook.conversation.chats import disclosure, repository, sharing
from stook.conversation.chats.records import Chat, Message
from stook.conversation.chats.repository import NO_SUCH_CHAT, NO_SUCH_MESSAGE
from stook.conversation.chats.sharing import Sharing
from stook.conversation.turns import save
from stook.errors import InvalidRequest, NotFound
from stook.identity import users
from stook.identity.principals import Principal
from stook.runtime import Runtime
from stook.storage.text import is_storable

__all__ = ["NO_SUCH_CHAT", "NO_SUCH_MESSAGE", "Chat", "Message", "Sharing"]

Place = tuple[int, int]  # when a chat was last written to, and its number
MOST = 100_000  # of a list that is not in pages


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of chats, newest first, and where the next one begins."""

    chats: list[Chat]
    next: Place | None


@dataclass(frozen=True, slots=True)
class ReadChat:
    """A chat with its messages, as its reader may see them now.

    ``shared_by`` is the name of its owner, empty where that is the reader.
    """

    chat: Chat
    messages: list[Message]
    shared_by: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be changed of a chat; None: nothing."""

    title: str | None = None
    pin: bool | None = None


async def find(
    runtime: Runtime, email: str, words: str = "", before: Place | None = None, size: int = MOST
) -> Listed:
    """Return chats whose title or questions hold the words; all where there are none."""
    known = words if is_storable(words) else ""
    return await runtime.database.read(_find, email, known, before, size)


def _find(
    connection: sa.Connection, email: str, words: str, before: Place | None, size: int
) -> Listed:
    listed = repository.list_newest(connection, email, size + 1, before=before, words=words)
    page, more = listed[:size], len(listed) > size
    return Listed(page, (page[-1].updated_at, page[-1].number) if more else None)


async def pinned(runtime: Runtime, email: str, most: int) -> list[Chat]:
    """Return the chats that a person keeps in view, newest first."""
    read = runtime.database.read
    return await read(repository.list_newest, email, most, only_pinned=True)


async def own(runtime: Runtime, principal: Principal, chat_id: str) -> ReadChat:
    """Return a chat of the principal's own; raises NotFound."""
    return await runtime.database.read(_own, principal, _known(chat_id))


def _own(connection: sa.Connection, principal: Principal, chat_id: str) -> ReadChat:
    chat = repository.find(connection, principal.email or "", chat_id)
    return ReadChat(chat, disclosure.history(connection, principal, chat_id))


async def read(runtime: Runtime, principal: Principal, chat_id: str) -> ReadChat:
    """Return a chat of the principal's, or one that is shared with them; raises NotFound."""
    return await runtime.database.read(_read, principal, _known(chat_id))


def _read(connection: sa.Connection, principal: Principal, chat_id: str) -> ReadChat:
    try:
        return _own(connection, principal, chat_id)
    except NotFound:
        return _shared(connection, principal, chat_id)


def _shared(connection: sa.Connection, principal: Principal, chat_id: str) -> ReadChat:
    chat = sharing.find_shared(connection, principal.email or "", chat_id)
    owner = users.find(connection, chat.user_email)
    messages = sharing.shared_history(connection, principal, chat)
    return ReadChat(chat, messages, (owner.name if owner else "") or chat.user_email)


async def shared_with(runtime: Runtime, email: str, most: int) -> list[Chat]:
    """Return the chats that others show to a person by name, newest first."""
    return await runtime.database.read(sharing.shared_with, email, most)


async def sharing_of(runtime: Runtime, owner: str, chat_id: str) -> Sharing:
    """Return whom a chat is shown to; raises NotFound."""
    return await runtime.database.read(sharing.sharing_of, owner, _known(chat_id))


async def share(runtime: Runtime, owner: str, chat_id: str, wanted: Sharing) -> Sharing:
    """Show a chat to these and nobody else; raises NotFound, InvalidRequest."""
    return await runtime.database.write(sharing.share, owner, _known(chat_id), wanted)


async def numbered(runtime: Runtime, email: str, number: int) -> Chat:
    """Return the person's chat of that number; raises NotFound."""
    return await runtime.database.read(repository.find_by_number, email, number)


async def begin(runtime: Runtime, email: str, question: str) -> Chat:
    """Make a chat before its first answer; raises Forbidden."""
    return await save.begin(runtime.database, email, question)


async def change(runtime: Runtime, email: str, chat_id: str, wanted: Change) -> Chat:
    """Rename a chat, pin it or let it go; raises NotFound, InvalidRequest."""
    return await runtime.database.write(_change, email, _known(chat_id), wanted)


def _change(connection: sa.Connection, email: str, chat_id: str, wanted: Change) -> Chat:
    if wanted.title is not None:
        if not wanted.title.strip():
            raise InvalidRequest("The title is empty.")
        repository.rename(connection, email, chat_id, wanted.title)
    if wanted.pin is not None:
        repository.pin(connection, email, chat_id, wanted.pin)
    return repository.find(connection, email, chat_id)


async def summarise(runtime: Runtime, email: str, chat_id: str, summary: str | None) -> None:
    """Keep what the chat's owner writes of it; raises NotFound."""
    await runtime.database.write(repository.summarise, email, chat_id, summary)


async def cut_back(runtime: Runtime, email: str, chat_id: str, turn_id: str) -> None:
    """Remove a turn of a chat and all behind it, to ask it anew; raises NotFound."""
    await runtime.database.write(repository.delete_from, email, chat_id, turn_id)


async def delete(runtime: Runtime, email: str, chat_ids: Collection[str]) -> int:
    """Delete those of the chats that are the person's; returns how many there were."""
    known = [chat_id for chat_id in chat_ids if is_storable(chat_id)]
    return await runtime.database.write(repository.delete, email, known)


async def delete_all(runtime: Runtime, email: str) -> int:
    """Delete every chat of the person; returns how many there were."""
    return await runtime.database.write(repository.delete_all, email)


async def delete_message(runtime: Runtime, email: str, name: str) -> Message:
    """Delete a message, or a question with its answer; returns the last. Raises NotFound."""
    return await runtime.database.write(repository.delete_message, email, name)


def _known(chat_id: str) -> str:
    if not is_storable(chat_id):
        raise NotFound(NO_SUCH_CHAT)
    return chat_id
