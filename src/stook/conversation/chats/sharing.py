"""SQL of chats that their owners show to colleagues, and what a colleague may read of them.

An answer repeats words of documents, and its owner may see other documents than its reader. So a
reader is shown an answer only if it says what it rests on, and they may see all of that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import sqlalchemy as sa

from stook.answering.outcome import Outcome
from stook.conversation.chats import repository
from stook.conversation.chats.disclosure import hidden_from
from stook.conversation.chats.records import OUTCOME, Chat, Message
from stook.errors import InvalidRequest, NotFound
from stook.identity import users
from stook.identity.principals import Principal
from stook.storage import clock
from stook.storage.tables import chat_readers, chats
from stook.storage.tables import users as people
from stook.storage.text import is_storable
from stook.understanding.question import Author

MOST_READERS = 200
WITHHELD = "This answer rests on documents that you may not see."
NOTHING_FOUND = "Nothing was found that the person who asked may see."


@dataclass(frozen=True, slots=True)
class Sharing:
    """Whom a chat is shown to: everyone who is signed in, and these people."""

    everyone: bool = False
    people: tuple[str, ...] = ()


def sharing_of(c: sa.Connection, owner: str, chat_id: str) -> Sharing:
    """Return whom the owner shows a chat to; raises NotFound."""
    chat = repository.find(c, owner, chat_id)
    named = sa.select(chat_readers.c.user_email).where(chat_readers.c.chat_id == chat_id)
    return Sharing(chat.shared, tuple(c.scalars(named.order_by(chat_readers.c.user_email))))


def share(c: sa.Connection, owner: str, chat_id: str, wanted: Sharing) -> Sharing:
    """Show a chat to these and nobody else; raises NotFound, and InvalidRequest that names whom."""
    repository.find(c, owner, chat_id, lock=True)
    readers = sorted({_colleague(c, email) for email in wanted.people} - {owner})
    if len(readers) > MOST_READERS:
        raise InvalidRequest(f"A chat is shared with at most {MOST_READERS} people by name.")
    c.execute(sa.update(chats).where(chats.c.id == chat_id).values(shared=wanted.everyone))
    c.execute(sa.delete(chat_readers).where(chat_readers.c.chat_id == chat_id))
    if readers:
        at = clock.now()
        rows = [{"chat_id": chat_id, "user_email": email, "since": at} for email in readers]
        c.execute(sa.insert(chat_readers), rows)
    return Sharing(wanted.everyone, tuple(readers))


def _colleague(c: sa.Connection, email: str) -> str:
    found = users.find(c, email) if is_storable(email) else None
    if found is None or not found.active:
        raise InvalidRequest(f"There is no person {email} here; a chat is shared with people only.")
    return found.email


def shared_with(c: sa.Connection, email: str, limit: int) -> list[Chat]:
    """Return the chats that others show to this person by name, newest first."""
    named = sa.exists().where(
        chat_readers.c.chat_id == chats.c.id, chat_readers.c.user_email == email
    )
    newest = chats.c.updated_at.desc(), chats.c.number.desc()
    query = _of_others(email).where(named).order_by(*newest).limit(limit)
    return [repository.chat_from(row) for row in c.execute(query)]


def find_shared(c: sa.Connection, email: str, chat_id: str) -> Chat:
    """Return a chat that somebody else shows to this person; raises NotFound."""
    named = sa.exists().where(chat_readers.c.chat_id == chat_id, chat_readers.c.user_email == email)
    query = _of_others(email).where(chats.c.id == chat_id, sa.or_(chats.c.shared, named))
    row = c.execute(query).first()
    if row is None:
        raise NotFound(repository.NO_SUCH_CHAT)
    return repository.chat_from(row)


def _of_others(email: str) -> sa.Select[tuple[object, ...]]:
    """Chats of others who may still sign in."""
    own = sa.select(chats).join(people, people.c.email == chats.c.user_email)
    return own.where(chats.c.user_email != email, people.c.active)


def shared_history(c: sa.Connection, reader: Principal, chat: Chat) -> list[Message]:
    """Return the messages of a chat as its reader may see them, oldest first."""
    messages = repository.history(c, chat.user_email, chat.id)
    hidden = hidden_from(c, reader, messages, given=True)
    return [_shown(message, hidden) for message in messages]


def _shown(message: Message, hidden: set[str]) -> Message:
    """Withhold what the reader may not see, or what does not say what it rests on.

    Questions to ask next come from documents that are not cited, files are their owner's.
    """
    if message.author is Author.USER:
        return replace(message, details={})
    if message.outcome is Outcome.NOTHING:
        kept = {OUTCOME: Outcome.NOTHING.value}
        return replace(message, text=NOTHING_FOUND, citations=(), details=kept)
    cited = _cited(message)
    if not cited or cited & hidden:
        return replace(message, text=WITHHELD, citations=(), details={}, withheld=True)
    return replace(message, details={OUTCOME: message.outcome.value})


def _cited(message: Message) -> set[str]:
    return {citation.document.id for citation in message.citations}
