"""Errors of Gloo's completions, version 2."""

from __future__ import annotations

from typing import Any

import orjson
import structlog
from starlette.responses import Response

from stook.dialects.dialect import Dialect, Problem
from stook.dialects.gloo import completion_models, responses_models, wire
from stook.dialects.gloo.dialect import completions_router

# What is told by an object; the other statuses are told as everywhere at Gloo.
_NAMES = {
    400: (1000, "INVALID_REQUEST"),
    408: (2001, "PROVIDER_TIMEOUT"),
    413: (1001, "REQUEST_TOO_LARGE"),
    500: (5000, "INTERNAL_ERROR"),
    503: (2002, "PROVIDER_UNAVAILABLE"),
}
_WORTH_A_RETRY = (408, 503)


def error_json(found: Problem) -> dict[str, Any]:
    """An error as an object with a number, a name and the id of the request."""
    status = wire.status_of(found)
    if status not in _NAMES:
        return wire.error_json(found)
    code, name = _NAMES[status]
    error = {
        "code": code,
        "name": name,
        "message": found.message,
        "retryable": status in _WORTH_A_RETRY,
        "trace_id": str(structlog.contextvars.get_contextvars().get("request_id", "")),
    }
    return {"error": error, "detail": found.message}


def render_problem(found: Problem) -> Response:
    """The response for an error."""
    status = wire.status_of(found)
    if status not in _NAMES:
        return wire.render_problem(found)
    headers = dict(found.headers)
    return Response(orjson.dumps(error_json(found)), status, headers, media_type=wire.JSON)


COMPLETIONS = Dialect(
    name="Gloo Completions",
    summary="Gloo AI's completions, version 2: OpenAI's, with routing and citations.",
    router=completions_router,
    paths=("/ai/v2/",),
    render=render_problem,
    models=(*completion_models.REQUESTS, *responses_models.REQUESTS),
    error=completion_models.CompletionProblem,
    error_type="application/json",
)
