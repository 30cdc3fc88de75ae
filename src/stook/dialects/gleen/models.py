"""The JSON of Gleen's API."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    StrictBool,
    StrictStr,
)


def _as_text(value: Any) -> Any:
    """Threads are numbers written as text; some clients send the number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class SendMessageRequest(BaseModel):
    """A question, and the thread that it continues."""

    model_config = ConfigDict(extra="ignore")

    query_text: StrictStr
    thread_id: Annotated[StrictStr | None, BeforeValidator(_as_text)] = Field(
        None, description="null, empty or absent starts a new thread."
    )
    stream: StrictBool | None = Field(
        False, description="Server-sent events, if the request also accepts text/event-stream."
    )
    locale: StrictStr | None = "en"
    functions: list[Any] | None = Field(None, description="Accepted, not called.")
    faq_id: int | None = None
    page_url: StrictStr | None = None
    user_metadata: dict[str, Any] | None = Field(None, description="Accepted, not kept.")


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
    function_call: None = None
    handoff: bool = False
    locale: str = "en"


class SendMessageEvents(RootModel[str]):
    """Server-sent events: ``thread_id`` and a piece of ``content`` each; the last is the whole
    SendMessageResponse with ``done``."""


class GleenError(BaseModel):
    """What went wrong."""

    error: str
