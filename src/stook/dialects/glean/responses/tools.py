"""What tools answer with."""

from __future__ import annotations

from typing import Any

from stook.dialects.glean.requests.fields import Wire


class ToolParameter(Wire):
    type: str
    name: str
    description: str
    is_required: bool


class ToolDescription(Wire):
    type: str
    name: str
    display_name: str
    description: str
    parameters: dict[str, ToolParameter]


class ToolsListResponse(Wire):
    tools: list[ToolDescription]


class ToolsCallResponse(Wire):
    """``rawResponse`` is that of the call that does the same; ``error`` says why there is none."""

    raw_response: dict[str, Any] | None = None
    error: str | None = None
