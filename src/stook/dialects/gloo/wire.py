"""Ids, times, messages, sources and errors as Gloo writes them."""

from __future__ import annotations

import math
import time
import uuid
from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.responses import Response

from stook.conversation.events import Answer, Author, Citation
from stook.conversation.records import Chat, Message, Status
from stook.dialects.access import MissingCredentials
from stook.dialects.dialect import Problem
from stook.errors import NotFound, RateLimited

JSON = "application/json; charset=UTF-8"
MODEL = "stook-extractive"
_USERS = uuid.uuid5(uuid.NAMESPACE_URL, "https://stook.dev/users")

CHAT, QUESTION, MESSAGE, USER = "c", "q", "m", "u"


def prefixed(letter: str, identifier: str) -> str:
    """An id as Gloo writes it: a letter that says of what, and a UUID."""
    return letter + identifier


def chat_identifier(given: str) -> str:
    """The chat's own id from Gloo's form of it; raises NotFound where it cannot be one."""
    try:
        return str(uuid.UUID(given[1:] if given[:1] == CHAT and len(given) > 36 else given))
    except ValueError:
        raise NotFound from None


def user_identifier(email: str) -> str:
    """A stable id that does not tell the address."""
    return prefixed(USER, str(uuid.uuid5(_USERS, email)))


def timestamp(moment: datetime | int) -> str:
    """UTC without a zone, to the microsecond, from a time or microseconds since the epoch."""
    if isinstance(moment, int):
        seconds, rest = divmod(moment, 1_000_000)
        moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def sources_json(citations: tuple[Citation, ...]) -> list[dict[str, Any]]:
    """Each document that the answer rests on once, with the first words that support it."""
    first: dict[str, Citation] = {}
    for citation in citations:
        first.setdefault(citation.document.id, citation)
    return [_source_json(citation) for citation in first.values()]


def _source_json(citation: Citation) -> dict[str, Any]:
    document = citation.document
    published = document.created_at or document.updated_at
    return {
        "item_title": document.title,
        "item_url": document.url,
        "author": [document.author] if document.author else [],
        "publisher": document.publisher,
        "publication_date": timestamp(published)[:10] if published else None,
        "snippet": citation.snippet.text,
    }


def answer_json(answer: Answer, with_sources: bool, sources_limit: int) -> dict[str, Any]:
    """The body of a 200 of ``message``."""
    return {
        "chat_id": prefixed(CHAT, answer.chat_id),
        "query_id": prefixed(QUESTION, answer.turn_id),
        "message_id": prefixed(MESSAGE, answer.message_id),
        "timestamp": timestamp(answer.created_at),
        "success": True,
        "message": answer.text,
        "model": MODEL,
        "sources": sources_json(answer.citations) if with_sources else [],
        "sources_limit": sources_limit,
        "suggestions": list(answer.suggestions),
        "intent": int(bool(answer.citations)),
    }


def chat_entry(chat: Chat) -> dict[str, Any]:
    """A chat without its messages."""
    return {
        "chat_id": prefixed(CHAT, chat.id),
        "title": chat.title,
        "created_at": timestamp(chat.created_at),
        "updated_at": timestamp(chat.updated_at),
        "pin": False,
    }


def messages_json(messages: list[Message]) -> list[dict[str, Any]]:
    """Stored messages; an answer tells the limits that its question came with."""
    asked = {message.turn_id: message.details for message in messages if _is_users(message)}
    return [_message_json(message, asked.get(message.turn_id, {})) for message in messages]


def _is_users(message: Message) -> bool:
    return message.author is Author.USER


def _message_json(message: Message, asked: dict[str, Any]) -> dict[str, Any]:
    """A stored message; its text stands under both names that clients read."""
    common = {
        "query_id": prefixed(QUESTION, message.turn_id),
        "message_id": prefixed(MESSAGE, message.id),
        "timestamp": timestamp(message.created_at),
        "message": message.text,
        "content": message.text,
    }
    if _is_users(message):
        return {
            **common,
            "role": "user",
            "character_limit": asked.get("character_limit"),
            "stream": asked.get("stream", False),
            "intent": None,
            "model": None,
            "publishers": asked.get("publishers", []),
        }
    return {
        **common,
        "role": "kallm",
        "intent": int(bool(message.citations)),
        "sources": sources_json(message.citations),
        "sources_limit": asked.get("sources_limit", 0),
        "success": message.status is Status.COMPLETE,
        "suggestions": message.details.get("suggestions", []),
        "model": MODEL,
    }


# --- errors ------------------------------------------------------------------------------------

_CODES = {
    400: ("Bad request", "bad_request"),
    401: ("Invalid Authorization", "unauthorized_invalid_authorization"),
    403: ("Forbidden - insufficient permissions", "forbidden"),
    404: ("Not found", "not_found"),
    405: ("Method not allowed", "method_not_allowed"),
    408: ("Request timeout", "request_timeout"),
    413: ("Request too large", "request_too_large"),
    422: ("Unprocessable request", "unprocessable_entity"),
    429: ("Rate limit exceeded", "too_many_requests"),
    503: ("Service unavailable", "service_unavailable"),
}
_MISSING = ("Missing Authorization", "unauthorized_missing_authorization")
_INTERNAL = ("Internal error", "internal_error")


def error_json(found: Problem) -> dict[str, Any]:
    """``error`` and ``code`` for new clients, ``detail`` for the others."""
    error, code = _CODES.get(found.status, _INTERNAL)
    if isinstance(found.error, MissingCredentials):
        error, code = _MISSING
    unknown_chat = isinstance(found.error, NotFound)
    detail = "Chat not found" if unknown_chat else found.message
    return {"error": error, "code": code, "detail": detail}


def render_problem(found: Problem) -> Response:
    """An error; one that did not validate is a 422 as FastAPI writes it."""
    if found.faults:
        body = orjson.dumps({"detail": found.faults}, default=str)
        return Response(body, 422, dict(found.headers), media_type=JSON)
    body = orjson.dumps(error_json(found))
    return Response(body, found.status, {**found.headers, **_reset(found)}, media_type=JSON)


def _reset(found: Problem) -> dict[str, str]:
    """When the next call is allowed, in seconds since the epoch."""
    if not isinstance(found.error, RateLimited):
        return {}
    return {"X-RateLimit-Reset": str(math.ceil(time.time() + found.error.retry_after))}
