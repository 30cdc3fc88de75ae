"""The bodies that Gloo's completions take: OpenAI's, with routing."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictStr

from stook.dialects import bounds
from stook.dialects.bounds import Json, Name, Text

Count = Annotated[int, Field(ge=1, le=bounds.MOST_NUMBER)]
Stop = Annotated[StrictStr, Field(min_length=1, max_length=100)]
Family = Literal["openai", "anthropic", "google", "open source"]
Tradition = Literal["evangelical", "catholic", "mainline", "not_faith_specific"]


def _listed(value: Any) -> Any:
    """One text stands for a list of it, and null for none."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


class Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Part(Lenient):
    """A piece of a message; only text is read."""

    type: Name
    text: Text | None = None


class CompletionMessage(Lenient):
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | Annotated[list[Part], bounds.SOME] | None = None


class StreamOptions(Lenient):
    include_usage: StrictBool | None = None


class ResponseFormat(Lenient):
    type: Name = "text"


class Settings(Lenient):
    """What all completions may be told about how to answer."""

    model: Name | None = Field(
        None, description="One of /platform/v2/models; any other name means the first of them."
    )
    stream: StrictBool | None = Field(None, description="Answer as server-sent events.")
    stream_options: StreamOptions | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = Field(
        None, description="How freely a language model writes; quoted words stay as they are."
    )
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    max_tokens: Count | None = Field(None, description="How long the answer may be.")
    max_completion_tokens: Count | None = Field(None, description="The same by its newer name.")
    stop: Annotated[list[Stop], BeforeValidator(_listed), Field(max_length=4)] = Field(
        [], description="Up to four texts; the answer ends before the first of them."
    )
    n: Annotated[int, Field(ge=1, le=1)] | None = None
    response_format: ResponseFormat | None = None
    tools: Annotated[list[Json], bounds.SOME] | None = Field(
        None, description="Refused: none is called here."
    )
    tool_choice: Name | Json | None = None
    parallel_tool_calls: StrictBool | None = None


class CompletionRequest(Settings):
    """Version 1: as OpenAI has it."""

    messages: Annotated[list[CompletionMessage], bounds.SOME]


class Routing(Settings):
    """Exactly one of ``auto_routing`` true, ``model`` and ``model_family``."""

    auto_routing: StrictBool | None = None
    model_family: Family | None = None
    tradition: Tradition | None = Field(None, description="not_faith_specific needs a model.")


class CompletionV2Request(Routing):
    """Version 2: with a choice of how the model is found."""

    messages: Annotated[list[CompletionMessage], bounds.SOME]


class GroundedRequest(Routing):
    """Version 2, from the documents of one publisher, with citations."""

    messages: Annotated[list[CompletionMessage], bounds.SOME] | None = None
    rag_publisher: Name | None = Field(None, description="Default: all publishers.")
    sources_limit: Annotated[int, Field(ge=1, le=10)] = 3
    include_citations: StrictBool = False
