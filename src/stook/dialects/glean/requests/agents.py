"""The bodies that agents take, in snake case."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stook.dialects import bounds
from stook.dialects.bounds import Json, Name
from stook.dialects.glean.requests.fields import AsList, SnakeWire, Text


class SearchAgentsRequest(SnakeWire):
    """A part of the name; nothing: all."""

    name: Text | None = None


class TextBlock(SnakeWire):
    text: bounds.Text = ""
    type: Name | None = None


class AgentMessage(SnakeWire):
    role: Name | None = "USER"
    content: Annotated[list[TextBlock], bounds.SOME, AsList] = Field([])

    @property
    def text(self) -> str:
        return "".join(block.text for block in self.content)


class AgentRunCreate(SnakeWire):
    """Fields for an agent with a form, or messages (oldest first) for one that converses."""

    agent_id: Text
    input: Json | None = None
    messages: Annotated[list[AgentMessage], bounds.SOME, AsList] = Field([])
    metadata: Json | None = None
