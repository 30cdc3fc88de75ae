"""The JSON of Gleen's API."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
)

from stook.dialects import bounds
from stook.dialects.bodies import ServerSentEvents
from stook.dialects.bounds import Address, Json, Line, Name, Text


def _as_text(value: Any) -> Any:
    """Threads are numbers written as text; some clients send the number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _function(value: Any) -> Any:
    """OpenAI's newer form wraps the function in an object of the type "function"."""
    inner = value.get("function") if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else value


def _as_list(value: Any) -> Any:
    return [] if value is None else value


class Argument(BaseModel):
    """An argument of a function, as far as JSON Schema is read here."""

    type: Name | Annotated[list[Name], bounds.FEW] | None = None
    enum: Annotated[list[bounds.Value], bounds.SOME] | None = None

    @property
    def kinds(self) -> set[str]:
        given = [self.type] if isinstance(self.type, str) else self.type or []
        return set(given) - {"null"}


class Parameters(BaseModel):
    """The arguments of a function, as JSON Schema describes an object."""

    properties: Annotated[dict[Name, Argument], bounds.PROPERTIES] = {}
    required: Annotated[list[Name], bounds.SOME] = []


class Function(BaseModel):
    """A function that the client can run, as OpenAI's clients describe one."""

    name: Annotated[Name, Field(min_length=1, max_length=200)]
    description: Line | None = None
    parameters: Parameters | None = None


class FunctionCall(BaseModel):
    """A function that the question asks for; ``arguments`` is a JSON object as text."""

    name: str
    arguments: str


class SendMessageRequest(BaseModel):
    """A question, and the thread that it continues."""

    model_config = ConfigDict(extra="ignore")

    query_text: Text
    thread_id: Annotated[Name | None, BeforeValidator(_as_text)] = Field(
        None, description="null, empty or absent starts a new thread."
    )
    stream: StrictBool | None = Field(
        False, description="Server-sent events, if the request also accepts text/event-stream."
    )
    locale: Name | None = "en"
    functions: Annotated[
        list[Annotated[Function, BeforeValidator(_function)]], BeforeValidator(_as_list)
    ] = Field(
        [],
        max_length=128,
        description="What the client can do; the answer names one where it is asked for.",
    )
    faq_id: int | None = Field(
        None, ge=1, le=2**31 - 1, description="Of product-faqs; query_text must be its question."
    )
    page_url: Annotated[Address, Field(max_length=4000)] | None = Field(
        None, description="The page that the user is on; its document is asked first."
    )
    user_metadata: Json | None = Field(
        None, description="Kept with the message, but for keys that begin with _."
    )


class GleenSource(BaseModel):
    """A document that the answer rests on."""

    title: str
    url: str


class SendMessageResponse(BaseModel):
    """The answer; its text stands under three names."""

    thread_id: str
    content: str
    response: str
    message: str
    citations: list[GleenSource]
    sources: list[GleenSource]
    function_call: FunctionCall | None = Field(
        None, description="The function that the question asks for, if the documents do not answer."
    )
    handoff: bool = Field(
        False, description="Neither the documents nor a function answer: a person should."
    )
    locale: str = "en"


class SendMessageEvents(ServerSentEvents):
    """Server-sent events: ``thread_id`` and a piece of ``content`` each; the last is the whole
    SendMessageResponse with ``done``."""


class ProductFaq(BaseModel):
    """A question that a page answers; ``id`` is for ``faq_id``."""

    id: int
    question: str
    answer: str


class ProductFaqsResponse(BaseModel):
    """What a page answers, best first."""

    faqs: list[ProductFaq]


class GleenError(BaseModel):
    """What went wrong."""

    error: str
