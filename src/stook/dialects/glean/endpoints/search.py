"""POST /rest/api/v1/search: documents that the caller may see, ranked, narrowed and counted."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
import structlog
from fastapi import APIRouter, Depends
from starlette.responses import Response

from stook.application.asking import local_time
from stook.application.search.finding import FoundDocument, Search, Spelling, Spelt, without_copies
from stook.application.search.finding import search as find
from stook.application.search.narrowing import InvalidValue
from stook.application.search.operators import TypedQuery
from stook.application.search.snippets import Snippets
from stook.dialects import cursors
from stook.dialects.access import Opened, caller, owner_of
from stook.dialects.bodies import documented, json_body
from stook.dialects.glean.endpoints.shared import Language
from stook.dialects.glean.errors import DATA_ERRORS, DataErrors, data_error, errors
from stook.dialects.glean.rendering import search as results
from stook.dialects.glean.rendering import wire
from stook.dialects.glean.rendering.wire import json
from stook.dialects.glean.requests.filters import content_filters, of_search
from stook.dialects.glean.requests.search import SearchRequest, SearchRequestOptions
from stook.dialects.glean.responses.search import SearchResponse
from stook.errors import InvalidRequest, TimedOut
from stook.identity.principals import Caller, Scope, Viewer, administrators_view
from stook.rates import EndpointClass
from stook.runtime import Runtime

router = APIRouter(tags=["Glean"], route_class=DataErrors)
log = structlog.get_logger(__name__)
SearchCaller = Annotated[Caller, Depends(caller(Scope.SEARCH))]
AdminCaller = Annotated[
    Caller, Depends(caller(Scope.ADMIN, also=Scope.SEARCH, endpoint=EndpointClass.SEARCH))
]
PAGE = 10
LARGEST_PAGE = 100
SNIPPET = 300  # characters
ALL_TAB = "all"


@dataclass(frozen=True, slots=True)
class Found:
    """All results of a search, those of its chosen tab, and how the query was read."""

    everything: list[FoundDocument]
    chosen: list[FoundDocument]
    query: Spelt
    typed: TypedQuery


@router.post(
    "/search",
    summary="Search for documents",
    responses={
        200: {"model": SearchResponse},
        **errors("SEARCH", s408="Not done within timeoutMillis."),
        **DATA_ERRORS,
    },
    openapi_extra=documented(SearchRequest),
)
async def search(
    runtime: Opened,
    principal: SearchCaller,
    body: Annotated[SearchRequest, Depends(json_body(SearchRequest))],
    locale: Language,
) -> Response:
    return await searched(runtime, principal, body, locale)


@router.post(
    "/adminsearch",
    summary="Search all documents, whatever their permissions say",
    description="Takes a token with the scopes ADMIN and SEARCH. Files attached to chats stay "
    "their owners'.",
    responses={
        200: {"model": SearchResponse},
        **errors("ADMIN", s408="Not done within timeoutMillis."),
        **DATA_ERRORS,
    },
    openapi_extra=documented(SearchRequest),
)
async def search_as_admin(
    runtime: Opened,
    principal: AdminCaller,
    body: Annotated[SearchRequest, Depends(json_body(SearchRequest))],
    locale: Language,
) -> Response:
    owner_of(principal)
    log.info("searched without permissions", token_id=principal.token_id)
    return await searched(runtime, administrators_view(principal), body, locale)


async def searched(runtime: Runtime, viewer: Viewer, body: SearchRequest, locale: str) -> Response:
    """The response to a search; raises InvalidRequest and TimedOut."""
    try:
        return json(await search_json(runtime, viewer, body))
    except InvalidValue as error:
        return json(data_error(error, locale), 422)


async def search_json(runtime: Runtime, viewer: Viewer, body: SearchRequest) -> dict[str, Any]:
    """SearchResponse; raises InvalidRequest and TimedOut."""
    began = time.perf_counter()
    limit = body.timeout_millis / 1000 if body.timeout_millis else None
    try:
        async with asyncio.timeout(limit):
            found = await _find(runtime, viewer, body)
            return await asyncio.to_thread(_response, body, found, viewer, began)
    except TimeoutError as error:
        raise TimedOut from error


async def _find(runtime: Runtime, viewer: Viewer, body: SearchRequest) -> Found:
    options = body.request_options or SearchRequestOptions()
    longest = runtime.settings.max_question_characters
    if len(body.query) > longest:
        raise InvalidRequest(f"query: at most {longest:,} characters are read.")
    if options.facet_filters and options.facet_filter_sets:
        raise InvalidRequest("requestOptions: give facetFilters or facetFilterSets, not both.")
    log.debug("searched", query=body.query)
    wanted = Search(
        body.query,
        spelling=_spelling(body, options),
        where=content_filters(options.inclusions, options.exclusions),
        alternatives=of_search(options),
        typed_counts_more=bool(options.query_overrides_facet_filters),
        now=local_time(options.timezone_offset),
    )
    found = await find(runtime, viewer, wanted)
    chosen = _of_tabs(found.documents, body, options)
    return Found(found.documents, chosen, found.query, found.typed)


def _spelling(body: SearchRequest, options: SearchRequestOptions) -> Spelling:
    if body.disable_spellcheck or options.disable_spellcheck:
        return Spelling.AS_SENT
    return Spelling.SUGGESTED if options.disable_query_autocorrect else Spelling.CORRECTED


def _of_tabs(
    found: list[FoundDocument], body: SearchRequest, options: SearchRequestOptions
) -> list[FoundDocument]:
    """Those in the datasources asked for; tabs come before filters."""
    datasources = set(options.datasources_filter)
    if options.datasource_filter and not datasources:
        datasources = {options.datasource_filter}
    tabs = {tab for tab in body.result_tab_ids if tab != ALL_TAB}
    if body.result_tab_ids:
        datasources = tabs
    if not datasources:
        return found
    return [each for each in found if each.document.datasource in datasources]


def _response(body: SearchRequest, found: Found, viewer: Viewer, began: float) -> dict[str, Any]:
    options = body.request_options or SearchRequestOptions()
    size = min(body.page_size or PAGE, LARGEST_PAGE)
    name = _identity(body, options, viewer)
    pages = without_copies(found.chosen)
    page = cursors.cut(pages, lambda each: each.document.id, name, body.cursor, size)
    snippets = Snippets(
        found.typed,
        body.max_snippet_size or SNIPPET,
        whole_passages=bool(options.return_llm_content_over_snippets),
    )
    hints = set(options.response_hints)
    wants_results = not hints or "RESULTS" in hints
    shown = page.items if wants_results else []
    answer: dict[str, Any] = {
        "results": [results.result_json(each, snippets) for each in shown],
        "trackingToken": wire.tracking_token(name),
        "requestID": uuid.uuid4().hex,
        "metadata": results.metadata_json(found.query, found.typed),
        "cursor": (page.cursor or "") if wants_results else "",
        "hasMoreResults": page.cursor is not None,
        "resultTabs": _tabs(found, options, hints),
        "resultTabIds": body.result_tab_ids or [ALL_TAB],
    }
    if body.session_info is not None:
        answer["sessionInfo"] = body.session_info
    if options.facet_bucket_size or "FACET_RESULTS" in hints:
        answer["facetResults"] = _facets(found, options)
    answer["backendTimeMillis"] = round((time.perf_counter() - began) * 1000)
    return answer


def _facets(found: Found, options: SearchRequestOptions) -> list[dict[str, Any]]:
    documents = [each.document for each in found.chosen]
    return results.facets_json(documents, options)


def _tabs(found: Found, options: SearchRequestOptions, hints: set[str]) -> list[dict[str, Any]]:
    """One tab for everything and one for each datasource, counted if asked for."""
    counts: dict[str, int] = {}
    for each in found.everything:
        counts[each.document.datasource] = counts.get(each.document.datasource, 0) + 1
    tabs: list[dict[str, Any]] = [{"id": ALL_TAB, "count": len(found.everything)}]
    tabs += [
        {"id": name, "datasource": name, "datasourceInstance": name, "count": count}
        for name, count in sorted(counts.items())
    ]
    if options.fetch_all_datasource_counts or "ALL_RESULT_COUNTS" in hints:
        return tabs
    return [{key: value for key, value in tab.items() if key != "count"} for tab in tabs]


def _identity(body: SearchRequest, options: SearchRequestOptions, viewer: Viewer) -> str:
    """All that the results depend on, as one text."""
    narrowed = options.model_dump(
        include={
            "datasource_filter",
            "datasources_filter",
            "facet_filters",
            "facet_filter_sets",
            "query_overrides_facet_filters",
            "inclusions",
            "exclusions",
            "disable_spellcheck",
            "disable_query_autocorrect",
        }
    )
    query = (body.query, body.disable_spellcheck)
    parts = [viewer.email, viewer.sees_all, query, body.result_tab_ids, narrowed]
    return orjson.dumps(parts, option=orjson.OPT_SORT_KEYS).decode()
