"""Found documents, their snippets and facets as Glean writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stook.application.documents import Document
from stook.application.search.facets import BUILT_IN, Facet, facets, properties_of
from stook.application.search.finding import FoundDocument, Spelt
from stook.application.search.operators import TypedQuery
from stook.application.search.snippets import Snippet, Snippets
from stook.dialects.glean.rendering import wire
from stook.dialects.glean.rendering.person import document_with_people
from stook.dialects.glean.requests.search import FacetBucketFilter, SearchRequestOptions

BUCKETS = 10
SIMILAR = "SIMILAR"


def result_json(found: FoundDocument, snippets: Snippets) -> dict[str, Any]:
    """A SearchResult; the same page elsewhere is shown with it."""
    document = found.document
    copies = [result_json(copy, snippets) for copy in found.copies]
    clusters = {
        "clusteredResults": copies,
        "clusterType": SIMILAR,
        "allClusteredResults": [
            {"clusteredResults": copies, "clusterType": SIMILAR, "visibleCountHint": len(copies)}
        ],
    }
    return {
        "url": document.url,
        "title": document.title,
        "nativeAppUrl": document.url,
        "trackingToken": wire.tracking_token("result", document.id),
        "document": document_with_people(document),
        "snippets": [
            _snippet_json(piece, order, document) for order, piece in enumerate(snippets.of(found))
        ],
        **(clusters if copies else {}),
    }


def _snippet_json(piece: Snippet, order: int, document: Document) -> dict[str, Any]:
    ranges = [
        {"startIndex": span.start, "endIndex": span.end, "type": "BOLD"}
        for span in piece.highlights
    ]
    return {
        "text": piece.text,
        "snippet": piece.text,
        "mimeType": "text/plain",
        "snippetTextOrdering": order,
        "ranges": ranges,
        "url": document.url,
    }


def metadata_json(query: Spelt, typed: TypedQuery) -> dict[str, Any]:
    """How the query was read."""
    metadata: dict[str, Any] = {
        "originalQuery": query.sent,
        "searchedQuery": typed.text,
        "searchedQueryWithoutNegation": typed.text,
        "negatedTerms": list(typed.without),
        "modifiedQueryWasUsed": query.searched != query.sent,
    }
    if query.searched != query.sent:
        metadata["rewrittenQuery"] = query.searched
    if query.better not in (None, query.searched):
        metadata["querySuggestion"] = {"query": query.better}
    return metadata


def facets_json(
    documents: Sequence[Document], options: SearchRequestOptions
) -> list[dict[str, Any]]:
    """How many of the documents have which value; only documents that were found count."""
    fields = options.default_facets or [*BUILT_IN, *properties_of(documents)]
    size = options.facet_bucket_size or BUCKETS
    narrowed = options.facet_bucket_filter or FacetBucketFilter()
    found: list[Facet] = []
    for field in dict.fromkeys(fields):
        prefix = narrowed.prefix or "" if narrowed.facet == field else ""
        found += facets(documents, [field], size, prefix)
    return [_facet_json(facet, len(documents)) for facet in found]


def _facet_json(facet: Facet, total: int) -> dict[str, Any]:
    buckets = [
        {
            "count": bucket.count,
            "percentage": round(100 * bucket.count / total),
            "value": {"stringValue": bucket.value, "displayLabel": bucket.value},
        }
        for bucket in facet.buckets
    ]
    return {
        "sourceName": facet.field,
        "operatorName": facet.field,
        "buckets": buckets,
        "hasMoreBuckets": facet.more,
    }
