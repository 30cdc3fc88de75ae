"""Gloo's dialects with all their routes."""

from __future__ import annotations

from fastapi import APIRouter

from stook.dialects.dialect import Dialect
from stook.dialects.gloo import errors
from stook.dialects.gloo.endpoints import (
    chats,
    completions,
    ingestion,
    messages,
    responses,
    search,
    tokens,
)
from stook.dialects.gloo.requests import COMPLETION_REQUESTS, REQUESTS
from stook.dialects.gloo.responses.completions import CompletionEvents

_router = APIRouter(responses={422: errors.ERRORS[422]})
_completions_router = APIRouter(responses={422: errors.ERRORS[422]})
for _part in (tokens, messages, chats, search, ingestion):
    _router.include_router(_part.router)
for _versions in (completions, responses):
    _router.include_router(_versions.first)
    _completions_router.include_router(_versions.second)

DIALECT = Dialect(
    name="Gloo",
    summary="Gloo AI's tokens, messages, chats, completions, search and ingestion.",
    router=_router,
    paths=("/oauth2/", "/.well-known/jwks.json", "/ai/", "/ingestion/", "/engine/", "/platform/"),
    render=errors.render_problem,
    models=REQUESTS,
    error=errors.GlooError,
    error_type="application/json",
)
COMPLETIONS = Dialect(
    name="Gloo Completions",
    summary="Gloo AI's completions, version 2: OpenAI's, with routing and citations.",
    router=_completions_router,
    paths=("/ai/v2/",),
    render=errors.render_completion_problem,
    models=(*COMPLETION_REQUESTS, CompletionEvents),
    error=errors.CompletionProblem,
    error_type="application/json",
)
