"""Gloo's search for passages, and its recommendations of items."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from stook.application.asking import checked_question
from stook.dialects.access import Opened, caller
from stook.dialects.bodies import documented, json_body
from stook.dialects.gloo import wire
from stook.dialects.gloo.dialect import ERRORS
from stook.dialects.gloo.publishing import published
from stook.dialects.gloo.search_models import (
    AffiliatesRequest,
    GlooSearchRequest,
    GlooSearchResponse,
    ItemsRequest,
    RecommendedItem,
)
from stook.identity.principals import Caller, Principal, Scope
from stook.knowledge.index.protocol import Vectors
from stook.knowledge.intake import publishers
from stook.knowledge.retrieval.retriever import Found
from stook.knowledge.store.conditions import PROPERTIES, document_type
from stook.knowledge.store.documents import Document, Filters, FoundPassage
from stook.runtime import Runtime

router = APIRouter(prefix="/ai", tags=["Gloo"])
SearchCaller = Annotated[Caller, Depends(caller(Scope.SEARCH))]
PASSAGES = 300  # that recommendations are made from
_PASSAGES = uuid.uuid5(uuid.NAMESPACE_URL, "https://stook.dev/passages")


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, and how near it is to the query: (1 + cosine) / 2, from 0 to 1."""

    passage: FoundPassage
    certainty: float

    @property
    def uuid(self) -> str:
        found = self.passage
        return str(uuid.uuid5(_PASSAGES, f"{found.document.id} {found.version} {found.ordinal}"))


@router.post(
    "/data/v1/search",
    summary="Passages of a publisher's items",
    responses={200: {"model": GlooSearchResponse}, 422: ERRORS[422]},
    openapi_extra=documented(GlooSearchRequest),
)
async def search(
    runtime: Opened,
    principal: SearchCaller,
    body: Annotated[GlooSearchRequest, Depends(json_body(GlooSearchRequest))],
) -> Response:
    where = await published(runtime, principal, body.tenant)
    hits = await _hits(runtime, principal, body.query, where, body.limit)
    shown = await runtime.database.read(publishers.names)
    return await asyncio.to_thread(_found_json, hits, body, shown)


@router.post(
    "/v1/data/items/recommendations/base",
    summary="Items of a publisher that a query is about",
    responses={200: {"model": list[RecommendedItem], "description": "The items."}, **ERRORS},
    openapi_extra=documented(ItemsRequest),
)
async def recommend(
    runtime: Opened,
    principal: SearchCaller,
    body: Annotated[ItemsRequest, Depends(json_body(ItemsRequest))],
) -> Response:
    where = await published(runtime, principal, body.tenant)
    return await _items(runtime, principal, body, where, verbose=False)


@router.post(
    "/v1/data/items/recommendations/verbose",
    summary="Items of a publisher that a query is about, with the passages that say so",
    responses={200: {"model": list[RecommendedItem], "description": "The items."}, **ERRORS},
    openapi_extra=documented(ItemsRequest),
)
async def recommend_with_passages(
    runtime: Opened,
    principal: SearchCaller,
    body: Annotated[ItemsRequest, Depends(json_body(ItemsRequest))],
) -> Response:
    where = await published(runtime, principal, body.tenant)
    return await _items(runtime, principal, body, where, verbose=True)


@router.post(
    "/v1/data/affiliates/referenced-items",
    summary="Items of all publishers that a query is about",
    responses={200: {"model": list[RecommendedItem], "description": "The items."}, **ERRORS},
    openapi_extra=documented(AffiliatesRequest),
)
async def referenced_items(
    runtime: Opened,
    principal: SearchCaller,
    body: Annotated[AffiliatesRequest, Depends(json_body(AffiliatesRequest))],
) -> Response:
    return await _items(runtime, principal, body, Filters(), verbose=False)


async def _hits(
    runtime: Runtime, principal: Principal, query: str, where: Filters, limit: int
) -> list[Hit]:
    """The best passages with their exact nearness, best first."""
    text = checked_question(query, runtime.settings)
    [text] = await runtime.searcher.corrected([text], principal)
    found = await runtime.searcher.search(text, principal, where, limit)
    vectors = await runtime.searcher.window_vectors(found.passages)
    return await asyncio.to_thread(_rated, found, vectors)


def _rated(found: Found, vectors: Mapping[tuple[str, int], Vectors]) -> list[Hit]:
    """The passages with their exact nearness, in their order."""
    hits = []
    for passage in found.passages:
        windows = vectors.get((passage.document.id, passage.ordinal))
        if windows is not None:  # else it was removed meanwhile
            cosine = float((windows @ found.query_vector).max())
            hits.append(Hit(passage, min(1.0, max(0.0, (1 + cosine) / 2))))
    return hits


