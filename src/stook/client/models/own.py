"""What Stook's own API answers with, in its own spelling; times are RFC 3339, UTC."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from stook.client.models.base import Open
from stook.client.models.chats import Outcome


def _as_elsewhere(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


OwnOutcome = Annotated[Open[Outcome], BeforeValidator(_as_elsewhere)]


class OwnModel(BaseModel):
    """A frozen value. Fields that a newer server adds are kept in ``model_extra``."""

    model_config = ConfigDict(frozen=True, extra="allow", protected_namespaces=())


class Span(OwnModel):
    """From ``start`` until before ``end``, in code points."""

    start: int
    end: int


class CitedDocument(OwnModel):
    """A document that an answer rests on, or that was found."""

    id: str
    title: str
    url: str
    datasource: str = ""
    mime_type: str = ""
    author: str = ""
    updated_at: str | None = None


class AnswerCitation(OwnModel):
    """What the range of an answer rests on: ``text`` are the document's own words."""

    answer_range: Span
    document: CitedDocument
    text: str
    start: int
    heading_path: tuple[str, ...] = ()
    place: str = ""


class OwnAnswer(OwnModel):
    """A whole answer of ``chats.ask``."""

    chat_id: str
    turn_id: str
    message_id: str
    text: str
    outcome: OwnOutcome
    citations: tuple[AnswerCitation, ...] = ()
    suggestions: tuple[str, ...] = ()


class OwnChat(OwnModel):
    """A chat without its messages."""

    id: str
    title: str
    pinned: bool
    created_at: str
    updated_at: str


class OwnChats(OwnModel):
    """A page of chats, newest first; the first has the pinned ones, and those shared by others."""

    chats: tuple[OwnChat, ...]
    pinned: tuple[OwnChat, ...] = ()
    shared: tuple[OwnChat, ...] = ()
    next_cursor: str | None = None


class OwnMessage(OwnModel):
    """A question or an answer; ``withheld``: the caller may not see what it rests on."""

    id: str
    turn_id: str
    author: str
    status: str
    text: str
    outcome: OwnOutcome
    withheld: bool = False
    citations: tuple[AnswerCitation, ...] = ()
    suggestions: tuple[str, ...] = ()
    created_at: str


class OwnChatDetail(OwnModel):
    """A chat with its messages, oldest first; ``shared_by`` is whose it is, if not the caller's."""

    chat: OwnChat
    shared_by: str = ""
    messages: tuple[OwnMessage, ...]


class ChatSharing(OwnModel):
    """Whom a chat is shown to: everyone who is signed in, and people by their addresses."""

    everyone: bool
    people: tuple[str, ...]


class SourceText(OwnModel):
    """A part of a document's text, from ``start``, of ``length`` in all; ``cited`` in the whole."""

    document: CitedDocument
    text: str
    start: int
    length: int
    cited: Span | None = None
    has_original: bool = False
