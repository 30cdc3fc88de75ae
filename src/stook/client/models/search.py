"""Answers of search, and of the calls about documents."""

from __future__ import annotations

from pydantic import AliasChoices, Field

from stook.client.models.base import Items, Model
from stook.client.models.documents import Document, Snippet


class SearchResult(Model):
    """A document that was found, with the words that match."""

    url: str
    title: str | None = None
    document: Document | None = None
    snippets: Items[Snippet] = ()
    full_text: str | None = None
    tracking_token: str | None = None

    @property
    def quotes(self) -> tuple[str, ...]:
        """The words that match, verbatim."""
        return tuple(snippet.quote for snippet in self.snippets if snippet.quote)


class SearchMetadata(Model):
    """How a query was read; ``rewritten_query`` is the whole of it where it was put right."""

    original_query: str | None = None
    searched_query: str | None = None
    rewritten_query: str | None = None
    modified_query_was_used: bool | None = None


class SearchResponse(Model):
    """One page of results, best first. ``cursor`` asks for the next, if there are more."""

    results: Items[SearchResult] = ()
    metadata: SearchMetadata | None = None
    has_more_results: bool | None = None
    cursor: str | None = None
    backend_time_millis: int | None = None
    tracking_token: str | None = None
    request_id: str | None = Field(
        None, validation_alias=AliasChoices("requestID", "requestId", "request_id")
    )


class RetrievedDocument(Document):
    """A document, or in ``error`` why it cannot be given."""

    error: str | None = None


class GetDocumentsResponse(Model):
    """Documents by the id or URL that was asked for."""

    documents: dict[str, RetrievedDocument] = Field(default_factory=dict)


class GetDocumentPermissionsResponse(Model):
    """Who may see a document; the one entry VISIBLE_TO_ALL stands for everybody."""

    allowed_user_emails: Items[str] = ()


class Summary(Model):
    """A summary and questions that follow from it."""

    text: str | None = None
    follow_up_prompts: Items[str] = ()


class SummarizeResponse(Model):
    """The summary of one or more documents, or in ``error`` why there is none."""

    summary: Summary | None = None
    error: str | dict[str, object] | None = None
    tracking_token: str | None = None


class Source(Model):
    """A document that an answer of ``send_message`` rests on."""

    title: str | None = None
    url: str | None = None


class SendMessageResponse(Model):
    """An answer in a thread; its ``thread_id`` continues the conversation."""

    thread_id: str = Field(alias="thread_id", coerce_numbers_to_str=True)
    content: str | None = None
    response: str | None = None
    message: str | None = None
    citations: Items[Source] = ()
    locale: str | None = None

    @property
    def text(self) -> str:
        """The answer's text, under whichever name the server sent it."""
        return self.content or self.response or self.message or ""
