"""The JSON of Glean's calls on documents: requests, and answers for the description."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from stook.dialects.bounds import Line
from stook.dialects.glean.models import GleanDocument
from stook.dialects.glean.search_models import FilterSets
from stook.dialects.glean.shapes import (
    AsList,
    DocumentSpec,
    Location,
    Question,
    Size,
    Texts,
    Wire,
)

Specs = Annotated[list[DocumentSpec], AsList, Field(min_length=1, max_length=100)]


class GetDocumentsRequest(Wire):
    """Names the documents to read; includeFields may ask for DOCUMENT_CONTENT."""

    document_specs: Specs
    include_fields: Texts = Field([])


class GetDocumentsByFacetsRequest(Wire):
    """Documents that fit any of the sets; within a set all filters must hold."""

    filter_sets: FilterSets
    datasources_filter: Texts = Field([])
    cursor: Line | None = None


class GetDocPermissionsRequest(Wire):
    """Names the document by its id or address."""

    document_id: Location


class SummarizeRequest(Wire):
    """Which documents to summarise, perhaps about something; the length is in characters."""

    document_specs: Specs
    query: Question | None = None
    preferred_summary_length: Size | None = None


# --- answers, for the description --------------------------------------------------------------


class DocumentContent(Wire):
    full_text_list: list[str]


class ReadDocument(GleanDocument):
    content: DocumentContent | None = None


class DocumentError(Wire):
    error: str


class GetDocumentsResponse(Wire):
    """By the id or address that was asked for: the document, or why there is none."""

    documents: dict[str, ReadDocument | DocumentError]


class GetDocumentsByFacetsResponse(Wire):
    documents: list[GleanDocument]
    has_more_results: bool
    cursor: str


class GetDocPermissionsResponse(Wire):
    """E-mail addresses; the single entry VISIBLE_TO_ALL stands for everybody."""

    allowed_user_emails: list[str]


class Summary(Wire):
    text: str
    follow_up_prompts: list[str]


class SummarizeResponse(Wire):
    summary: Summary | None = None
    error: dict[str, Any] | None = None
    tracking_token: str


REQUESTS = (
    GetDocumentsRequest,
    GetDocumentsByFacetsRequest,
    GetDocPermissionsRequest,
    SummarizeRequest,
)
