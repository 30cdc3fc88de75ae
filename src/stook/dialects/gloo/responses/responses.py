"""The bodies that Gloo's responses answer with, which are OpenAI's."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel


class UrlCitation(BaseModel):
    """What a part of the text rests on; the indexes count its characters."""

    type: Literal["url_citation"]
    start_index: int
    end_index: int
    title: str
    url: str


class ResponsesText(BaseModel):
    type: Literal["output_text"]
    text: str
    annotations: list[UrlCitation]


class ResponsesMessage(BaseModel):
    id: str
    type: Literal["message"]
    role: Literal["assistant"]
    status: Literal["in_progress", "completed"]
    content: list[ResponsesText]


class ResponseUsage(BaseModel):
    input_tokens: int
    input_tokens_details: dict[str, int]
    output_tokens: int
    output_tokens_details: dict[str, int]
    total_tokens: int


class GlooResponse(BaseModel):
    """The answer."""

    id: str
    object: Literal["response"]
    created_at: int
    status: Literal["in_progress", "completed", "failed"]
    model: str
    instructions: str | None
    output: list[ResponsesMessage]
    error: dict[str, Any] | None
    incomplete_details: None
    parallel_tool_calls: bool
    tool_choice: str
    tools: list[dict[str, Any]]
    usage: ResponseUsage | None
