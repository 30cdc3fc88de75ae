"""The JSON of Gloo's responses, which is OpenAI's."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StrictBool

from stook.dialects import bounds
from stook.dialects.bounds import Json, Name, Text
from stook.dialects.gloo.completion_models import (
    CompletionMessage,
    Count,
    Lenient,
    ResponseFormat,
)


class TextSettings(Lenient):
    format: ResponseFormat | None = None


class ResponsesRequest(Lenient):
    """A text, or a conversation whose last message is the user's."""

    input: Text | Annotated[list[CompletionMessage], bounds.SOME]
    model: Name | None = Field(
        None, description="One of /platform/v2/models; any other name means the first of them."
    )
    instructions: Text | None = None
    stream: StrictBool | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = Field(
        None, description="How freely a language model writes; quoted words stay as they are."
    )
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    max_output_tokens: Count | None = None
    text: TextSettings | None = None
    tools: Annotated[list[Json], bounds.SOME] | None = Field(
        None, description="Refused: none is called here."
    )
    tool_choice: Name | Json | None = None
    previous_response_id: Name | None = Field(None, description="Refused: responses are not kept.")


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


REQUESTS: tuple[type[BaseModel], ...] = (ResponsesRequest,)
