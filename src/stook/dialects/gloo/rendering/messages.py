"""Gloo's answers to a message: one JSON document (long or short), or server-sent events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import orjson

from stook.answering.pieces import TextDelta
from stook.conversation.events import Answer, Ask, Event, Finished, Started
from stook.dialects.dialect import Problem
from stook.dialects.gloo import errors
from stook.dialects.gloo.rendering import wire

EVENTS = "text/event-stream; charset=UTF-8"
FILLER = b": waiting\n\n"  # a comment, for streams that have nothing to repeat


@dataclass(frozen=True, slots=True)
class Form:
    """What the caller wants to see of the answer."""

    short: bool  # only the ids, the text and the time
    wishes: wire.Wishes
    publishers: wire.Publishers
    model: str

    def body(self, answer: Answer) -> dict[str, Any]:
        whole = wire.answer_json(answer, self.wishes, self.publishers, self.model)
        if not self.short:
            return whole
        wanted = ("query_id", "message_id", "message", "timestamp", "chat_id")
        return {name: whole[name] for name in wanted}


class WholeAnswer:
    """The answer as one JSON document."""

    streams: ClassVar[bool] = False
    media_type: ClassVar[str] = errors.JSON
    filler: ClassVar[bytes] = b" "

    def __init__(self, form: Form) -> None:
        self._form = form

    def render(self, event: Event) -> bytes:
        return orjson.dumps(self._form.body(event.answer)) if isinstance(event, Finished) else b""

    def broken(self, found: Problem) -> bytes:
        return orjson.dumps({**errors.error_json(found), "success": False})


class EventStream:
    """The ids, pieces of text with ``done`` false, then the whole answer with ``done`` true.

    The ids come at once, and again for as long as there is nothing else to say, so that the
    answer can be stopped before its first word.
    """

    streams: ClassVar[bool] = True
    media_type: ClassVar[str] = EVENTS

    def __init__(self, form: Form, ask: Ask) -> None:
        self._form = form
        self._ids = {
            "query_id": wire.prefixed(wire.QUESTION, ask.turn_id),
            "message_id": wire.prefixed(wire.MESSAGE, ask.message_id),
        }

    @property
    def filler(self) -> bytes:
        return frame({**self._ids, "message": "", "done": False})

    def render(self, event: Event) -> bytes:
        if isinstance(event, Started):
            self._ids["chat_id"] = wire.prefixed(wire.CHAT, event.chat_id)
            return self.filler
        if isinstance(event, TextDelta):
            return frame({**self._ids, "message": event.text, "done": False})
        if isinstance(event, Finished):
            return frame({**self._form.body(event.answer), "done": True})
        return b""

    def broken(self, found: Problem) -> bytes:
        return frame({**self._ids, **errors.error_json(found), "success": False, "done": True})


def frame(data: dict[str, Any]) -> bytes:
    """One event."""
    return b"data: " + orjson.dumps(data) + b"\n\n"
