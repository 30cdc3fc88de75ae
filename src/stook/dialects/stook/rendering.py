"""Chats, documents, files and answers as Stook's own API writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

import orjson
from starlette.responses import Response

from stook.answering.outcome import Outcome
from stook.answering.pieces import Citation, Cited, TextDelta
from stook.application.chats import ReadChat, Sharing
from stook.application.documents import Document, Span
from stook.conversation.chats.files import ChatFile
from stook.conversation.chats.records import Chat, Message
from stook.conversation.events import Event, Finished, Reading, Searching, Started, Suggested
from stook.dialects.dialect import Problem
from stook.dialects.stook.errors import problem_json

LINES = "application/x-ndjson"


def json(body: object) -> Response:
    """A JSON response that nobody keeps."""
    headers = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(body), headers=headers, media_type="application/json")


def moment(microseconds: int) -> str:
    """RFC 3339, UTC."""
    at = datetime.fromtimestamp(microseconds / 1_000_000, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def document_json(document: Document) -> dict[str, Any]:
    """A CitedDocument."""
    changed = document.updated_at or document.created_at
    return {
        "id": document.id,
        "title": document.title,
        "url": document.url,
        "datasource": document.datasource,
        "mime_type": document.mime_type,
        "author": document.author,
        "updated_at": None if changed is None else moment(changed),
    }


def span_json(span: Span) -> dict[str, int]:
    """A TextSpan."""
    return {"start": span.start, "end": span.end}


def citation_json(citation: Citation) -> dict[str, Any]:
    """An AnswerCitation."""
    return {
        "answer_range": span_json(citation.answer_range),
        "document": document_json(citation.document),
        "text": citation.snippet.text,
        "start": citation.snippet.span.start,
        "heading_path": list(citation.heading_path),
        "place": citation.place,
    }


def chat_json(chat: Chat) -> dict[str, Any]:
    """A ChatSummary."""
    return {
        "id": chat.id,
        "title": chat.title,
        "pinned": chat.pinned,
        "created_at": moment(chat.created_at),
        "updated_at": moment(chat.updated_at),
    }


def message_json(message: Message) -> dict[str, Any]:
    """A StoredMessage."""
    return {
        "id": message.id,
        "turn_id": message.turn_id,
        "author": message.author.value,
        "status": message.status.value,
        "text": message.text,
        "citations": [citation_json(citation) for citation in message.citations],
        "suggestions": list(message.suggestions),
        "outcome": message.outcome.value,
        "refused": message.outcome is not Outcome.ANSWERED,
        "withheld": message.withheld,
        "files": list(message.attached),
        "created_at": moment(message.created_at),
    }


def chat_detail_json(read: ReadChat) -> dict[str, Any]:
    """A ChatDetail."""
    return {
        "chat": chat_json(read.chat),
        "shared_by": read.shared_by,
        "messages": [message_json(message) for message in read.messages],
    }


def sharing_json(sharing: Sharing) -> dict[str, Any]:
    """A ChatSharing."""
    return {"everyone": sharing.everyone, "people": list(sharing.people)}


def file_json(file: ChatFile) -> dict[str, Any]:
    """An UploadedFile."""
    return {
        "id": file.id,
        "document_id": file.document_id,
        "name": file.name,
        "mime_type": file.mime_type,
        "size": file.size,
        "status": file.status.value,
        "failure_reason": file.failure_reason.value if file.failure_reason else None,
    }


class AskLines:
    """One AskEvent a line; a line without anything is a sign of life."""

    streams: ClassVar[bool] = True
    media_type: ClassVar[str] = LINES
    filler: ClassVar[bytes] = b"\n"

    def render(self, event: Event) -> bytes:
        """The line of an event."""
        return orjson.dumps(_event_json(event)) + b"\n"

    def broken(self, found: Problem) -> bytes:
        """The last line of an answer that failed."""
        return orjson.dumps({"type": "failed", **problem_json(found)}) + b"\n"


def _event_json(event: Event) -> dict[str, Any]:
    match event:
        case Started():
            names = ("chat_id", "turn_id", "message_id")
            return {"type": "started", **{name: getattr(event, name) for name in names}}
        case Searching():
            return {"type": "searching", "query": event.query}
        case Reading():
            return {"type": "reading", "documents": list(map(document_json, event.documents))}
        case TextDelta():
            return {"type": "text", "text": event.text}
        case Cited():
            return {"type": "citation", "citation": citation_json(event.citation)}
        case Suggested():
            return {"type": "suggestions", "suggestions": list(event.questions)}
        case Finished():
            answer = event.answer
            return {
                "type": "finished",
                "outcome": answer.outcome.value,
                "refused": answer.refused,
                "milliseconds": answer.milliseconds,
            }
    raise AssertionError(f"{type(event).__name__} is rendered as a failure")
