"""The JSON that Stook's own API answers with. Times are RFC 3339, UTC; offsets are code points."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, RootModel

from stook.answering.outcome import Outcome


class SignInOptions(BaseModel):
    """Other ways to sign in than by a link; ``provider`` is what an identity provider is called."""

    passwords: bool
    provider: str | None


class Me(BaseModel):
    """Who is signed in, and what this server allows."""

    email: str
    name: str
    administrator: bool
    version: str
    session_id: str | None
    has_password: bool
    max_file_mib: int
    files_per_upload: int
    datasources: list[DatasourceName]
    applications: list[ApplicationName]


class DatasourceName(BaseModel):
    name: str
    display_name: str


class ApplicationName(BaseModel):
    """What an administrator set up for a purpose; ``starters`` are questions to begin with."""

    id: str
    name: str
    description: str
    starters: list[str]


class PageSession(BaseModel):
    id: str
    browser: str
    created_at: str
    seen_at: str
    expires_at: str
    current: bool


class PageSessions(BaseModel):
    """Where the caller is signed in."""

    sessions: list[PageSession]


class TextSpan(BaseModel):
    start: int
    end: int


class CitedDocument(BaseModel):
    id: str
    title: str
    url: str
    datasource: str
    mime_type: str
    author: str
    updated_at: str | None


class AnswerCitation(BaseModel):
    """What the range of the answer rests on: ``text`` are the document's own words.

    ``place`` is the page, slide, sheet or moment that they stand in, where that is known.
    """

    answer_range: TextSpan
    document: CitedDocument
    text: str
    start: int
    heading_path: list[str]
    place: str


class AskEvent(BaseModel):
    """One line of a streamed answer; which fields there are depends on ``type``."""

    type: Literal[
        "started", "searching", "reading", "text", "citation", "suggestions", "finished", "failed"
    ]
    chat_id: str | None = None
    turn_id: str | None = None
    message_id: str | None = None
    query: str | None = None
    documents: list[CitedDocument] | None = None
    text: str | None = None
    citation: AnswerCitation | None = None
    suggestions: list[str] | None = None
    outcome: Outcome | None = None
    refused: bool | None = None
    milliseconds: int | None = None
    code: str | None = None
    message: str | None = None


class StoppedTurn(BaseModel):
    """Whether there was an answer that was being written."""

    stopped: bool


class ChatSummary(BaseModel):
    """A chat without its messages."""

    id: str
    title: str
    pinned: bool
    created_at: str
    updated_at: str


class ChatPage(BaseModel):
    """Chats, newest first; the first page also has those that are pinned, and those that others
    share with the caller by name."""

    chats: list[ChatSummary]
    pinned: list[ChatSummary]
    shared: list[ChatSummary]
    next_cursor: str | None


class StoredMessage(BaseModel):
    """A question or an answer. ``withheld``: the reader may not see what it rests on."""

    id: str
    turn_id: str
    author: Literal["user", "assistant"]
    status: Literal["complete", "cancelled", "failed"]
    text: str
    citations: list[AnswerCitation]
    suggestions: list[str]
    outcome: Outcome
    refused: bool
    withheld: bool
    files: list[str]
    created_at: str


class ChatDetail(BaseModel):
    """A chat with its messages, oldest first, as the caller may see them now.

    ``shared_by`` is the name of its owner, empty where that is the caller.
    """

    chat: ChatSummary
    shared_by: str
    messages: list[StoredMessage]


class ChatSharing(BaseModel):
    """Whom a chat is shown to: everyone who is signed in, and people by their addresses."""

    everyone: bool
    people: list[str]


class DeletedChats(BaseModel):
    """How many chats were deleted."""

    deleted: int


class SourceText(BaseModel):
    """A part of a document's text, from ``start``, of ``length`` in all.

    ``cited`` is where the words asked for stand in the whole text, if they do.
    """

    document: CitedDocument
    text: str
    start: int
    length: int
    cited: TextSpan | None
    has_original: bool


class UploadedFile(BaseModel):
    id: str
    document_id: str
    name: str
    mime_type: str
    size: int
    status: Literal["PROCESSING", "PROCESSED", "PARTIALLY_PROCESSED", "FAILED"]
    failure_reason: str | None


class UploadedFiles(BaseModel):
    """Files, and how far each has been read."""

    files: list[UploadedFile]


class FileBytes(RootModel[bytes]):
    """The bytes of a file."""


class FileText(RootModel[str]):
    """A file of text."""


class HighlightedText(BaseModel):
    """A piece of a document; ``place`` is the page, slide, sheet or moment, where it is known."""

    text: str
    highlights: list[TextSpan]
    place: str


class FoundDocumentEntry(BaseModel):
    document: CitedDocument
    snippets: list[HighlightedText]


class FacetCount(BaseModel):
    value: str
    count: int


class SearchFacet(BaseModel):
    """How many of the documents found have which value. ``operator`` narrows the query to one, as
    in ``type:pdf``; values of ``updated`` are periods, the shorter within the longer."""

    operator: Literal["app", "type", "from", "updated"]
    values: list[FacetCount]


class FoundDocuments(BaseModel):
    """Documents, best first. ``searched`` is the query as it was spelt for the search.

    ``facets`` and ``total`` are of all that was found, and the same on every page.
    """

    results: list[FoundDocumentEntry]
    facets: list[SearchFacet]
    total: int
    searched: str
    corrected: bool
    next_cursor: str | None
