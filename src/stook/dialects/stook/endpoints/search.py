"""Searching for documents."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from stook.application.asking import checked_question, local_time
from stook.application.search import operators
from stook.application.search.narrowing import Narrowing
from stook.application.search.operators import TypedQuery
from stook.dialects import cursors
from stook.dialects.access import Opened
from stook.dialects.bounds import Line
from stook.dialects.stook.access import Finder
from stook.dialects.stook.rendering import document_json, json, span_json
from stook.dialects.stook.requests import SourceName
from stook.dialects.stook.responses import FoundDocuments
from stook.errors import InvalidRequest
from stook.knowledge.retrieval.finding import FoundDocument, Wanted, find_documents
from stook.knowledge.store.documents import Filters
from stook.knowledge.text import analysis
from stook.knowledge.text.snippets import excerpt
from stook.storage.text import is_storable

router = APIRouter(tags=["Stook"])
PAGE = 20
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
    if not all(map(is_storable, (query, *datasources))):
        raise InvalidRequest("The query holds characters that no document can hold.")
    sent = searched = checked_question(query, runtime.settings)
    if not exact:
        [searched] = await runtime.searcher.corrected([sent], principal)
    typed = operators.parse(searched)
    narrowing = Narrowing(runtime.database, principal, local_time(None))
    conditions = await narrowing.of_operators(typed.operators)
    any_of = (tuple(conditions),) if conditions else ()
    where = Filters(datasources=frozenset(datasources), any_of=any_of)
    wanted = Wanted(typed.text, where, tuple(typed.phrases), tuple(typed.without))
    found = await find_documents(runtime.searcher, runtime.database, principal, wanted)
    name = f"{principal.email} {searched} {sorted(datasources)}"
    page = cursors.cut(found, lambda each: each.document.id, name, cursor, PAGE)
    return json(
        {
            "results": [_hit_json(each, typed) for each in page.items],
            "searched": searched,
            "corrected": searched != sent,
            "next_cursor": page.cursor,
        }
    )


def _hit_json(found: FoundDocument, typed: TypedQuery) -> dict[str, Any]:
    terms = analysis.query_terms(typed.text)
    snippets = [
        {
            "text": piece.text,
            "highlights": [span_json(span) for span in piece.highlights],
            "place": each.place,
        }
        for each in found.passages[:SNIPPETS]
        if (piece := excerpt(each.text, terms, SNIPPET)).text
    ]
    return {"document": document_json(found.document), "snippets": snippets}
