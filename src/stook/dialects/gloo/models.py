"""The JSON of Gloo's message and chat API."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictStr

Switch = Annotated[int, Field(ge=0, le=1)]


def _names(value: Any) -> Any:
    """null stands for no restriction."""
    return [] if value is None else value


class MessageRequest(BaseModel):
    """A question; ``chat_id`` and ``enable_suggestions`` may stand in the query instead."""

    model_config = ConfigDict(extra="ignore")

    query: StrictStr
    chat_id: StrictStr | None = None
    character_limit: Annotated[int, Field(ge=0, strict=True)] | None = Field(
        None, description="How long the answer may be; 0 is no limit."
    )
    sources_limit: Annotated[int, Field(ge=0, strict=True)] | None = Field(
        None, description="How many sources there may be; 0 is no limit."
    )
    stream: StrictBool | None = Field(False, description="Answer as server-sent events.")
    publishers: Annotated[list[StrictStr], BeforeValidator(_names)] = Field(
        default_factory=list, description="Names of the publishers to use; empty for all."
    )
    enable_suggestions: Switch | None = None
    enable_sources: Annotated[int, Field(ge=0, le=2)] | None = None
    intent: Switch | None = None


class GlooSource(BaseModel):
    item_title: str
    item_url: str
    author: list[str]
    publisher: str
    publication_date: str | None
    snippet: str


class MessageResponse(BaseModel):
    """The answer, with the ids of the chat, the question and itself."""

    chat_id: str
    query_id: str
    message_id: str
    timestamp: str
    success: bool
    message: str
    model: str
    sources: list[GlooSource]
    sources_limit: int
    suggestions: list[str]
    intent: int


class KallmResponse(BaseModel):
    """The short form of the answer."""

    query_id: str
    message_id: str
    message: str
    timestamp: str
    chat_id: str


class GlooChatMessage(BaseModel):
    query_id: str
    message_id: str
    timestamp: str
    role: Literal["user", "kallm"]
    message: str
    content: str


class GlooChat(BaseModel):
    user_id: str
    chat_id: str
    created_at: str
    updated_at: str
    messages: list[GlooChatMessage]
    pin: bool
    summary: str | None
    title: str


class GlooChatEntry(BaseModel):
    chat_id: str
    title: str
    created_at: str
    updated_at: str
    pin: bool


class GlooChats(BaseModel):
    chats: list[GlooChatEntry]


class DeletedChat(BaseModel):
    deleted: bool
    chat_id: str


class TokenResponse(BaseModel):
    access_token: str
    expires_in: int
    token_type: str


class TokenError(BaseModel):
    error: str
    error_description: str
    detail: str


class GlooError(BaseModel):
    """What went wrong."""

    error: str
    code: str
    detail: str
