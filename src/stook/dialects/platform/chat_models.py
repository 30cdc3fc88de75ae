"""The JSON of the Platform API's chat."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Discriminator, Field, StrictBool, Tag

from stook.dialects import bounds
from stook.dialects.bodies import ServerSentEvents
from stook.dialects.bounds import Json, Line
from stook.dialects.platform.problems import TAG
from stook.dialects.platform.shapes import Request, Text

Question = Annotated[bounds.Text, Field(min_length=1)]


class InputMessage(Request):
    role: Literal["USER", "ASSISTANT"]
    content: Question


def _kind(value: Any) -> str:
    return TAG + ("messages" if isinstance(value, list) else "text")


Input = Annotated[
    Annotated[Question, Tag(TAG + "text")]
    | Annotated[list[InputMessage], Field(min_length=1), bounds.SOME, Tag(TAG + "messages")],
    Discriminator(_kind),
]


class TextFormat(Request):
    type: Literal["TEXT"]


class JsonSchemaFormat(Request):
    type: Literal["JSON_SCHEMA"]
    name: Text
    schema_: Annotated[Json, Field(alias="schema")]
    description: Line | None = None
    strict: StrictBool | None = True


def _format(value: Any) -> str:
    kind = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return TAG + ("schema" if kind == "JSON_SCHEMA" else "text")


class TextOptions(Request):
    """How the answer is to be written."""

    format: Annotated[
        Annotated[TextFormat, Tag(TAG + "text")] | Annotated[JsonSchemaFormat, Tag(TAG + "schema")],
        Discriminator(_format),
    ] = Field(TextFormat(type="TEXT"))


class ChatCreateRequest(Request):
    """A question, or a conversation oldest first whose last message is the user's."""

    input: Input
    stream: StrictBool = False
    store: StrictBool = True
    conversation_id: Text | None = None
    text: TextOptions = Field(TextOptions())


class ChatUpdateRequest(Request):
    """The chat's new name."""

    name: Text


# --- answers, for the description --------------------------------------------------------------


class DocumentSource(BaseModel):
    type: Literal["DOCUMENT"]
    document_id: str
    url: str
    title: str
    datasource: str


class CitationSnippet(BaseModel):
    text: str
    page_number: int | None = None


class CitationAnnotation(BaseModel):
    """What the code points from start_index until before end_index rest on."""

    type: Literal["CITATION"]
    sources: list[DocumentSource]
    start_index: int
    end_index: int
    snippets: list[CitationSnippet]


class OutputText(BaseModel):
    type: Literal["OUTPUT_TEXT"]
    text: str
    annotations: list[CitationAnnotation]


class OutputMessage(BaseModel):
    type: Literal["MESSAGE"]
    role: Literal["ASSISTANT"]
    content: list[OutputText]


class PlatformChatResponse(BaseModel):
    """The whole answer, in one message."""

    id: str
    object: Literal["RESPONSE"]
    created_at: str
    status: Literal["COMPLETED"]
    output: list[OutputMessage]
    store: bool
    conversation_id: str | None = None
    request_id: str


class ChatEvents(ServerSentEvents):
    """Server-sent events, each with an id and a type; the last is RESPONSE_COMPLETED, which holds
    the whole response, or RESPONSE_FAILED."""


class CancelledResponse(BaseModel):
    """A response that was stopped."""

    id: str
    object: Literal["RESPONSE"]
    status: Literal["CANCELLED"]
    request_id: str


class RenamedChat(BaseModel):
    chat_id: str
    name: str


class ChatUpdateResponse(BaseModel):
    chat: RenamedChat
    request_id: str
