"""Autocomplete, related documents and the feed: never more than what the caller may see."""

from __future__ import annotations

import time
import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from stook.application.documents import Document
from stook.application.search import suggestions
from stook.application.search.finding import Filters, narrowed
from stook.application.search.narrowing import InvalidValue
from stook.application.search.operators import TypedQuery
from stook.application.search.snippets import Snippets
from stook.dialects.access import Opened, caller
from stook.dialects.bodies import documented, json_body
from stook.dialects.glean.endpoints.search import LARGEST_PAGE, PAGE, SNIPPET
from stook.dialects.glean.endpoints.shared import Language
from stook.dialects.glean.errors import data_error, errors
from stook.dialects.glean.rendering import search as results
from stook.dialects.glean.rendering import wire
from stook.dialects.glean.rendering.shortcuts import LINK, link_json
from stook.dialects.glean.rendering.wire import json
from stook.dialects.glean.requests.filters import alternatives
from stook.dialects.glean.requests.search import (
    AutocompleteRequest,
    FeedRequest,
    FeedRequestOptions,
    RecommendationsRequest,
    RecommendationsRequestOptions,
)
from stook.dialects.glean.responses.search import (
    AutocompleteResponse,
    FeedResponse,
    ResultsResponse,
)
from stook.identity.principals import Caller, Principal, Scope
from stook.rates import EndpointClass
from stook.runtime import Runtime

router = APIRouter(tags=["Glean"])
SearchCaller = Annotated[Caller, Depends(caller(Scope.SEARCH))]
Typist = Annotated[Caller, Depends(caller(Scope.SEARCH, endpoint=EndpointClass.AUTOCOMPLETE))]
SUGGESTIONS = 10
TITLE, QUESTION = "DOCUMENT", "HISTORY"
MOST_LINKS = 3  # where other kinds are wanted too
SUGGESTED, RECENT = "DOCUMENT_SUGGESTION", "RECENT"
BEGINNING = 500  # characters of a document that its relatives are found by


@router.post(
    "/autocomplete",
    summary="Shortcuts, titles and the caller's own earlier questions, for what was typed",
    responses={200: {"model": AutocompleteResponse}, **errors("SEARCH")},
    openapi_extra=documented(AutocompleteRequest),
)
async def autocomplete(
    runtime: Opened,
    principal: Typist,
    body: Annotated[AutocompleteRequest, Depends(json_body(AutocompleteRequest))],
    locale: Language,
) -> Response:
    began = time.perf_counter()
    typed = " ".join((body.query or "").split())
    limit = min(body.result_size or SUGGESTIONS, LARGEST_PAGE)
    shown = (await _suggested(runtime, principal, body, typed, limit))[:limit]
    return json(
        {
            "results": [each | {"score": 1 / (1 + place)} for place, each in enumerate(shown)],
            "trackingToken": wire.tracking_token("autocomplete", typed),
            **({} if body.session_info is None else {"sessionInfo": body.session_info}),
            "backendTimeMillis": round((time.perf_counter() - began) * 1000),
        }
    )


async def _suggested(
    runtime: Runtime, principal: Caller, body: AutocompleteRequest, typed: str, limit: int
) -> list[dict[str, Any]]:
    """What may be meant, kind by kind; shortcuts are in no datasource."""
    kinds = set(body.result_types) or {LINK, TITLE, QUESTION}
    within = body.datasources_filter or ([body.datasource] if body.datasource else [])
    found: list[dict[str, Any]] = []
    if LINK in kinds and not within:
        most = limit if kinds == {LINK} else min(MOST_LINKS, limit)
        links = await suggestions.shortcuts_for(runtime, principal, typed, most)
        found += [link_json(link, _ranges(link.alias, typed)) for link in links]
    if TITLE in kinds:
        titled = await suggestions.titled(runtime, principal, typed, within, limit)
        found += [_title_json(document, typed) for document in titled]
    if QUESTION in kinds:
        earlier = await suggestions.questions(runtime, principal, typed, limit)
        found += [_question_json(question, typed) for question in earlier]
    return found


def _title_json(document: Document, typed: str) -> dict[str, Any]:
    return {
        "result": document.title,
        "resultType": TITLE,
        "url": document.url,
        "document": wire.document_json(document),
        "ranges": _ranges(document.title, typed),
        "trackingToken": wire.tracking_token("title", document.id),
    }


