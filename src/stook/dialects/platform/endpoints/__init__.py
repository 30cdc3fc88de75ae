"""All routes of the Platform API."""

from __future__ import annotations

from fastapi import APIRouter

from stook.dialects.agent_runs import RunEvents
from stook.dialects.dialect import Dialect
from stook.dialects.platform.endpoints import agents, chat, search
from stook.dialects.platform.errors import PROBLEM, ProblemDetail, render_problem
from stook.dialects.platform.requests import REQUESTS
from stook.dialects.platform.responses import ChatEvents

_router = APIRouter(prefix="/api")
for _part in (chat, search, agents):
    _router.include_router(_part.router)

DIALECT = Dialect(
    name="Glean Platform",
    summary="Glean's Platform API: chat, search, agents",
    router=_router,
    paths=("/api/chat", "/api/search", "/api/agents"),
    render=render_problem,
    models=(*REQUESTS, ChatEvents, RunEvents),
    error=ProblemDetail,
    error_type=PROBLEM,
)
