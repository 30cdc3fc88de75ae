"""Gloo's search for passages, and its recommendations of items."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from stook.application import publishers
from stook.application.asking import checked_question
from stook.application.search.finding import Filters
from stook.application.search.passages import NearPassage, nearest
from stook.dialects.access import Opened, caller
from stook.dialects.bodies import documented, json_body
from stook.dialects.gloo.endpoints.publishing import published
from stook.dialects.gloo.errors import ERRORS
from stook.dialects.gloo.rendering import wire
from stook.dialects.gloo.rendering.search import found_json, items_json
from stook.dialects.gloo.requests.search import AffiliatesRequest, GlooSearchRequest, ItemsRequest
from stook.dialects.gloo.responses.search import GlooSearchResponse, RecommendedItem
from stook.identity.principals import Caller, Principal, Scope
from stook.runtime import Runtime

router = APIRouter(prefix="/ai", tags=["Gloo"])
SearchCaller = Annotated[Caller, Depends(caller(Scope.SEARCH))]
PASSAGES = 300  # that recommendations are made from


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
    shown = await publishers.shown_names(runtime)
    return wire.json(await asyncio.to_thread(found_json, hits, body, shown))


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
    runtime: Runtime, principal: Principal, query: str, where: Filters, most: int
) -> list[NearPassage]:
    text = checked_question(query, runtime.settings)
    return await nearest(runtime, principal, text, where, most)


async def _items(
    runtime: Runtime,
    principal: Principal,
    body: AffiliatesRequest,
    where: Filters,
    verbose: bool,
) -> Response:
    also = await publishers.published_by(runtime, body.publishers or [])
    hits = await _hits(runtime, principal, body.query, replace(where, within=also), PASSAGES)
    shown = await publishers.shown_names(runtime)
    return wire.json(await asyncio.to_thread(items_json, hits, body, shown, verbose))
