"""All routes of Glean's Client API."""

from __future__ import annotations

from fastapi import APIRouter

from stook.dialects.agent_runs import RunEvents
from stook.dialects.dialect import Dialect
from stook.dialects.glean.endpoints import (
    agents,
    chat,
    chats,
    documents,
    explaining,
    feedback,
    files,
    people,
    search,
    sessions,
    suggestions,
    summarize,
    tools,
)
from stook.dialects.glean.errors import render_problem
from stook.dialects.glean.requests import REQUESTS
from stook.dialects.glean.responses.chat import ChatLines
from stook.dialects.languages import of_request

_router = APIRouter(prefix="/rest/api/v1")
for _part in (
    chat,
    chats,
    files,
    search,
    suggestions,
    documents,
    summarize,
    people,
    feedback,
    sessions,
    agents,
    explaining,
    tools,
):
    _router.include_router(_part.router)

DIALECT = Dialect(
    name="Glean",
    summary="Glean's Client API: chat, files, search, documents, people, agents",
    router=_router,
    paths=("/rest/api/",),
    render=render_problem,
    language=of_request,
    models=(*REQUESTS, ChatLines, RunEvents),
)
