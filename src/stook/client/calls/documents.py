"""The calls about documents: search, retrieval, permissions, summaries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from stook.client.calls import base
from stook.client.calls.base import Call, reader, validated, without_none
from stook.client.calls.chat import API
from stook.client.models.documents import DocumentSpec
from stook.client.models.search import (
    GetDocumentPermissionsResponse,
    GetDocumentsResponse,
    SearchResponse,
    SummarizeResponse,
)
from stook.client.retrying import Retries

Spec = str | DocumentSpec | Mapping[str, Any]
FACET_BUCKETS = 10


def search(
    query: str,
    *,
    page_size: int | None = None,
    cursor: str | None = None,
    datasources: Iterable[str] = (),
    facets: Mapping[str, str | Iterable[str]] | None = None,
    max_snippet_size: int | None = None,
    disable_spellcheck: bool | None = None,
    timeout_millis: int | None = None,
    locale: str | None = None,
    retries: Retries | None = None,
) -> Call[SearchResponse]:
    """Find documents; one page, best first.

    ``cursor`` is that of the page before. ``facets`` maps the name of a field (``type``, ``from``,
    ``last_updated_at`` …) to the values of which it must have one. ``max_snippet_size`` is in
    characters. Misspelt words are put right, unless ``disable_spellcheck``.
    """
    return Call(
        API + "search",
        reader(SearchResponse),
        body=without_none(
            query=query,
            pageSize=page_size,
            cursor=cursor,
            maxSnippetSize=max_snippet_size,
            disableSpellcheck=disable_spellcheck,
            timeoutMillis=timeout_millis,
            requestOptions=_request_options(_texts(datasources), facets),
        ),
        query=_query(locale),
        repeatable=True,
        retries=retries,
    )


def _request_options(
    datasources: list[str], facets: Mapping[str, str | Iterable[str]] | None
) -> dict[str, Any] | None:
    if not datasources and not facets:
        return None
    filters = [
        {"fieldName": name, "values": [_equals(value) for value in _texts(values)]}
        for name, values in (facets or {}).items()
    ]
    return {
        "facetBucketSize": FACET_BUCKETS,
        **({"datasourcesFilter": datasources} if datasources else {}),
        **({"facetFilters": filters} if filters else {}),
    }


def _equals(value: str) -> dict[str, str]:
    return {"value": value, "relationType": "EQUALS"}


def retrieve(
    documents: Spec | Iterable[Spec],
    *,
    include_content: bool = False,
    locale: str | None = None,
    retries: Retries | None = None,
) -> Call[GetDocumentsResponse]:
    """Documents by id or URL; with ``include_content`` their text too."""
    fields = ["DOCUMENT_CONTENT"] if include_content else None
    return Call(
        API + "getdocuments",
        reader(GetDocumentsResponse),
        body=without_none(documentSpecs=_specs(documents), includeFields=fields),
        query=_query(locale),
        repeatable=True,
        retries=retries,
    )


def retrieve_permissions(
    document_id: str, *, retries: Retries | None = None
) -> Call[GetDocumentPermissionsResponse]:
    """Who may see a document."""
    return Call(
        API + "getdocpermissions",
        reader(GetDocumentPermissionsResponse),
        body={"documentId": document_id},
        repeatable=True,
        retries=retries,
    )


def summarize(
    documents: Spec | Iterable[Spec],
    *,
    query: str | None = None,
    preferred_length: int | None = None,
    locale: str | None = None,
    retries: Retries | None = None,
) -> Call[SummarizeResponse]:
    """Summarize documents, with a view to ``query``; the length is in characters."""
    return Call(
        API + "summarize",
        reader(SummarizeResponse),
        body=without_none(
            documentSpecs=_specs(documents), query=query, preferredSummaryLength=preferred_length
        ),
        query=_query(locale),
        repeatable=True,
        retries=retries,
    )


def _query(locale: str | None) -> dict[str, str]:
    return base.query(locale=locale)


def _specs(given: Spec | Iterable[Spec]) -> list[dict[str, Any]]:
    one = isinstance(given, str | DocumentSpec | Mapping)
    specs: Iterable[Any] = [given] if one else given
    return [_spec(each).to_wire() for each in specs]


def _spec(given: Spec) -> DocumentSpec:
    return DocumentSpec.of(given) if isinstance(given, str) else validated(DocumentSpec, given)


def _texts(given: str | Iterable[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)
