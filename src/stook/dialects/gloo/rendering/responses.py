"""Responses as JSON, and as the events by which OpenAI streams them."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import orjson

from stook.answering.pieces import Citation, TextDelta
from stook.application import models
from stook.conversation.events import Answer, Event, Finished, Started
from stook.dialects.dialect import Problem
from stook.dialects.gloo import errors
from stook.dialects.gloo.rendering.completions import finish_reason, tokens_of
from stook.dialects.gloo.rendering.messages import EVENTS, FILLER

Json = dict[str, Any]
INCOMPLETE = {"length": "max_output_tokens", "content_filter": "content_filter"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a response says beside the answer."""

    model: str
    instructions: str | None
    prompt_tokens: int
    id: str = field(default_factory=lambda: f"resp_{uuid.uuid4().hex}")
    message_id: str = field(default_factory=lambda: f"msg_{uuid.uuid4().hex}")
    created_at: int = field(default_factory=lambda: int(time.time()))

    def body(self, status: str, output: Sequence[Json] = (), **more: Any) -> Json:
        return {
            "id": self.id,
            "object": "response",
            "created_at": self.created_at,
            "status": status,
            "model": self.model,
            "instructions": self.instructions,
            "output": list(output),
            "error": None,
            "incomplete_details": None,
            "parallel_tool_calls": False,
            "tool_choice": "none",
            "tools": [],
            "usage": None,
            **more,
        }

    def completed(self, answer: Answer) -> Json:
        """The body of a 200."""
        read, written = tokens_of(answer, self.prompt_tokens)
        usage = {
            "input_tokens": read,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": written,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": read + written,
        }
        model = models.who_answered(answer.noted, self.model)
        more: Json = {"usage": usage, "model": model}
        if reason := INCOMPLETE.get(finish_reason(answer)):
            more["incomplete_details"] = {"reason": reason}
        status = "incomplete" if reason else "completed"
        return self.body(status, [self.message(answer)], **more)

    def failed(self, found: Problem) -> Json:
        error = errors.error_json(found)
        told = {"code": error["code"], "message": error["detail"]}
        return self.body("failed", error=told)

    def message(self, answer: Answer | None) -> Json:
        """The one thing that is put out; None stands for one that is still empty."""
        return {
            "id": self.message_id,
            "type": "message",
            "role": "assistant",
            "status": "completed" if answer else "in_progress",
            "content": [part(answer)] if answer else [],
        }


def part(answer: Answer | None) -> Json:
    """The text, with what it rests on."""
    if answer is None:
        return {"type": "output_text", "text": "", "annotations": []}
    annotations = [_annotation(citation) for citation in answer.citations]
    return {"type": "output_text", "text": answer.text, "annotations": annotations}


def _annotation(citation: Citation) -> Json:
    return {
        "type": "url_citation",
        "start_index": citation.answer_range.start,
        "end_index": citation.answer_range.end,
        "title": citation.document.title,
        "url": citation.document.url,
    }


class WholeResponse:
    """One JSON document."""

    streams: ClassVar[bool] = False
    media_type: ClassVar[str] = errors.JSON
    filler: ClassVar[bytes] = b" "

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    def render(self, event: Event) -> bytes:
        if not isinstance(event, Finished):
            return b""
        return orjson.dumps(self._reply.completed(event.answer))

    def broken(self, found: Problem) -> bytes:
        return orjson.dumps(self._reply.failed(found))


class ResponseStream:
    """Numbered events, each with its name in the frame and in the data."""

    streams: ClassVar[bool] = True
    media_type: ClassVar[str] = EVENTS
    filler: ClassVar[bytes] = FILLER

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._number = -1

    def render(self, event: Event) -> bytes:
        return b"".join(self._frames(event))

    def broken(self, found: Problem) -> bytes:
        return self._frame("response.failed", response=self._reply.failed(found))

    def _frames(self, event: Event) -> Iterator[bytes]:
        if isinstance(event, Started):
            yield from self._begin()
        elif isinstance(event, TextDelta):
            yield self._part_frame("response.output_text.delta", delta=event.text, logprobs=[])
        elif isinstance(event, Finished):
            yield from self._end(event.answer)

    def _begin(self) -> Iterator[bytes]:
        for name in ("response.created", "response.in_progress"):
            yield self._frame(name, response=self._reply.body("in_progress"))
        item = self._reply.message(None)
        yield self._frame("response.output_item.added", output_index=0, item=item)
        yield self._part_frame("response.content_part.added", part=part(None))

    def _end(self, answer: Answer) -> Iterator[bytes]:
        yield self._part_frame("response.output_text.done", text=answer.text, logprobs=[])
        yield self._part_frame("response.content_part.done", part=part(answer))
        item = self._reply.message(answer)
        yield self._frame("response.output_item.done", output_index=0, item=item)
        response = self._reply.completed(answer)
        yield self._frame(f"response.{response['status']}", response=response)

    def _part_frame(self, name: str, **data: Any) -> bytes:
        place = {"item_id": self._reply.message_id, "output_index": 0, "content_index": 0}
        return self._frame(name, **place, **data)

    def _frame(self, name: str, **data: Any) -> bytes:
        self._number += 1
        body = orjson.dumps({"type": name, "sequence_number": self._number, **data})
        return b"event: " + name.encode() + b"\ndata: " + body + b"\n\n"
