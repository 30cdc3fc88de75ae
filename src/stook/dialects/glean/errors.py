"""Glean's errors: a line of text; JSON where its clients read that."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from stook.application.search.narrowing import InvalidValue
from stook.dialects.dialect import Problem, problem
from stook.dialects.glean.rendering.chat import TEXT
from stook.dialects.glean.rendering.wire import json
from stook.dialects.glean.requests.fields import SnakeWire, Wire
from stook.dialects.languages import of_request
from stook.errors import Forbidden, NotFound, StookError, Unauthenticated


def render_problem(found: Problem) -> Response:
    """An error of the Client API: one line of text."""
    line = " ".join(found.message.split())
    return Response(line + "\n", found.status, dict(found.headers), media_type=TEXT)


class JsonErrors(APIRoute):
    """Clients read the 404 of these calls as JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except NotFound as error:
                found = problem(error, of_request(request.scope))
                return json({"message": found.message}, found.status)

        return handled


class AgentError(SnakeWire):
    message: str


NOT_THERE: dict[int | str, dict[str, Any]] = {
    404: {"model": AgentError, "description": "There is no such agent; JSON says so."}
}


class DataErrors(APIRoute):
    """The description has these calls refuse with the JSON of GleanDataError."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except (Unauthenticated, Forbidden) as error:
                return _refused(error, request)

        return handled


def _refused(error: StookError, request: Request) -> Response:
    found = problem(error, of_request(request.scope))
    body = {"errorMessages": [{"errorMessage": found.message}]}
    response = json(body, found.status)
    response.headers.update(found.headers)
    return response


class InvalidOperatorValue(Wire):
    key: str
    value: str


class ErrorMessage(Wire):
    source: str | None = None
    error_message: str


class GleanDataError(Wire):
    """Why a query cannot be carried out."""

    invalid_operators: list[InvalidOperatorValue] | None = None
    error_messages: list[ErrorMessage]


DATA_ERRORS: dict[int | str, dict[str, Any]] = {
    401: {"model": GleanDataError, "description": "No token, or none that is valid."},
    403: {"model": GleanDataError, "description": "The token lacks a scope."},
    422: {"model": GleanDataError, "description": "An operator has an impossible value."},
}


def data_error(error: InvalidValue, locale: str) -> dict[str, Any]:
    """GleanDataError for a filter's value."""
    return {
        "invalidOperators": [{"key": error.field, "value": error.value}],
        "errorMessages": [{"source": "query", "errorMessage": problem(error, locale).message}],
    }


def errors(scope: str, **others: str) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route that needs a scope, beside what any call may meet."""
    said = {"403": f"The token lacks the scope {scope}."} | {
        name.removeprefix("s"): text for name, text in others.items()
    }
    return {
        int(status) if status.isdigit() else status: {"description": text}
        for status, text in said.items()
    }
