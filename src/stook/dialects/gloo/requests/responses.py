"""The bodies that Gloo's responses take, which are OpenAI's."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictBool

from stook.dialects import bounds
from stook.dialects.bounds import Json, Name, Text
from stook.dialects.gloo.requests.completions import (
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
