"""What Gloo's routes have in common: where they are, and how they tell of errors."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from stook.dialects.dialect import Dialect
from stook.dialects.gloo import ingestion_models, models, search_models, wire

ERRORS: dict[int | str, dict[str, Any]] = {
    404: {"description": "There is no such thing, or it is not the caller's."},
    422: {"model": models.GlooUnprocessable, "description": "The values cannot be what they are."},
}
router = APIRouter(responses={422: ERRORS[422]})
completions_router = APIRouter(responses={422: ERRORS[422]})
DIALECT = Dialect(
    name="Gloo",
    summary="Gloo AI's tokens, messages, chats, completions, search and ingestion.",
    router=router,
    paths=("/oauth2/", "/.well-known/jwks.json", "/ai/", "/ingestion/", "/engine/", "/platform/"),
    render=wire.render_problem,
    models=(*models.REQUESTS, *search_models.REQUESTS, *ingestion_models.REQUESTS),
    error=models.GlooError,
    error_type="application/json",
)
