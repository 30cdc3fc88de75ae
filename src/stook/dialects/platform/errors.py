"""Errors as RFC 9457 problem details, with the codes that Glean's Platform API gives them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

import orjson
import structlog
from pydantic import BaseModel
from starlette.responses import Response

from stook import errors
from stook.application.search.narrowing import InvalidValue
from stook.dialects.cursors import InvalidCursor
from stook.dialects.dialect import Problem

PROBLEM = "application/problem+json"
TYPES = "https://developers.glean.com/errors/"
TAG = "as "  # what the tags of unions begin with; no part of a body's path
_GENERATED_ID = re.compile(r"[0-9a-f]{32}")

CODES = {
    400: "invalid_request",
    401: "authentication_required",
    403: "insufficient_permissions",
    404: "resource_not_found",
    405: "method_not_allowed",
    408: "request_timeout",
    409: "conflict",
    410: "gone",
    413: "request_too_large",
    422: "unprocessable_query",
    429: "rate_limit_exceeded",
    500: "internal_error",
    503: "service_unavailable",
}


class WrongParameter(errors.InvalidRequest):
    """A part of the request has a value that it cannot have."""

    code = "invalid_parameter"

    def __init__(self, pointer: str, message: str) -> None:
        self.pointer = pointer
        super().__init__(message)


class WrongFilter(WrongParameter):
    """A filter cannot be understood."""

    code = "invalid_filter"


class WrongDatasource(WrongParameter):
    """There is no such datasource, or nothing in it that the caller may see."""

    code = "invalid_datasource"


class Unprocessable(errors.InvalidRequest):
    """The request is understood, and cannot be done here."""


class FieldProblem(BaseModel):
    pointer: str
    detail: str
    code: str


class ProblemDetail(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[FieldProblem] | None = None


def request_id() -> str:
    """The id of the request that is being served, as this API writes it."""
    given = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    if not _GENERATED_ID.fullmatch(given):
        given = hashlib.sha256(given.encode()).hexdigest()
    return f"req_{given[:12]}"


def render_problem(found: Problem) -> Response:
    """An error of the Platform API."""
    status = 422 if isinstance(found.error, InvalidValue | Unprocessable) else found.status
    faults = _faults(found)
    code = faults[0]["code"] if faults else _code(found, status)
    body: dict[str, Any] = {
        "type": TYPES + code.replace("_", "-"),
        "title": code.replace("_", " ").title(),
        "status": status,
        "detail": _detail(found, faults),
        "code": code,
        "request_id": request_id(),
    }
    if faults:
        body["errors"] = faults
    return Response(orjson.dumps(body), status, dict(found.headers), media_type=PROBLEM)


def _code(found: Problem, status: int) -> str:
    if isinstance(found.error, InvalidCursor):
        return "invalid_cursor"
    if status == 401 and "expired" in found.message:
        return "token_expired"
    return CODES.get(status, "internal_error" if status >= 500 else "invalid_request")


def _detail(found: Problem, faults: Sequence[dict[str, str]]) -> str:
    if not found.faults or not faults:
        return found.message
    return f"{faults[0]['pointer'].lstrip('/') or 'body'}: {faults[0]['detail']}"


def _faults(found: Problem) -> list[dict[str, str]]:
    error = found.error
    if isinstance(error, WrongParameter):
        return [{"pointer": error.pointer, "detail": error.message, "code": error.code}]
    if isinstance(error, InvalidValue):
        return [{"pointer": "/query", "detail": error.message, "code": "unprocessable_query"}]
    return [_fault(fault) for fault in found.faults]


def _fault(fault: dict[str, Any]) -> dict[str, str]:
    parts = [str(part) for part in fault["loc"][1:] if not str(part).startswith(TAG)]
    if fault["type"] == "json_invalid":
        return {"pointer": "", "detail": fault["msg"], "code": "invalid_request"}
    code = "missing_required_field" if fault["type"] == "missing" else "invalid_parameter"
    if code == "invalid_parameter" and parts[:1] == ["filters"]:
        code = "invalid_filter"
    escaped = (part.replace("~", "~0").replace("/", "~1") for part in parts)
    return {"pointer": "".join(f"/{part}" for part in escaped), "detail": fault["msg"]} | {
        "code": code
    }


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route, beside the errors that any call may meet."""
    said = {
        404: "There is no such thing, or the caller may not see it.",
        408: "Not done in time.",
        422: "The request is understood, and cannot be done.",
    }
    return {status: {"description": said[status]} for status in statuses}
