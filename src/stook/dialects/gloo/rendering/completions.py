"""Completions as JSON, and as server-sent events."""

from __future__ import annotations

import re
import secrets
import string
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import orjson

from stook.answering.pieces import Citation, TextDelta
from stook.application import models
from stook.conversation.events import Answer, Event, Finished, Started
from stook.dialects.dialect import Problem
from stook.dialects.gloo import errors
from stook.dialects.gloo.rendering import wire
from stook.dialects.gloo.rendering.messages import EVENTS, FILLER, frame

_TOKEN = re.compile(r"\w+|[^\w\s]")
_LETTERS = string.ascii_letters + string.digits
DONE = b"data: [DONE]\n\n"


def count_tokens(text: str) -> int:
    """Words and marks: about as many as a model's tokens, and the same for every model."""
    return len(_TOKEN.findall(text))


def finish_reason(answer: Answer) -> str:
    """Why the text ends: it is through, or cut."""
    return answer.noted.cut.value if answer.noted.cut else "stop"


def new_id() -> str:
    """As Gloo makes them: when, and something random."""
    return f"gen-{int(time.time())}-{''.join(secrets.choice(_LETTERS) for _ in range(20))}"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a completion says beside the answer.

    ``routing`` are the fields of version 2. ``with_citations``: None where the answer is not
    grounded, else whether citations are told.
    """

    model: str
    prompt_tokens: int
    publishers: wire.Publishers
    routing: dict[str, Any] = field(default_factory=dict)
    with_citations: bool | None = None
    with_usage: bool = False
    ends_with_done: bool = False
    nested_errors: bool = True
    id: str = field(default_factory=new_id)
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, answer: Answer) -> dict[str, Any]:
        """The body of a 200."""
        message = {"role": "assistant", "content": answer.text}
        choice = {"index": 0, "message": message, "finish_reason": finish_reason(answer)}
        return {
            **self._head("chat.completion"),
            "model": models.who_answered(answer.noted, self.model),
            "choices": [choice],
            "usage": self.usage(answer),
            **self.routing,
            **self.grounds(answer),
        }

    def chunk(self, delta: dict[str, str], finish: str | None = None) -> dict[str, Any]:
        """A piece of a stream."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def aside(self, **more: Any) -> dict[str, Any]:
        """A piece of a stream that adds nothing to the text."""
        return {**self._head("chat.completion.chunk"), "choices": [], **more}

    def usage(self, answer: Answer) -> dict[str, int]:
        read, written = tokens_of(answer, self.prompt_tokens)
        return {
            "prompt_tokens": read,
            "completion_tokens": written,
            "total_tokens": read + written,
        }

    def grounds(self, answer: Answer) -> dict[str, Any]:
        """What a grounded answer tells of its sources."""
        if self.with_citations is None:
            return {}
        told: dict[str, Any] = {"sources_returned": bool(answer.citations)}
        if self.with_citations:
            told["citations"] = citations_json(answer.citations, self.publishers)
        return told

    def error(self, found: Problem) -> dict[str, Any]:
        return (
            errors.completion_error_json(found) if self.nested_errors else errors.error_json(found)
        )

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}


def tokens_of(answer: Answer, asked: int) -> tuple[int, int]:
    """Tokens read and written: as the model's provider counts, else words and marks."""
    read, written = answer.noted.input_tokens, answer.noted.output_tokens
    return (
        asked if read is None else read,
        count_tokens(answer.text) if written is None else written,
    )


def citations_json(
    citations: Sequence[Citation], publishers: wire.Publishers
) -> list[dict[str, Any]]:
    """Each document once, with all the words of it that the answer rests on."""
    return [
        {
            **wire.item_json(held[0].document, publishers),
            "snippets": list(dict.fromkeys(each.snippet.text for each in held)),
        }
        for held in wire.by_document(citations)
    ]


class WholeCompletion:
    """One JSON document."""

    streams: ClassVar[bool] = False
    media_type: ClassVar[str] = errors.JSON
    filler: ClassVar[bytes] = b" "

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    def render(self, event: Event) -> bytes:
        return orjson.dumps(self._reply.whole(event.answer)) if isinstance(event, Finished) else b""

    def broken(self, found: Problem) -> bytes:
        return orjson.dumps(self._reply.error(found))


class CompletionStream:
    """Pieces of text, the last with the reason why it ends.

    Citations come first where they are asked for, so there the text waits until it is whole.
    """

    streams: ClassVar[bool] = True
    media_type: ClassVar[str] = EVENTS
    filler: ClassVar[bytes] = FILLER

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._held: list[dict[str, Any]] = []

    def render(self, event: Event) -> bytes:
        if isinstance(event, Started):
            return self._send(self._reply.chunk({"role": "assistant", "content": ""}))
        if isinstance(event, TextDelta):
            return self._send(self._reply.chunk({"content": event.text}))
        if isinstance(event, Finished):
            return self._end(event.answer)
        return b""

    def _send(self, data: dict[str, Any]) -> bytes:
        if not self._reply.with_citations:
            return frame(data)
        self._held.append(data)
        return b""

    def _end(self, answer: Answer) -> bytes:
        reply, grounds = self._reply, self._reply.grounds(answer)
        last = {**reply.chunk({}, finish_reason(answer)), **reply.routing, **grounds}
        sent = frame(reply.aside(**grounds)) if reply.with_citations else b""
        sent += b"".join(map(frame, self._held)) + frame(last)
        if reply.with_usage:
            sent += frame(reply.aside(usage=reply.usage(answer)))
        return sent + DONE if reply.ends_with_done else sent

    def broken(self, found: Problem) -> bytes:
        return frame(self._reply.error(found))
