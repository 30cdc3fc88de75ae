"""The calls of ``client.chats``: Stook's own API, with outcomes, sharing and sources."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter

from stook.client.calls.base import ANYTHING, Call, read_bytes, read_nothing, without_none
from stook.client.errors import AnswerFailed
from stook.client.models.own import (
    ChatSharing,
    OwnAnswer,
    OwnChat,
    OwnChatDetail,
    OwnChats,
    OwnModel,
    SourceText,
)
from stook.client.retrying import Retries

API = "/api/stook/v1/"
LINES = "application/x-ndjson"
Own = TypeVar("Own", bound=OwnModel)


def ask(
    question: str,
    *,
    chat_id: str | None = None,
    application_id: str | None = None,
    datasources: Sequence[str] = (),
    files: Sequence[str] = (),
    deep: bool = False,
    locale: str | None = None,
    retries: Retries | None = None,
) -> Call[OwnAnswer]:
    """Ask in a new chat, or in the one of ``chat_id``, and wait for the whole answer.

    ``deep`` looks further into the question. Every answer is kept, so it is never sent again when
    it may have arrived. Raises AnswerFailed where the server fails after it began to answer.
    """
    body = without_none(
        question=question, chat_id=chat_id, application_id=application_id, locale=locale
    )
    body |= {"datasources": list(datasources), "files": list(files)}
    body["effort"] = "deep" if deep else "quick"
    return Call(API + "ask", _answer, body=body, accept=LINES, retries=retries)


def _answer(content: bytes) -> OwnAnswer:
    """Read the lines of an answer; raises AnswerFailed, and ValueError where one is missing."""
    parts: dict[str, Any] = {"text": "", "citations": []}
    for line in filter(None, content.split(b"\n")):
        event = _EVENT.validate_json(line)
        match event["type"]:
            case "text":
                parts["text"] += event["text"]
            case "citation":
                parts["citations"].append(event["citation"])
            case "failed":
                raise AnswerFailed(str(event.get("message")), body=line.decode(errors="replace"))
            case "started" | "suggestions" | "finished":
                parts |= event
    return OwnAnswer.model_validate({k: v for k, v in parts.items() if k in _FIELDS})


_EVENT: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])
_FIELDS = frozenset(OwnAnswer.model_fields)


def list_all(
    words: str = "", *, cursor: str | None = None, retries: Retries | None = None
) -> Call[OwnChats]:
    """A page of the caller's chats, newest first; those that hold the words, if there are any."""
    query = {"query": words} | without_none(cursor=cursor)
    return _get("chats", OwnChats, query=query, retries=retries)


def retrieve(
    id: str,  # noqa: A002 - as in ``client.chat``
    *,
    retries: Retries | None = None,
) -> Call[OwnChatDetail]:
    """A chat of the caller's, or one that is shared with them, with its messages."""
    return _get(_chat(id), OwnChatDetail, retries=retries)


def change(
    id: str,  # noqa: A002
    *,
    title: str | None = None,
    pinned: bool | None = None,
    retries: Retries | None = None,
) -> Call[OwnChat]:
    """Rename a chat, pin it, or let it go. Raises NotFound."""
    body = without_none(title=title, pinned=pinned)
    return Call(
        API + _chat(id),
        OwnChat.model_validate_json,
        body=body,
        method="PATCH",
        repeatable=True,
        retries=retries,
    )


def delete(
    id: str,  # noqa: A002
    *,
    retries: Retries | None = None,
) -> Call[None]:
    """Delete a chat for good. Raises NotFound."""
    return Call(API + _chat(id), read_nothing, method="DELETE", accept=ANYTHING, retries=retries)


def sharing(
    id: str,  # noqa: A002
    *,
    retries: Retries | None = None,
) -> Call[ChatSharing]:
    """Whom the caller shows a chat to. Raises NotFound."""
    return _get(_chat(id) + "/sharing", ChatSharing, retries=retries)


def share(
    id: str,  # noqa: A002
    people: Sequence[str] = (),
    *,
    everyone: bool = False,
    retries: Retries | None = None,
) -> Call[ChatSharing]:
    """Show a chat to these people and nobody else; each sees only what they may see themselves.

    ``everyone``: all who are signed in and have its address. Raises NotFound, and BadRequest that
    names whom nobody knows.
    """
    return Call(
        f"{API}{_chat(id)}/sharing",
        ChatSharing.model_validate_json,
        body={"people": list(people), "everyone": everyone},
        method="PUT",
        repeatable=True,
        retries=retries,
    )


def export(
    id: str,  # noqa: A002
    *,
    written: str = "markdown",
    retries: Retries | None = None,
) -> Call[bytes]:
    """A chat as a file, ``markdown`` with its sources, or ``json``. Raises NotFound."""
    query = {"format": written}
    path = f"{API}{_chat(id)}/export"
    return Call(path, read_bytes, query=query, method="GET", repeatable=True, retries=retries)


def source(
    document_id: str, words: str = "", *, near: int = 0, retries: Retries | None = None
) -> Call[SourceText]:
    """The text of a document around the words that a citation has. Raises NotFound."""
    path = f"documents/{urllib.parse.quote(document_id, safe='')}"
    return _get(path, SourceText, query={"words": words, "near": str(near)}, retries=retries)


def _chat(chat_id: str) -> str:
    return f"chats/{urllib.parse.quote(chat_id, safe='')}"


def _get(
    path: str,
    model: type[Own],
    query: dict[str, str] | None = None,
    retries: Retries | None = None,
) -> Call[Own]:
    read: Callable[[bytes], Own] = model.model_validate_json
    return Call(API + path, read, query=query or {}, method="GET", repeatable=True, retries=retries)
