"""The calls that go with Glean's chat: search, documents, people, agents, tools and more."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from stook.dialects.glean import (
    agents,
    documents,
    documents_models,
    explaining,
    feedback,
    feedback_models,
    people,
    search,
    search_models,
    search_suggestions,
    sessions,
    summarize,
    tools,
)

router = APIRouter()
for part in (
    search,
    search_suggestions,
    documents,
    summarize,
    people,
    feedback,
    sessions,
    agents,
    explaining,
    tools,
):
    router.include_router(part.router)

REQUESTS: tuple[type[BaseModel], ...] = (
    *search_models.REQUESTS,
    *documents_models.REQUESTS,
    *people.REQUESTS,
    *feedback_models.REQUESTS,
    *agents.REQUESTS,
    *explaining.REQUESTS,
    *tools.REQUESTS,
)
