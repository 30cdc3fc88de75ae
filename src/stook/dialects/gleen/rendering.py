"""Gleen's answers: one JSON document, or server-sent events for those who ask for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import orjson

from stook.answering.pieces import TextDelta
from stook.application.functions import Function, FunctionCall, called
from stook.conversation.events import Answer, Event, Finished
from stook.dialects.dialect import Problem
from stook.dialects.gleen.errors import JSON, error_text


@dataclass(frozen=True, slots=True)
class Reply:
    """What of the question an answer depends on; ``thread_id`` is empty until it is known."""

    question: str
    locale: str
    thread_id: str = ""
    functions: Sequence[Function] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def body(self, answer: Answer) -> dict[str, Any]:
        """The body of a 200. ``thread_id`` comes first and ``content`` second."""
        documents = {citation.document.id: citation.document for citation in answer.citations}
        sources = [{"title": found.title, "url": found.url} for found in documents.values()]
        call = called(self.functions, self.question, self.metadata) if answer.refused else None
        return {
            "thread_id": str(answer.chat_number),
            "content": answer.text,
            "response": answer.text,
            "message": answer.text,
            "citations": sources,
            "sources": sources,
            "function_call": _call_json(call) if call else None,
            "handoff": answer.refused and call is None,
            "locale": self.locale,
        }


def _call_json(call: FunctionCall) -> dict[str, str]:
    return {"name": call.name, "arguments": orjson.dumps(call.arguments).decode()}


class WholeAnswer:
    """The answer as one JSON document."""

    streams: ClassVar[bool] = False
    media_type: ClassVar[str] = JSON
    filler: ClassVar[bytes] = b" "

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    def render(self, event: Event) -> bytes:
        if isinstance(event, Finished):
            return orjson.dumps(self._reply.body(event.answer))
        return b""

    def broken(self, found: Problem) -> bytes:
        return orjson.dumps({"error": error_text(found)})


class EventStream:
    """The answer as server-sent events: pieces of text, then the whole with ``done``."""

    streams: ClassVar[bool] = True
    media_type: ClassVar[str] = "text/event-stream; charset=UTF-8"
    filler: ClassVar[bytes] = b": waiting\n\n"

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    def render(self, event: Event) -> bytes:
        if isinstance(event, TextDelta):
            return _frame({"thread_id": self._reply.thread_id, "content": event.text})
        if isinstance(event, Finished):
            return _frame({**self._reply.body(event.answer), "done": True})
        return b""

    def broken(self, found: Problem) -> bytes:
        return _frame({"error": error_text(found), "done": True})


def _frame(data: dict[str, Any]) -> bytes:
    return b"data: " + orjson.dumps(data) + b"\n\n"
