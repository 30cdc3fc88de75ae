"""The JSON of Gloo's message and chat API."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    SecretStr,
    StrictBool,
)

from stook.dialects import bounds
from stook.dialects.bodies import ServerSentEvents
from stook.dialects.bounds import Line, Name, Text

Switch = Annotated[int, Field(ge=0, le=1)]


def _names(value: Any) -> Any:
    """null stands for no restriction."""
    return [] if value is None else value


class MessageRequest(BaseModel):
    """A question; ``chat_id`` and ``enable_suggestions`` may stand in the query instead."""

    model_config = ConfigDict(extra="ignore")

    query: Text
    chat_id: Name | None = None
    character_limit: Annotated[int, Field(ge=0, le=bounds.MOST_NUMBER, strict=True)] | None = Field(
        None, description="How long the answer may be; 0 is no limit."
    )
    sources_limit: Annotated[int, Field(ge=0, le=bounds.MOST_NUMBER, strict=True)] | None = Field(
        None, description="How many sources there may be; 0 is no limit."
    )
    stream: StrictBool | None = Field(False, description="Answer as server-sent events.")
    publishers: Annotated[list[Name], bounds.FEW, BeforeValidator(_names)] = Field(
        default_factory=list, description="Names of the publishers to use; empty for all."
    )
    enable_suggestions: Switch | None = None
    enable_sources: Annotated[int, Field(ge=0, le=2)] | None = Field(
        None, description="0: never; 1: unless the intent is 0; 2: always."
    )
    intent: Switch | None = Field(
        None, description="1: the answer needs sources; 0: it needs none; else it shows."
    )


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


class MessageEvents(ServerSentEvents):
    """Server-sent events: the ids and a piece of ``message`` with ``done`` false each; the last
    is the whole answer with ``done`` true."""


class KallmResponse(BaseModel):
    """The short form of the answer."""

    query_id: str
    message_id: str
    message: str
    timestamp: str
    chat_id: str


class StoppedMessage(BaseModel):
    """``success``: the answer was being written, and ended."""

    task: Literal["stop"]
    success: bool


class DeletedMessage(BaseModel):
    deleted: bool
    message_id: str


class RatingRequest(BaseModel):
    """What the caller thinks of an answer: 1 is good, -1 is bad."""

    model_config = ConfigDict(extra="ignore")

    rating: Literal[1, -1]
    comment: Annotated[Line, Field(max_length=10_000)] | None = None


class RatedMessage(BaseModel):
    success: bool


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


class ChatChange(BaseModel):
    """``new_value`` is true or false for pin, a text for title, a text or null for summary."""

    model_config = ConfigDict(extra="ignore")

    new_value: bounds.Value


class ChangedChat(BaseModel):
    chat_id: str
    field: Literal["pin", "title", "summary"]
    value: bool | str | None


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


class TokenForm(BaseModel):
    """The credentials stand here, or in the header Authorization: Basic …"""

    grant_type: Literal["client_credentials"]
    scope: Name | None = None
    client_id: Name | None = None
    client_secret: Annotated[SecretStr, bounds.NAME] | None = None


class TokenResponse(BaseModel):
    access_token: str
    expires_in: int
    token_type: str


class TokenError(BaseModel):
    error: str
    error_description: str
    detail: str


class Key(BaseModel):
    """A public key on an elliptic curve (RFC 7517, RFC 7518)."""

    kid: str
    kty: str
    crv: str
    x: str
    y: str
    use: Literal["sig"]
    alg: str


class KeySet(BaseModel):
    """The keys by which access tokens are verified, newest first."""

    keys: list[Key]


class GlooFault(BaseModel):
    """``loc`` leads to the wrong value: body or query first, then names and places."""

    type: str
    loc: list[str | int]
    msg: str
    input: Any = None


class GlooFaults(BaseModel):
    """All that is wrong with a request's shape."""

    detail: list[GlooFault]


class GlooError(BaseModel):
    """What went wrong."""

    error: str
    code: str
    detail: str


class GlooUnprocessable(RootModel[GlooFaults | GlooError]):
    """The wrong values one by one, or one sentence where they do not go together."""


REQUESTS: tuple[type[BaseModel], ...] = (
    TokenForm,
    MessageRequest,
    RatingRequest,
    ChatChange,
)
