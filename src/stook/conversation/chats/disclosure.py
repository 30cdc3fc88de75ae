"""Stored chats as their owner may read them now.

An answer repeats the words of the documents that it cites. Where one of those is no longer the
reader's to see, the answer is withheld, as long as that lasts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from stook.conversation.chats import repository
from stook.conversation.chats.records import Message
from stook.conversation.given import is_given
from stook.errors import NotFound
from stook.identity.principals import Principal
from stook.knowledge.store import catalogue

WITHHELD = "This answer rested on a document that you can no longer see."


def history(c: sa.Connection, principal: Principal, chat_id: str) -> list[Message]:
    """All messages of the principal's chat, oldest first; raises NotFound."""
    if principal.email is None:
        raise NotFound(repository.NO_SUCH_CHAT)
    return _readable(c, principal, repository.history(c, principal.email, chat_id))


def hidden_from(
    c: sa.Connection, principal: Principal, messages: Sequence[Message], *, given: bool = False
) -> set[str]:
    """Return the ids of what the messages cite and the principal may not see.

    Passages of a question are nobody's but the asker's: ``given`` counts them as hidden.
    """
    documents = [citation.document for message in messages for citation in message.citations]
    cited = {document.id for document in documents if given or not is_given(document)}
    as_asked = principal.referring_to(cited)  # attached files among them
    return cited - set(catalogue.named(c, as_asked, cited))


def _readable(c: sa.Connection, principal: Principal, messages: Sequence[Message]) -> list[Message]:
    hidden = hidden_from(c, principal, messages)
    return [_withheld(message) if _cites(message, hidden) else message for message in messages]


def _cites(message: Message, hidden: set[str]) -> bool:
    return any(citation.document.id in hidden for citation in message.citations)


def _withheld(message: Message) -> Message:
    return replace(message, text=WITHHELD, citations=(), details={}, withheld=True)
