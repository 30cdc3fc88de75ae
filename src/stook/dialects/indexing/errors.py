"""Errors of the Indexing API: one line of text."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from stook.dialects.dialect import Problem

TEXT = "text/plain; charset=UTF-8"
ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"description": "The request cannot be understood, or names no datasource."},
    403: {"description": "The token is not for indexing, this datasource or this address."},
    409: {"description": "A later version is stored, or another upload has not ended."},
}


def render_problem(found: Problem) -> Response:
    """An error: one line of text."""
    line = " ".join(found.message.split())
    return Response(line + "\n", found.status, dict(found.headers), media_type=TEXT)
