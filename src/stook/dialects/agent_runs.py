"""Agents and their runs as both of Glean's agent APIs write them: whole, or as events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import orjson

from stook.answering.pieces import Cited, TextDelta
from stook.application.agents import Agent
from stook.conversation.events import Event, Finished
from stook.dialects.bodies import ServerSentEvents
from stook.dialects.citing import annotation_json
from stook.dialects.dialect import Problem

Envelope = Callable[[str, list[dict[str, Any]]], dict[str, Any]]  # of a status and messages
ROLE = "GLEAN_AI"
FRAME_END = b"\n\n"
JSON = "application/json; charset=UTF-8"


class RunEvents(ServerSentEvents):
    """Server-sent events called message, each with messages whose texts are pieces to be joined;
    an event with another name, of an error, ends a run that failed."""


def agent_json(agent: Agent) -> dict[str, Any]:
    """An agent as it is listed."""
    return {
        "agent_id": agent.id,
        "name": agent.name,
        "description": agent.description,
        "metadata": {},
        "capabilities": {"ap.io.messages": agent.takes_messages, "ap.io.streaming": True},
    }


def schemas_json(agent: Agent) -> dict[str, Any]:
    """JSON Schemas of what goes into an agent and what comes out."""
    fields = {name: {"type": "string", "description": text} for name, text in agent.fields.items()}
    block = {
        "type": "object",
        "properties": {"text": {"type": "string"}, "type": {"const": "text"}},
    }
    message = {
        "type": "object",
        "properties": {
            "role": {"type": "string"},
            "content": {"type": "array", "items": block},
        },
    }
    output = {"messages": {"type": "array", "items": message}}
    return {
        "agent_id": agent.id,
        "name": agent.name,
        "input_schema": {
            "type": "object",
            "properties": fields,
            "required": list(agent.required),
        },
        "output_schema": {"type": "object", "properties": output},
        "tools": [],
    }


def message_json(text: str, annotations: list[dict[str, Any]]) -> dict[str, Any]:
    """One message of the agent."""
    block: dict[str, Any] = {"type": "text", "text": text}
    if annotations:
        block["annotations"] = annotations
    return {"role": ROLE, "content": [block]}


def frame(number: int, event: str, data: object) -> bytes:
    """One server-sent event."""
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (number, event.encode(), orjson.dumps(data))


class WholeRun:
    """The run and its messages, once it is through."""

    streams: ClassVar[bool] = False
    media_type: ClassVar[str] = JSON
    filler: ClassVar[bytes] = b" "

    def __init__(self, envelope: Envelope) -> None:
        self._envelope = envelope

    def render(self, event: Event) -> bytes:
        if not isinstance(event, Finished):
            return b""
        annotations = [annotation_json(citation) for citation in event.answer.citations]
        return orjson.dumps(
            self._envelope("success", [message_json(event.answer.text, annotations)])
        )

    def broken(self, found: Problem) -> bytes:
        return orjson.dumps(self._envelope("error", [message_json(found.message, [])]))


class RunStream:
    """Messages as they come, each a piece to be joined to those before it."""

    streams: ClassVar[bool] = True
    media_type: ClassVar[str] = "text/event-stream"
    filler: ClassVar[bytes] = b": still running\n\n"

    def __init__(self, failure: Callable[[Problem], tuple[str, object]]) -> None:
        self._failure = failure
        self._number = 0

    def render(self, event: Event) -> bytes:
        if isinstance(event, TextDelta):
            return self._frame("message", {"messages": [message_json(event.text, [])]})
        if isinstance(event, Cited):
            cited = [annotation_json(event.citation)]
            return self._frame("message", {"messages": [message_json("", cited)]})
        return b""

    def _frame(self, name: str, data: object) -> bytes:
        self._number += 1
        return frame(self._number, name, data)

    def broken(self, found: Problem) -> bytes:
        return self._frame(*self._failure(found))
