"""The bodies that Gleen's API takes."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
)

from stook.application import functions
from stook.dialects import bounds
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

    def argument(self) -> functions.Argument:
        """What may be filled in."""
        given = [self.type] if isinstance(self.type, str) else self.type or []
        return functions.Argument(frozenset(given) - {"null"}, tuple(self.enum or ()))


class Parameters(BaseModel):
    """The arguments of a function, as JSON Schema describes an object."""

    properties: Annotated[dict[Name, Argument], bounds.PROPERTIES] = {}
    required: Annotated[list[Name], bounds.SOME] = []


class Function(BaseModel):
    """A function that the client can run, as OpenAI's clients describe one."""

    name: Annotated[Name, Field(min_length=1, max_length=200)]
    description: Line | None = None
    parameters: Parameters | None = None

    def function(self) -> functions.Function:
        """What can be called."""
        taken = self.parameters or Parameters()
        arguments = {name: each.argument() for name, each in taken.properties.items()}
        return functions.Function(self.name, arguments, frozenset(taken.required))


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
