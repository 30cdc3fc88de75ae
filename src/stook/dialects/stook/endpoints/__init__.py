"""All routes of Stook's own API."""

from __future__ import annotations

from fastapi import APIRouter

from stook.dialects.dialect import Dialect
from stook.dialects.stook import administration
from stook.dialects.stook.endpoints import (
    asking,
    chats,
    documents,
    files,
    search,
    sessions,
    signing_in,
    widget,
)
from stook.dialects.stook.errors import StookProblem, render_problem
from stook.dialects.stook.requests import REQUESTS
from stook.dialects.stook.responses import AskEvent, FileBytes, FileText

PREFIX = "/api/stook/v1"
UPLOAD_PATH = PREFIX + files.UPLOAD
WIDGET_PATH = PREFIX + widget.ASK
SIGN_IN_PATHS = (PREFIX + sessions.SIGN_IN, PREFIX + signing_in.BY_PASSWORD)
LONGEST_SIGN_IN = sessions.LONGEST_SIGN_IN
_router = APIRouter(prefix=PREFIX)
for _part in (sessions, signing_in, asking, chats, documents, files, search, widget):
    _router.include_router(_part.router)
_router.include_router(administration.router)

DIALECT = Dialect(
    name="Stook",
    summary="Stook's own API, which its page uses; with a token, or a browser's session",
    router=_router,
    paths=("/api/stook",),
    render=render_problem,
    models=(*REQUESTS, *administration.REQUESTS, AskEvent, FileBytes, FileText),
    error=StookProblem,
    error_type="application/json",
)