def _question_json(question: str, typed: str) -> dict[str, Any]:
    return {
        "result": question,
        "resultType": QUESTION,
        "ranges": _ranges(question, typed),
        "trackingToken": wire.tracking_token("question", question),
    }


def _ranges(text: str, typed: str) -> list[dict[str, Any]]:
    """Where the words typed stand in a suggestion."""
    folded = text.lower()
    if len(folded) != len(text):
        return []
    found = [
        (at, at + len(word)) for word in typed.lower().split() if (at := folded.find(word)) >= 0
    ]
    return [{"startIndex": at, "endIndex": end, "type": "BOLD"} for at, end in sorted(found)]


@router.post(
    "/recommendations",
    summary="Documents related to one, or those that changed last",
    responses={200: {"model": ResultsResponse}, **errors("SEARCH")},
    openapi_extra=documented(RecommendationsRequest),
)
async def recommendations(
    runtime: Opened,
    principal: SearchCaller,
    body: Annotated[RecommendationsRequest, Depends(json_body(RecommendationsRequest))],
    locale: Language,
) -> Response:
    began = time.perf_counter()
    options = body.request_options or RecommendationsRequestOptions()
    try:
        where = await _where(runtime, principal, options)
    except InvalidValue as error:
        return json(data_error(error, locale), 422)
    found = await suggestions.related(runtime, principal, _source(body), where)
    size = min(body.page_size or PAGE, LARGEST_PAGE)
    snippets = Snippets(TypedQuery(), body.max_snippet_size or SNIPPET)
    shown = [results.result_json(each, snippets) for each in found[:size]]
    return json(
        {
            "results": shown,
            "trackingToken": wire.tracking_token("recommendations", _source(body)),
            "requestID": uuid.uuid4().hex,
            "backendTimeMillis": round((time.perf_counter() - began) * 1000),
        }
    )


async def _where(
    runtime: Runtime, principal: Principal, options: RecommendationsRequestOptions
) -> Filters:
    wanted = alternatives(each.filters for each in options.facet_filter_sets)
    within = options.datasources_filter or (
        [options.datasource_filter] if options.datasource_filter else []
    )
    return Filters(
        datasources=frozenset(within),
        any_of=await narrowed(runtime, principal, wanted),
    )


def _source(body: RecommendationsRequest) -> str:
    spec, source = body.recommendation_document_spec, body.source_document
    if spec is not None:
        return spec.name
    return (source.id or source.url or "") if source is not None else ""


@router.post(
    "/feed",
    summary="What the caller looked at, and what changed last",
    responses={200: {"model": FeedResponse}, **errors("SEARCH")},
    openapi_extra=documented(FeedRequest),
)
async def feed(
    runtime: Opened,
    principal: SearchCaller,
    body: Annotated[FeedRequest, Depends(json_body(FeedRequest))],
    locale: Language,
) -> Response:
    options = body.request_options or FeedRequestOptions()
    size = min(options.result_size or PAGE, LARGEST_PAGE)
    within = frozenset(options.datasource_filter)
    categories = set(body.categories) or {SUGGESTED, RECENT}
    entries: list[dict[str, Any]] = []
    if RECENT in categories:
        seen = await suggestions.lately_viewed(runtime, principal, within, size)
        entries += [_entry(each, RECENT, "You looked at this lately") for each in seen]
    if SUGGESTED in categories:
        where = Filters(datasources=within)
        changed = await suggestions.lately_changed(runtime, principal, where, size)
        entries += [_entry(each, SUGGESTED, "Changed lately") for each in changed]
    return json(
        {
            "serverTimestamp": int(time.time()),
            "results": [each | {"rank": place} for place, each in enumerate(entries)],
            "trackingToken": wire.tracking_token("feed", principal.email or ""),
        }
    )


def _entry(document: Document, category: str, why: str) -> dict[str, Any]:
    kind = "RECENTLY_ACCESSED" if category == RECENT else "SUGGESTED_DOCUMENT"
    entry = {
        "title": document.title,
        "entryId": document.id,
        "viewUrl": document.url,
        "justification": why,
        "justificationType": kind,
        "trackingToken": wire.tracking_token("feed", document.id),
        "document": wire.document_json(document),
    }
    return {"category": category, "primaryEntry": entry}
