"""The Platform API as one of the server's dialects; ``endpoints`` adds its routes."""

from __future__ import annotations

from fastapi import APIRouter

from stook.dialects.dialect import Dialect
from stook.dialects.platform.problems import PROBLEM, render_problem
from stook.dialects.platform.shapes import ProblemDetail

router = APIRouter(prefix="/api")
DIALECT = Dialect(
    name="Glean Platform",
    summary="Glean's Platform API: chat, search, agents",
    router=router,
    paths=("/api/chat", "/api/search", "/api/agents"),
    render=render_problem,
    error=ProblemDetail,
    error_type=PROBLEM,
)
