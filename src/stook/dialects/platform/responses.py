"""The bodies that the Platform API answers with."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from stook.dialects.bodies import ServerSentEvents
from stook.dialects.platform.requests import RunMessage


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


class PersonReference(BaseModel):
    name: str
    id: str | None = None


class PlatformResult(BaseModel):
    url: str
    title: str
    datasource: str
    snippets: list[str]
    document_type: str
    creator: PersonReference | None = None
    owner: PersonReference | None = None
    updated_at: str | None = None
    created_at: str | None = None


class SearchWarning(BaseModel):
    code: str
    message: str


class PlatformSearchResponse(BaseModel):
    """A page of documents, best first."""

    results: list[PlatformResult]
    has_more: bool
    next_cursor: str | None
    warnings: list[SearchWarning]
    request_id: str


class FilterField(BaseModel):
    field: str
    type: str
    operators: list[str]
    values: list[str] | None = None


class DatasourceFilters(BaseModel):
    datasource: str
    filters: list[FilterField]


class SearchFiltersResponse(BaseModel):
    """By datasource, what its documents can be filtered by."""

    datasources: list[DatasourceFilters]
    request_id: str


class PlatformAgent(BaseModel):
    agent_id: str
    name: str
    description: str
    metadata: dict[str, Any]
    capabilities: dict[str, bool]


class AgentsSearchResponse(BaseModel):
    agents: list[PlatformAgent]
    request_id: str


class AgentGetResponse(BaseModel):
    agent: PlatformAgent
    request_id: str


class AgentSchemasResponse(BaseModel):
    agent_id: str
    name: str
    input_schema: dict[str, Any]
    output_schema: dict[str, Any]
    tools: list[dict[str, Any]]
    request_id: str


class PlatformRun(BaseModel):
    agent_id: str
    status: Literal["success", "error"]
    input: dict[str, Any] | None = None
    messages: list[RunMessage] | None = None
    metadata: dict[str, Any] | None = None


class AgentRunResponse(BaseModel):
    run: PlatformRun
    messages: list[RunMessage]
    request_id: str
