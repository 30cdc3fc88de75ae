"""The Platform API's chat answers: one response, or server-sent events that end with it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

import orjson

from stook.answering.pieces import TextDelta
from stook.conversation.events import Answer, Event, Finished, Reading, Searching, Started
from stook.dialects.agent_runs import frame
from stook.dialects.citing import annotation_json
from stook.dialects.dialect import Problem
from stook.dialects.platform.problems import CODES
from stook.dialects.platform.shapes import JSON

RESPONSE = "resp_"  # what ids of responses begin with; the turn's id follows
TITLES = 3  # of documents that progress names


@dataclass(slots=True)
class Reply:
    """What a response says besides the answer."""

    store: bool
    request_id: str
    id: str = ""
    conversation_id: str | None = None

    def __post_init__(self) -> None:
        self.id = f"{RESPONSE}{uuid.uuid4()}"

    def begin(self, event: Started) -> None:
        self.id = RESPONSE + event.turn_id
        if self.store:
            self.conversation_id = event.chat_id

    def completed(self, answer: Answer) -> dict[str, Any]:
        """The 200's body."""
        text = {
            "type": "OUTPUT_TEXT",
            "text": answer.text,
            "annotations": [annotation_json(citation) for citation in answer.citations],
        }
        output = [{"type": "MESSAGE", "role": "ASSISTANT", "content": [text]}]
        return self._body("COMPLETED", answer.created_at, output)

    def failed(self, found: Problem) -> dict[str, Any]:
        """The same for an answer that broke off."""
        code = CODES.get(found.status, "internal_error")
        error = {"message": found.message, "code": code}
        return self._body("FAILED", datetime.now(UTC), []) | {"error": error}

    def _body(self, status: str, at: datetime, output: list[dict[str, Any]]) -> dict[str, Any]:
        body = {
            "id": self.id,
            "object": "RESPONSE",
            "created_at": rfc3339(at),
            "status": status,
            "output": output,
            "store": self.store,
            "request_id": self.request_id,
        }
        if self.conversation_id is not None:
            body["conversation_id"] = self.conversation_id
        return body


def rfc3339(moment: datetime) -> str:
    """In UTC, with Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class WholeResponse:
    """One JSON document."""

    streams: ClassVar[bool] = False
    media_type: ClassVar[str] = JSON
    filler: ClassVar[bytes] = b" "

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    def render(self, event: Event) -> bytes:
        if isinstance(event, Started):
            self._reply.begin(event)
        if isinstance(event, Finished):
            return orjson.dumps(self._reply.completed(event.answer))
        return b""

    def broken(self, found: Problem) -> bytes:
        return orjson.dumps(self._reply.failed(found))


class EventStream:
    """Events of six kinds, each with its name in the frame and in the data."""

    streams: ClassVar[bool] = True
    media_type: ClassVar[str] = "text/event-stream"
    filler: ClassVar[bytes] = b": still answering\n\n"

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._number = 0

    def render(self, event: Event) -> bytes:
        return b"".join(self._frames(event))

    def _frames(self, event: Event) -> Iterator[bytes]:
        if isinstance(event, Started):
            self._reply.begin(event)
            yield self._frame("RESPONSE_CREATED")
        elif isinstance(event, Searching):
            yield self._frame("RESPONSE_PROGRESS", text=f"Searching: {event.query}")
        elif isinstance(event, Reading):
            titles = ", ".join(document.title for document in event.documents[:TITLES])
            yield self._frame("RESPONSE_PROGRESS", text=f"Reading: {titles or 'nothing'}")
        elif isinstance(event, TextDelta):
            yield self._frame("RESPONSE_OUTPUT_TEXT_DELTA", delta=event.text)
        elif isinstance(event, Finished):
            yield self._frame("RESPONSE_OUTPUT_TEXT_DONE", text=event.answer.text)
            yield self._frame("RESPONSE_COMPLETED", response=self._reply.completed(event.answer))

    def _frame(self, name: str, **data: object) -> bytes:
        self._number += 1
        return frame(self._number, name, {"type": name, "response_id": self._reply.id, **data})

    def broken(self, found: Problem) -> bytes:
        return self._frame("RESPONSE_FAILED", response=self._reply.failed(found))
