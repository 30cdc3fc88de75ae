"""Searching for documents."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from stook.application.asking import checked_question
from stook.application.search.facets import facets, last_updated
from stook.application.search.finding import Filters, FoundDocument, Results, Search, Spelling
from stook.application.search.finding import search as find
from stook.application.search.snippets import Snippets
from stook.dialects import cursors
from stook.dialects.access import Opened
from stook.dialects.bounds import Line
from stook.dialects.stook.access import Finder
from stook.dialects.stook.rendering import document_json, json, span_json
from stook.dialects.stook.requests import SourceName
from stook.dialects.stook.responses import FoundDocuments

router = APIRouter(tags=["Stook"])
PAGE = 20
FACETS, MOST_VALUES = ("app", "type", "from"), 10
OPERATORS = {"last_updated_at": "updated"}
SNIPPETS, SNIPPET = 2, 300  # of one document; characters
Text = Annotated[str, Query(max_length=2000, description="Words, phrases and operators.")]
Exact = Annotated[bool, Query(description="Search for the words as they are spelt.")]
Datasources = Annotated[list[SourceName], Query(max_length=50, description="Default: all.")]
Cursor = Annotated[Line | None, Query(description="What the page before said.")]


@router.get("/search", summary="Search for documents", responses={200: {"model": FoundDocuments}})
async def search(
    runtime: Opened,
    principal: Finder,
    query: Text,
    exact: Exact = False,
    datasources: Datasources = [],  # noqa: B006 - FastAPI copies it
    cursor: Cursor = None,
) -> Response:
    wanted = Search(
        checked_question(query, runtime.settings),
        spelling=Spelling.AS_SENT if exact else Spelling.CORRECTED,
        where=Filters(datasources=frozenset(datasources)),
    )
    found = await find(runtime, principal, wanted)
    searched, snippets = found.query.searched, Snippets(found.typed, SNIPPET, SNIPPETS)
    name = f"{principal.email} {searched} {sorted(datasources)}"
    page = cursors.cut(found.documents, lambda each: each.document.id, name, cursor, PAGE)
    return json(
        {
            "results": [_hit_json(each, snippets) for each in page.items],
            "facets": _facets_json(found, wanted.now),
            "total": len(found.documents),
            "searched": searched,
            "corrected": searched != found.query.sent,
            "next_cursor": page.cursor,
        }
    )


def _facets_json(found: Results, now: datetime) -> list[dict[str, Any]]:
    """SearchFacets; those that no document found has a value of are left out."""
    documents = [each.document for each in found.documents]
    counted = [*facets(documents, FACETS, MOST_VALUES), last_updated(documents, now)]
    return [
        {
            "operator": OPERATORS.get(facet.field, facet.field),
            "values": [{"value": each.value, "count": each.count} for each in facet.buckets],
        }
        for facet in counted
        if facet.buckets
    ]


def _hit_json(found: FoundDocument, snippets: Snippets) -> dict[str, Any]:
    pieces = [
        {
            "text": piece.text,
            "highlights": [span_json(span) for span in piece.highlights],
            "place": piece.place,
        }
        for piece in snippets.of(found)
    ]
    return {"document": document_json(found.document), "snippets": pieces}
