"""The bodies that Gloo's completions answer with: OpenAI's, with routing and citations."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from stook.dialects.bodies import ServerSentEvents
from stook.dialects.gloo.requests.completions import Tradition


class AnsweredMessage(BaseModel):
    role: Literal["assistant"]
    content: str


class Choice(BaseModel):
    index: int
    message: AnsweredMessage
    finish_reason: str


class Usage(BaseModel):
    """As the model's provider counts; for extractive answers, words and marks."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Completion(BaseModel):
    """The answer."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[Choice]
    usage: Usage


class CompletionV2(Completion):
    """The answer, and how its model was found."""

    provider: str
    model_family: str
    auto_routing: bool
    routing_mechanism: Literal["auto_routing", "model_family", "direct_model_selection"]
    routing_tier: str | None = None
    routing_confidence: float | None = None
    tradition: Tradition | None = None


class CitedItem(BaseModel):
    """A document that the answer rests on, with the words that support it."""

    item_title: str
    item_url: str
    author: list[str]
    publisher: str
    publication_date: str | None
    snippets: list[str]


class GroundedCompletion(CompletionV2):
    """The answer, how its model was found, and on what it rests."""

    sources_returned: bool
    citations: list[CitedItem] | None = None


class ModelEntry(BaseModel):
    id: str
    name: str
    family: str
    provider_id: str
    context_window: int | None
    pricing: dict[str, Any] | None
    output_modalities: list[str]


class ModelList(BaseModel):
    """The models that this server has, in the order in which they are tried."""

    object: Literal["list"]
    data: list[ModelEntry]


class CompletionEvents(ServerSentEvents):
    """Server-sent events with a piece of the answer each; the last one's data is [DONE]."""
