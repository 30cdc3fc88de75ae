"""Ids, times, messages, sources and chats as Gloo writes them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.responses import Response

from stook.answering.pieces import Citation
from stook.application import models, publishers
from stook.application.chats import NO_SUCH_CHAT, NO_SUCH_MESSAGE, Chat, Message
from stook.application.documents import Document
from stook.conversation.chats.records import Status
from stook.conversation.events import Answer
from stook.dialects.gloo.errors import JSON
from stook.errors import NotFound
from stook.understanding.question import Author

_USERS = uuid.uuid5(uuid.NAMESPACE_URL, "https://stook.dev/users")

CHAT, QUESTION, MESSAGE, USER = "c", "q", "m", "u"
Publishers = Mapping[str, str]  # the shown name of each datasource


def json(body: object, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type=JSON)


def prefixed(letter: str, identifier: str) -> str:
    """An id as Gloo writes it: a letter that says of what, and a UUID."""
    return letter + identifier


def chat_identifier(given: str) -> str:
    """The chat's own id from Gloo's form of it; raises NotFound where it cannot be one."""
    return _identifier(given, CHAT, NO_SUCH_CHAT)


def message_identifier(given: str) -> str:
    """The own id of a message, or of a question with its answer; raises NotFound."""
    return _identifier(given, MESSAGE + QUESTION, NO_SUCH_MESSAGE)


def _identifier(given: str, letters: str, unknown: str) -> str:
    try:
        return str(uuid.UUID(given[1:] if given[:1] in letters and len(given) > 36 else given))
    except ValueError:
        raise NotFound(unknown) from None


def user_identifier(email: str) -> str:
    """A stable id that does not tell the address."""
    return prefixed(USER, str(uuid.uuid5(_USERS, email)))


def timestamp(moment: datetime | int) -> str:
    """UTC without a zone, to the microsecond, from a time or microseconds since the epoch."""
    if isinstance(moment, int):
        seconds, rest = divmod(moment, 1_000_000)
        moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a caller wants to see of an answer's sources.

    ``intent`` 1 says that the answer needs sources and 0 that it needs none; None leaves it to
    the answer. ``enable_sources``: 0 never, 1 where the intent is not 0, 2 always.
    """

    intent: int | None = None
    enable_sources: int = 1
    sources_limit: int = 0

    @classmethod
    def from_details(cls, asked: Mapping[str, Any]) -> Wishes:
        """As they were kept with a question."""
        enable, limit = asked.get("enable_sources"), asked.get("sources_limit")
        return cls(asked.get("intent"), 1 if enable is None else enable, limit or 0)

    def to_json(self, citations: Sequence[Citation], shown: Publishers) -> dict[str, Any]:
        """``intent``, ``sources`` and ``sources_limit`` of an answer."""
        intent = int(bool(citations)) if self.intent is None else self.intent
        wanted = self.enable_sources == 2 or (self.enable_sources == 1 and self.intent != 0)
        return {
            "sources": sources_json(citations, shown) if wanted else [],
            "sources_limit": self.sources_limit,
            "intent": intent,
        }


def by_document(citations: Sequence[Citation]) -> list[list[Citation]]:
    """The citations of each document, in the order in which the answer first rests on them."""
    found: dict[str, list[Citation]] = {}
    for citation in citations:
        found.setdefault(citation.document.id, []).append(citation)
    return list(found.values())


def sources_json(citations: Sequence[Citation], shown: Publishers) -> list[dict[str, Any]]:
    """Each document that the answer rests on once, with the first words that support it."""
    return [
        {**item_json(first.document, shown), "snippet": first.snippet.text}
        for first, *_ in by_document(citations)
    ]


def item_json(document: Document, shown: Publishers) -> dict[str, Any]:
    """What is told of a document wherever it is named."""
    return {
        "item_title": document.title,
        "item_url": document.url,
        "author": publishers.authors(document),
        "publisher": publisher_of(document, shown),
        "publication_date": publication_date(document),
    }


def publisher_of(document: Document, shown: Publishers) -> str:
    """As the document says, else its datasource's name."""
    return document.publisher or shown.get(document.datasource, document.datasource)


def publication_date(document: Document) -> str | None:
    """A day, as 2026-11-20."""
    published = document.created_at or document.updated_at
    return timestamp(published)[:10] if published else None


def answer_json(answer: Answer, wishes: Wishes, shown: Publishers, model: str) -> dict[str, Any]:
    """The body of a 200 of ``message``."""
    return {
        "chat_id": prefixed(CHAT, answer.chat_id),
        "query_id": prefixed(QUESTION, answer.turn_id),
        "message_id": prefixed(MESSAGE, answer.message_id),
        "timestamp": timestamp(answer.created_at),
        "success": True,
        "message": answer.text,
        "model": models.who_answered(answer.noted, model),
        "suggestions": list(answer.suggestions),
        **wishes.to_json(answer.citations, shown),
    }


def chat_entry(chat: Chat) -> dict[str, Any]:
    """A chat without its messages."""
    return {
        "chat_id": prefixed(CHAT, chat.id),
        "title": chat.title,
        "created_at": timestamp(chat.created_at),
        "updated_at": timestamp(chat.updated_at),
        "pin": chat.pinned,
    }


def messages_json(
    messages: Sequence[Message], shown: Publishers, model: str
) -> list[dict[str, Any]]:
    """Stored messages; an answer tells the limits that its question came with."""
    asked = {message.turn_id: message.details for message in messages if _is_users(message)}
    found = []
    for message in messages:
        details = asked.get(message.turn_id, {})
        if _is_users(message):
            found.append({**_common(message), **_asked(details)})
        else:
            written = {"model": models.who_answered(message.noted, model)}
            found.append({**_common(message), **_answered(message, shown, details), **written})
    return found


def _is_users(message: Message) -> bool:
    return message.author is Author.USER


def _common(message: Message) -> dict[str, Any]:
    """The text stands under both names that clients read."""
    return {
        "query_id": prefixed(QUESTION, message.turn_id),
        "message_id": prefixed(MESSAGE, message.id),
        "timestamp": timestamp(message.created_at),
        "message": message.text,
        "content": message.text,
    }


def _asked(details: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "role": "user",
        "character_limit": details.get("character_limit"),
        "stream": details.get("stream", False),
        "intent": details.get("intent"),
        "publishers": details.get("publishers", []),
        "model": None,
    }


def _answered(message: Message, shown: Publishers, asked: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "role": "kallm",
        "success": message.status is Status.COMPLETE,
        "suggestions": list(message.suggestions),
        **Wishes.from_details(asked).to_json(message.citations, shown),
    }
