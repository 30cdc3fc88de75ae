"""Gloo's errors; those of completions, version 2, are told by an object."""

from __future__ import annotations

import math
import time
from typing import Any

import orjson
import structlog
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, RootModel
from starlette.responses import Response

from stook.application.chats import NO_SUCH_CHAT, NO_SUCH_MESSAGE
from stook.dialects.access import MissingCredentials
from stook.dialects.dialect import Problem
from stook.errors import InvalidRequest, RateLimited, Stopped

JSON = "application/json; charset=UTF-8"
_CODES = {
    400: ("Bad request", "bad_request"),
    401: ("Invalid Authorization", "unauthorized_invalid_authorization"),
    403: ("Forbidden - insufficient permissions", "forbidden"),
    404: ("Not found", "not_found"),
    405: ("Method not allowed", "method_not_allowed"),
    408: ("Request timeout", "request_timeout"),
    409: ("Conflict", "conflict"),
    413: ("Request too large", "request_too_large"),
    422: ("Unprocessable request", "unprocessable_entity"),
    429: ("Rate limit exceeded", "too_many_requests"),
    503: ("Service unavailable", "service_unavailable"),
}
_MISSING = ("Missing Authorization", "unauthorized_missing_authorization")
_STOPPED = ("Stopped", "stopped")
_INTERNAL = ("Internal error", "internal_error")
_NOT_FOUND = {NO_SUCH_CHAT: "Chat not found", NO_SUCH_MESSAGE: "Message not found"}
# What is told by an object; the other statuses are told as everywhere at Gloo.
_NAMES = {
    400: (1000, "INVALID_REQUEST"),
    408: (2001, "PROVIDER_TIMEOUT"),
    413: (1001, "REQUEST_TOO_LARGE"),
    500: (5000, "INTERNAL_ERROR"),
    503: (2002, "PROVIDER_UNAVAILABLE"),
}
_WORTH_A_RETRY = (408, 503)


class GlooFault(BaseModel):
    """``loc`` leads to the wrong value: body or query first, then names and places."""

    type: str
    loc: list[str | int]
    msg: str
    input: Any = None


class GlooFaults(BaseModel):
    """All that is wrong with a request's shape."""

    detail: list[GlooFault]


class GlooError(BaseModel):
    """What went wrong."""

    error: str
    code: str
    detail: str


class GlooUnprocessable(RootModel[GlooFaults | GlooError]):
    """The wrong values one by one, or one sentence where they do not go together."""


ERRORS: dict[int | str, dict[str, Any]] = {
    404: {"description": "There is no such thing, or it is not the caller's."},
    422: {"model": GlooUnprocessable, "description": "The values cannot be what they are."},
}


class CompletionFault(BaseModel):
    code: int
    name: str
    message: str
    retryable: bool
    trace_id: str


class CompletionProblem(BaseModel):
    """What went wrong: an object for what cannot be answered, else a sentence with its code."""

    error: CompletionFault | str
    code: str | None = None
    detail: str


class Unprocessable(InvalidRequest):
    """The fields of the request do not go together."""


def error_json(found: Problem) -> dict[str, Any]:
    """``error`` and ``code`` for new clients, ``detail`` for the others."""
    error, code = _CODES.get(status_of(found), _INTERNAL)
    if isinstance(found.error, MissingCredentials):
        error, code = _MISSING
    elif isinstance(found.error, Stopped):
        error, code = _STOPPED
    return {
        "error": error,
        "code": code,
        "detail": _NOT_FOUND.get(found.message, found.message),
    }


def status_of(found: Problem) -> int:
    """The status that Gloo has for an error."""
    if found.faults or isinstance(found.error, Unprocessable):
        return 422
    return found.status


def missing(name: str) -> RequestValidationError:
    """A parameter of the query is not there."""
    return fault("query", name, "missing", "Field required")


def fault(place: str, name: str, kind: str, message: str) -> RequestValidationError:
    """One thing that is wrong with a request, as FastAPI tells it."""
    return RequestValidationError(
        [{"type": kind, "loc": (place, name), "msg": message, "input": None}]
    )


def render_problem(found: Problem) -> Response:
    """An error; one that did not validate is a 422 as FastAPI writes it."""
    if found.faults:
        body = orjson.dumps({"detail": found.faults}, default=str)
        return Response(body, 422, dict(found.headers), media_type=JSON)
    headers = {**found.headers, **_reset(found)}
    return Response(orjson.dumps(error_json(found)), status_of(found), headers, media_type=JSON)


def _reset(found: Problem) -> dict[str, str]:
    """When the next call is allowed, in seconds since the epoch."""
    if not isinstance(found.error, RateLimited):
        return {}
    return {"X-RateLimit-Reset": str(math.ceil(time.time() + found.error.retry_after))}


# --- completions, version 2 --------------------------------------------------------------------


def completion_error_json(found: Problem) -> dict[str, Any]:
    """An error as an object with a number, a name and the id of the request."""
    status = status_of(found)
    if status not in _NAMES:
        return error_json(found)
    code, name = _NAMES[status]
    error = {
        "code": code,
        "name": name,
        "message": found.message,
        "retryable": status in _WORTH_A_RETRY,
        "trace_id": str(structlog.contextvars.get_contextvars().get("request_id", "")),
    }
    return {"error": error, "detail": found.message}


def render_completion_problem(found: Problem) -> Response:
    """The response for an error."""
    status = status_of(found)
    if status not in _NAMES:
        return render_problem(found)
    headers = dict(found.headers)
    return Response(orjson.dumps(completion_error_json(found)), status, headers, media_type=JSON)
