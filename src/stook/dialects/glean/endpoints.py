"""Glean's Client API: all its routes, and how it tells of errors."""

from __future__ import annotations

from fastapi import APIRouter

from stook.dialects.dialect import Dialect
from stook.dialects.glean import chat, chats, companions, files
from stook.dialects.glean.models import ChatLines, ChatRequest
from stook.dialects.glean.rendering import render_problem
from stook.dialects.languages import of_request

router = APIRouter(prefix="/rest/api/v1")
for part in (chat, chats, files, companions):
    router.include_router(part.router)

DIALECT = Dialect(
    name="Glean",
    summary="Glean's Client API: chat, files, search, documents, people, agents",
    router=router,
    paths=("/rest/api/",),
    render=render_problem,
    language=of_request,
    models=(ChatRequest, ChatLines, *chats.REQUESTS, *files.REQUESTS, *companions.REQUESTS),
)
