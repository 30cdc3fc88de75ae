"""What is answered about agents and by them, in snake case."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from stook.dialects.glean.requests.agents import AgentMessage
from stook.dialects.glean.requests.fields import SnakeWire


class AgentCapabilities(SnakeWire):
    messages: bool = Field(alias="ap.io.messages")
    streaming: bool = Field(alias="ap.io.streaming")


class AgentDescription(SnakeWire):
    agent_id: str
    name: str
    description: str
    metadata: dict[str, Any]
    capabilities: AgentCapabilities


class SearchAgentsResponse(SnakeWire):
    agents: list[AgentDescription]


class AgentSchemas(SnakeWire):
    agent_id: str
    name: str
    input_schema: dict[str, Any]
    output_schema: dict[str, Any]
    tools: list[dict[str, Any]]


class AgentRun(SnakeWire):
    agent_id: str
    input: dict[str, Any] | None = None
    messages: list[AgentMessage]
    metadata: dict[str, Any] | None = None
    status: str


class AgentRunWaitResponse(SnakeWire):
    run: AgentRun
    messages: list[AgentMessage]
