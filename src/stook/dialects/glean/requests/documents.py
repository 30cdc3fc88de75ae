"""The bodies about documents."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stook.dialects.bounds import Line
from stook.dialects.glean.requests.fields import (
    AsList,
    DocumentSpec,
    Location,
    Question,
    Size,
    Texts,
    Wire,
)
from stook.dialects.glean.requests.search import FilterSets

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
