"""The bodies that chats answer with; they describe what orjson writes."""

from __future__ import annotations

from typing import Any

from pydantic import Field, RootModel

from stook.dialects.glean.requests.chat import AgentConfig
from stook.dialects.glean.requests.fields import Wire


class ChatLines(RootModel[str]):
    """One ChatResponse a line, with the pieces of the answer's text to be joined."""


class StoppedResponse(Wire):
    """The answer was stopped."""

    stopped: bool


class GleanDocument(Wire):
    id: str
    datasource: str
    doc_type: str | None = None
    title: str
    url: str
    metadata: dict[str, Any] = Field({})


class TextRange(Wire):
    start_index: int
    end_index: int
    type: str = "CITATION"


class GleanSnippet(Wire):
    text: str
    mime_type: str = "text/plain"


class ReferenceRange(Wire):
    text_range: TextRange
    snippets: list[GleanSnippet] = Field([])


class ChatFileMetadata(Wire):
    status: str = Field(description="PROCESSING, PROCESSED, PARTIALLY_PROCESSED or FAILED.")
    upload_time: int = Field(description="Seconds since the epoch.")
    processed_size: int = Field(description="Bytes.")
    failure_reason: str | None = None
    mime_type: str | None = None


class ChatFileJson(Wire):
    id: str
    name: str
    url: str
    metadata: ChatFileMetadata


class ChatMessageCitation(Wire):
    """One source: a document, or an uploaded file."""

    tracking_token: str
    source_document: GleanDocument | None = None
    source_file: ChatFileJson | None = None
    reference_ranges: list[ReferenceRange] = Field([])


class AnswerFragment(Wire):
    text: str | None = None
    citation: ChatMessageCitation | None = None
    query_suggestion: dict[str, Any] | None = None
    structured_results: list[dict[str, Any]] | None = None
    file: ChatFileJson | None = None


class AnswerMessage(Wire):
    author: str
    message_type: str
    message_id: str | None = None
    uploaded_file_ids: list[str] | None = None
    message_tracking_token: str | None = None
    step_id: str | None = Field(None, description="search, read or respond.")
    ts: str | None = None
    has_more_fragments: bool | None = None
    agent_config: AgentConfig | None = None
    fragments: list[AnswerFragment]
    citations: list[ChatMessageCitation] | None = None


class ChatResponse(Wire):
    """An answer: progress messages first, the answer itself last."""

    messages: list[AnswerMessage]
    chat_id: str | None = None
    follow_up_prompts: list[str] | None = None
    backend_time_millis: int | None = None
    chat_session_tracking_token: str | None = None


class QueuedResponse(Wire):
    """The question will be answered in the chat; read it there."""

    chat_id: str
    queued_request_id: str
    is_saved_to_chat_history: bool


class GleanPerson(Wire):
    name: str
    obfuscated_id: str


class ChatMetadata(Wire):
    id: str
    create_time: int = Field(description="Seconds since the epoch.")
    update_time: int
    created_by: GleanPerson
    name: str
    application_id: str | None = None
    application_name: str | None = None


class ChatMetadataResult(Wire):
    chat: ChatMetadata
    tracking_token: str


class ListChatsResponse(Wire):
    chat_results: list[ChatMetadataResult]
    cursor: str


class GleanChat(ChatMetadata):
    permissions: dict[str, bool]
    messages: list[AnswerMessage]
    roles: list[dict[str, Any]]


class ChatResult(Wire):
    chat: GleanChat
    tracking_token: str


class GetChatResponse(Wire):
    chat_result: ChatResult
