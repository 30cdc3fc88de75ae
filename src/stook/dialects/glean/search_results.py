"""Found documents, their snippets and facets as Glean writes them."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stook.application.search.operators import TypedQuery
from stook.dialects.glean import wire
from stook.dialects.glean.person import document_with_people
from stook.dialects.glean.search_models import FacetBucketFilter, SearchRequestOptions
from stook.knowledge.retrieval.exact_phrases import holds_phrase
from stook.knowledge.retrieval.facets import BUILT_IN, Facet, facets, properties_of
from stook.knowledge.retrieval.finding import FoundDocument
from stook.knowledge.store.documents import Document, FoundPassage
from stook.knowledge.text import analysis
from stook.knowledge.text.snippets import Excerpt, excerpt, highlighted, opening

SNIPPETS = 3  # of one document
BUCKETS = 10
SIMILAR = "SIMILAR"


@dataclass(frozen=True, slots=True)
class Spelt:
    """A query as it was sent and as it is searched for; ``better`` is what it may have meant,
    where it is not to be changed."""

    sent: str
    searched: str
    better: str | None = None


@dataclass(frozen=True)
class Snippets:
    """How snippets are made: at most ``longest`` characters, or whole passages of together
    as many."""

    longest: int
    whole_passages: bool
    typed: TypedQuery

    def of(self, found: FoundDocument) -> list[Excerpt]:
        """The pieces that show why a document was found, the most telling first."""
        terms = self._terms
        passages = sorted(found.passages, key=self._lacks_phrase)
        if self.whole_passages:
            return [highlighted(text, terms) for text in self._whole(passages)]
        pieces = (excerpt(each.text, terms, self.longest) for each in passages[:SNIPPETS])
        return [piece for piece in pieces if piece.text]

    @functools.cached_property
    def _terms(self) -> list[str]:
        return analysis.query_terms(self.typed.text)

    def _lacks_phrase(self, passage: FoundPassage) -> bool:
        return not all(holds_phrase(passage.text, phrase) for phrase in self.typed.phrases)

    def _whole(self, passages: Sequence[FoundPassage]) -> list[str]:
        texts: list[str] = []
        left = self.longest
        for passage in passages:
            text = opening(passage.text, left)
            if left <= 0 or (texts and len(text) < len(passage.text)):
                break
            texts.append(text)
            left -= len(text)
        return texts


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


def _snippet_json(piece: Excerpt, order: int, document: Document) -> dict[str, Any]:
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