async def _items(
    runtime: Runtime,
    principal: Principal,
    body: AffiliatesRequest,
    where: Filters,
    verbose: bool,
) -> Response:
    also = await runtime.database.read(publishers.filters, body.publishers or [])
    both = replace(where, within=also)
    hits = await _hits(runtime, principal, body.query, both, PASSAGES)
    shown = await runtime.database.read(publishers.names)
    return await asyncio.to_thread(_items_json, hits, body, shown, verbose)


def _items_json(
    hits: Sequence[Hit], body: AffiliatesRequest, shown: wire.Publishers, verbose: bool
) -> Response:
    """The items of the passages that are near enough, those with the most passages first."""
    near = [hit for hit in hits if hit.certainty >= body.certainty_threshold]
    wanted = _of_media(near, body.media_types or [])[: body.max_snippet_count_overall]
    found = [
        _item_json(held, shown, verbose)
        for held in _by_item(wanted)
        if len(held) >= body.min_snippet_count_per_item
    ]
    found.sort(key=lambda item: (-item["snippet_count"], -item["cumulative_certainty"]))
    return wire.json(found[: body.item_count])


def _of_media(hits: Sequence[Hit], media_types: Sequence[str]) -> list[Hit]:
    wanted = {each.casefold() for each in media_types}
    return [hit for hit in hits if not wanted or _type(hit.passage.document).casefold() in wanted]


def _by_item(hits: Sequence[Hit]) -> list[list[Hit]]:
    grouped: dict[str, list[Hit]] = {}
    for hit in hits:
        grouped.setdefault(hit.passage.document.id, []).append(hit)
    return list(grouped.values())


def _found_json(hits: Sequence[Hit], body: GlooSearchRequest, shown: wire.Publishers) -> Response:
    """The passages that are near enough."""
    data = [
        _hit_json(hit, body.collection, shown) for hit in hits if hit.certainty >= body.certainty
    ]
    return wire.json({"data": data, "intent": int(bool(data))})


def _hit_json(hit: Hit, collection: str, shown: wire.Publishers) -> dict[str, Any]:
    document = hit.passage.document
    return {
        "uuid": hit.uuid,
        "metadata": {
            "creation_time": None,
            "last_update_time": None,
            "distance": round(2 * (1 - hit.certainty), 6),
            "certainty": round(hit.certainty, 6),
            "score": round(hit.passage.score, 6),
            "explain_score": "",
            "is_consistent": None,
            "rerank_score": None,
        },
        "properties": {
            **wire.item_json(document, shown),
            "snippet": hit.passage.text,
            "type": _type(document),
            "item_id": document.id,
        },
        "references": None,
        "vector": {},
        "collection": collection,
    }


def _item_json(held: Sequence[Hit], shown: wire.Publishers, verbose: bool) -> dict[str, Any]:
    document = held[0].passage.document
    said = document.details.get(PROPERTIES) or {}
    named = ("tradition", "duration", "item_subtitle", "item_image", "item_summary",
             "denomination", "hosted_url", "h2_title", "h3_title", "publisher_url",
             "publisher_logo")  # fmt: skip
    tags = said.get("item_tags")
    return {
        "item_id": document.id,
        **wire.item_json(document, shown),
        **{name: str(said.get(name) or "") for name in named},
        "publisher_id": document.datasource,
        "filename": _filename(document),
        "item_tags": tags if isinstance(tags, list) else [],
        "type": _type(document),
        "snippet_count": len(held),
        "cumulative_certainty": round(sum(hit.certainty for hit in held), 6),
        "uuids": [_passage_json(hit, said, verbose) for hit in held],
    }


def _passage_json(hit: Hit, said: Mapping[str, Any], verbose: bool) -> dict[str, Any]:
    headings = hit.passage.heading_path
    entry = {
        "uuid": hit.uuid,
        "ai_title": headings[-1] if headings else hit.passage.document.title,
        "ai_subtitle": " › ".join(headings[:-1]),
        "item_summary": str(said.get("item_summary") or ""),
        "time_start": None,
        "time_end": None,
        "part": hit.passage.ordinal + 1,
        "certainty": round(hit.certainty, 6),
    }
    return entry | ({"snippet": hit.passage.text} if verbose else {})


def _type(document: Document) -> str:
    return document_type(document.object_type, document.mime_type)


def _filename(document: Document) -> str:
    facts = document.details.get("facts") or {}
    return str(facts.get("filename") or document.external_id.rpartition("/")[2])
