"""The bodies that Gloo's tokens, messages and chats answer with."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from stook.dialects.bodies import ServerSentEvents


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
