"""Gleen's errors: JSON with one sentence."""

from __future__ import annotations

import orjson
from pydantic import BaseModel
from starlette.responses import Response

from stook.dialects.access import MissingCredentials
from stook.dialects.dialect import Problem
from stook.errors import NotFound, RateLimited, Unauthenticated

JSON = "application/json; charset=UTF-8"


class UnknownFaq(NotFound):
    """faq not found"""


class GleenError(BaseModel):
    """What went wrong."""

    error: str


def render_problem(found: Problem) -> Response:
    """An error; the real client reads every body as JSON, whatever the status."""
    body = orjson.dumps({"error": error_text(found)})
    return Response(body, found.status, dict(found.headers), media_type=JSON)


def error_text(found: Problem) -> str:
    """The sentence for ``error``, with the service's own words where those are known."""
    if isinstance(found.error, MissingCredentials):
        return f"Invalid API key. {found.message}"
    if isinstance(found.error, Unauthenticated):
        return "Invalid API key"
    if isinstance(found.error, RateLimited):
        return f"rate limit exceeded. {found.message}"
    if isinstance(found.error, UnknownFaq):
        return found.message
    if isinstance(found.error, NotFound):
        return "thread not found"
    if any(fault["loc"] == ("body", "query_text") for fault in found.faults):
        return "query_text is required"
    return found.message
