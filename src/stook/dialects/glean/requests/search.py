"""The bodies that search takes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictBool

from stook.dialects import bounds
from stook.dialects.bounds import Json, Line, Name
from stook.dialects.glean.requests.fields import (
    AsList,
    DocumentSpec,
    Location,
    Millis,
    Offset,
    Question,
    Size,
    Text,
    Texts,
    Wire,
)


class FacetFilterValue(Wire):
    value: Location | None = None
    relation_type: Name | None = None
    is_negated: StrictBool | None = None


class FacetFilter(Wire):
    """Documents whose field has one of these values; other relations hold each."""

    field_name: Name | None = None
    values: Annotated[list[FacetFilterValue], bounds.SOME, AsList] = Field([])
    group_name: Name | None = None


Filters = Annotated[list[FacetFilter], bounds.FEW, AsList]


class FacetFilterSet(Wire):
    filters: Filters = Field([])


FilterSets = Annotated[list[FacetFilterSet], bounds.FEW, AsList]


class FacetBucketFilter(Wire):
    """Narrows the buckets of one facet to values that begin so."""

    facet: Name | None = None
    prefix: Name | None = None


class RestrictionFilters(Wire):
    container_specs: Annotated[list[DocumentSpec], bounds.SOME, AsList] = Field([])


class SearchRequestOptions(Wire):
    """How to narrow a search, and what to answer besides results."""

    facet_bucket_size: Size | None = None
    datasource_filter: Text | None = None
    datasources_filter: Texts = Field([])
    query_overrides_facet_filters: StrictBool | None = None
    facet_filters: Filters = Field([])
    facet_filter_sets: FilterSets = Field([])
    facet_bucket_filter: FacetBucketFilter | None = None
    default_facets: Texts = Field([])
    fetch_all_datasource_counts: StrictBool | None = None
    response_hints: Texts = Field([])
    timezone_offset: Offset | None = None
    disable_spellcheck: StrictBool | None = None
    disable_query_autocorrect: StrictBool | None = None
    return_llm_content_over_snippets: StrictBool | None = None
    inclusions: RestrictionFilters | None = None
    exclusions: RestrictionFilters | None = None


class SearchRequest(Wire):
    """A query, and how its results are to be narrowed, cut and counted."""

    query: Question
    page_size: Size | None = None
    max_snippet_size: Size | None = None
    cursor: Line | None = None
    result_tab_ids: Texts = Field([])
    timeout_millis: Millis | None = None
    disable_spellcheck: StrictBool | None = None
    tracking_token: Text | None = None
    session_info: Json | None = None
    request_options: SearchRequestOptions | None = None


# --- suggestions, related and recent documents -------------------------------------------------


class AutocompleteRequest(Wire):
    """What has been typed so far."""

    query: Annotated[Text, bounds.FEW_WORDS] | None = None
    datasources_filter: Texts = Field([])
    datasource: Text | None = None
    result_types: Texts = Field([])
    result_size: Size | None = None
    tracking_token: Text | None = None
    session_info: Json | None = None


class RecommendationsRequestOptions(Wire):
    datasource_filter: Text | None = None
    datasources_filter: Texts = Field([])
    facet_filter_sets: FilterSets = Field([])


class SourceDocument(Wire):
    url: Location | None = None
    id: Location | None = None


class RecommendationsRequest(Wire):
    """A document to find related ones for; without one, those that changed last."""

    source_document: SourceDocument | None = None
    recommendation_document_spec: DocumentSpec | None = None
    page_size: Size | None = None
    max_snippet_size: Size | None = None
    request_options: RecommendationsRequestOptions | None = None


class FeedRequestOptions(Wire):
    result_size: Size | None = None
    timezone_offset: Offset | None = None
    datasource_filter: Texts = Field([])


class FeedRequest(Wire):
    """Which kinds of entries; Stook knows RECENT and DOCUMENT_SUGGESTION."""

    categories: Texts = Field([])
    request_options: FeedRequestOptions | None = None
    timeout_millis: Millis | None = None
