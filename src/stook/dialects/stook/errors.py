"""Errors of Stook's own API: a code for programs, a sentence for people."""

from __future__ import annotations

from typing import Any

import orjson
from pydantic import BaseModel
from starlette.responses import Response

from stook.dialects.dialect import Problem

CODES = {
    400: "invalid_request",
    401: "not_signed_in",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "timed_out",
    409: "conflict",
    413: "too_large",
    422: "unreadable",
    429: "rate_limited",
    503: "unavailable",
}
_SAID = {
    400: "Something in the request is wrong; `detail` says what.",
    401: "The link has been used, or has expired.",
    403: "The request does not come from the page of this server.",
    404: "There is no such thing, or the caller may not see it.",
    409: "It is in use, or not ready; try again in a moment.",
}


class StookProblem(BaseModel):
    """What went wrong, and what to do."""

    code: str
    message: str


def problem_json(found: Problem) -> dict[str, str]:
    """A StookProblem."""
    fallback = "internal" if found.status >= 500 else "invalid_request"
    return {"code": CODES.get(found.status, fallback), "message": found.message}


def render_problem(found: Problem) -> Response:
    """An error as a response."""
    body = orjson.dumps(problem_json(found))
    return Response(body, found.status, dict(found.headers), media_type="application/json")


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route, beside the errors that any call may meet."""
    return {status: {"description": _SAID[status]} for status in statuses}
