"""All routes of the Indexing API."""

from __future__ import annotations

from fastapi import APIRouter

from stook.dialects.dialect import Dialect
from stook.dialects.indexing.endpoints import (
    datasources,
    debug,
    documents,
    identities,
    metadata,
    organisation,
)
from stook.dialects.indexing.errors import render_problem
from stook.dialects.indexing.requests import REQUESTS

_pushed = APIRouter(prefix="/api/index/v1", tags=["Glean Indexing"])
for _part in (datasources, documents, identities, organisation, debug):
    _pushed.include_router(_part.router)
_router = APIRouter()
_router.include_router(_pushed)
_router.include_router(metadata.router)

DIALECT = Dialect(
    name="Glean Indexing",
    summary="Glean's Indexing API: documents, people and permissions pushed by connectors.",
    router=_router,
    paths=("/api/index/", "/rest/api/index/"),
    render=render_problem,
    models=REQUESTS,
)
