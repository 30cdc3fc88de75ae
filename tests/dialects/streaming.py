"""Reads streams as their clients must: what only keeps a connection alive says nothing.

A server that is busy may send such a piece at any time, between any two others.
"""

from __future__ import annotations

import json
from typing import Any


def frames(stream: str) -> list[str]:
    """The server-sent events of a whole stream, each as it was sent; comments are none."""
    assert stream.endswith("\n\n")
    return [frame for frame in stream.split("\n\n")[:-1] if not is_comment(frame)]


def is_comment(frame: str) -> bool:
    """Whether nothing but comments is in what looks like an event."""
    return all(line.startswith(":") for line in frame.split("\n"))


def data_of(frame: str) -> Any:
    """What an event says: JSON, or the word that ends a stream."""
    data = frame.rpartition("data: ")[2]
    return json.loads(data) if data != "[DONE]" else data


def chat_lines(stream: str) -> list[dict[str, Any]]:
    """What the lines of a chat of Glean's say, without those that say nothing."""
    lines = [json.loads(line) for line in stream.splitlines()]
    return [line for line in lines if not is_silent(line)]


def is_silent(line: dict[str, Any]) -> bool:
    """Whether a line of such a chat only keeps the connection alive."""
    messages: list[dict[str, Any]] = line["messages"]
    return [message["fragments"] for message in messages] == [[{"text": ""}]]
