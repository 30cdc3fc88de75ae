"""What a wire API consists of, and the errors that it renders in its own shape."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, RootModel
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from stook import errors
from stook.dialects.languages import ENGLISH, told

INTERNAL = "Something went wrong here. The server's log has it under this answer's X-Request-Id."

_STATUS: tuple[tuple[type[errors.StookError], int], ...] = (
    (errors.TooLarge, 413),
    (errors.InvalidRequest, 400),
    (errors.Unauthenticated, 401),
    (errors.Forbidden, 403),
    (errors.NotFound, 404),
    (errors.TimedOut, 408),
    (errors.Conflict, 409),
    (errors.UnreadableDocument, 422),
    (errors.RateLimited, 429),
    (errors.Unavailable, 503),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as HTTP has it; ``faults`` are Pydantic's, where a request did not validate."""

    status: int
    message: str
    error: Exception
    headers: Mapping[str, str] = field(default_factory=dict)
    faults: Sequence[Any] = ()


class ErrorLine(RootModel[str]):
    """What went wrong, in one line of text."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """One wire API: its routes, the paths that are its own, and how it tells of errors."""

    name: str
    summary: str
    router: APIRouter
    paths: tuple[str, ...]  # prefixes; unknown paths below them get this API's errors too
    render: Callable[[Problem], Response]
    models: tuple[type[BaseModel], ...] = ()  # of the request bodies, for the API description
    error: type[BaseModel] = ErrorLine  # what ``render`` writes, for the API description too
    error_type: str = "text/plain"
    language: Callable[[Scope], str] = lambda _scope: ENGLISH  # of the sentences of errors


def problem(error: Exception, locale: str = ENGLISH) -> Problem:
    """The status, sentence and headers for an exception; 500 for those that nobody foresaw."""
    found = _in_english(error)
    return replace(found, message=told(error, found.status, found.message, locale))


def _in_english(error: Exception) -> Problem:
    if isinstance(error, RequestValidationError):
        return Problem(400, first_fault(error.errors()), error, faults=error.errors())
    if isinstance(error, HTTPException):
        message = _HTTP_MESSAGES.get(error.status_code, str(error.detail))
        return Problem(error.status_code, message, error, error.headers or {})
    if isinstance(error, errors.StookError):
        status = next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
        return Problem(status, error.message if status != 500 else INTERNAL, error, _headers(error))
    return Problem(500, INTERNAL, error)


def first_fault(faults: Sequence[Any]) -> str:
    """What is wrong with a request, as one line: the first field and what it should be."""
    if not faults:
        return "The request does not have the right shape."
    where = ".".join(str(part) for part in faults[0]["loc"][1:])
    return f"{where or 'body'}: {faults[0]['msg']}"


def _headers(error: errors.StookError) -> dict[str, str]:
    if isinstance(error, errors.RateLimited):
        return {"Retry-After": str(max(1, math.ceil(error.retry_after)))}
    if isinstance(error, errors.Unavailable):
        return {"Retry-After": "5"}
    if isinstance(error, errors.Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    return {}


_HTTP_MESSAGES = {
    404: "There is nothing at this address; GET / lists the APIs that this server speaks.",
    405: "This address does not take that method.",
}
