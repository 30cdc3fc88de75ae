"""The bodies that search answers with."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from stook.dialects.glean.requests.fields import Wire
from stook.dialects.glean.responses.chat import GleanDocument, GleanSnippet


class HighlightedSnippet(GleanSnippet):
    """``ranges`` count code points of ``text``."""

    snippet_text_ordering: int
    ranges: list[dict[str, Any]]
    url: str


class SearchResult(Wire):
    url: str
    title: str
    tracking_token: str
    document: GleanDocument
    snippets: list[HighlightedSnippet]
    clustered_results: list[SearchResult] | None = None
    cluster_type: str | None = None
    all_clustered_results: list[ClusterGroup] | None = None


class ClusterGroup(Wire):
    """Results that belong to another; Stook clusters the same page in several datasources."""

    clustered_results: list[SearchResult]
    cluster_type: str
    visible_count_hint: int


class FacetValue(Wire):
    string_value: str
    display_label: str


class FacetBucket(Wire):
    count: int
    percentage: int
    datasource: str | None = None
    value: FacetValue


class FacetResult(Wire):
    source_name: str
    operator_name: str
    buckets: list[FacetBucket]
    has_more_buckets: bool


class ResultTab(Wire):
    id: str
    count: int | None = None
    datasource: str | None = None


class SearchResponse(Wire):
    """A page of documents, best first."""

    results: list[SearchResult]
    tracking_token: str
    session_info: dict[str, Any] | None = None
    request_id: str = Field(alias="requestID")
    backend_time_millis: int
    metadata: dict[str, Any] | None = None
    facet_results: list[FacetResult] | None = None
    result_tabs: list[ResultTab] | None = None
    result_tab_ids: list[str] | None = None
    cursor: str
    has_more_results: bool


class ResultsResponse(Wire):
    results: list[SearchResult]
    tracking_token: str
    request_id: str = Field(alias="requestID")
    backend_time_millis: int


class AutocompleteResult(Wire):
    result: str
    result_type: str
    score: float
    url: str | None = None
    document: GleanDocument | None = None
    structured_result: dict[str, Any] | None = None
    ranges: list[dict[str, Any]]
    tracking_token: str


class AutocompleteResponse(Wire):
    results: list[AutocompleteResult]
    tracking_token: str
    session_info: dict[str, Any] | None = None
    backend_time_millis: int


class FeedEntry(Wire):
    title: str
    entry_id: str
    view_url: str
    justification: str
    justification_type: str
    tracking_token: str
    document: GleanDocument


class FeedResult(Wire):
    category: str
    rank: int
    primary_entry: FeedEntry


class FeedResponse(Wire):
    """Newest first; the timestamp is in seconds since the epoch."""

    server_timestamp: int
    results: list[FeedResult]
    tracking_token: str
