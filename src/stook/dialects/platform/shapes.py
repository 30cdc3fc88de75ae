"""What the Platform API's models and routes share."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from stook.dialects.bounds import Name
from stook.dialects.platform.problems import request_id

JSON = "application/json; charset=UTF-8"
Text = Annotated[Name, Field(min_length=1)]


class Request(BaseModel):
    """A request body; a field that is not known is an error."""

    model_config = ConfigDict(extra="forbid")


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


def json(body: dict[str, Any], status: int = 200) -> Response:
    """A JSON response that carries the request's id."""
    answer = body | {"request_id": request_id()}
    return Response(orjson.dumps(answer), status, media_type=JSON)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route, beside the errors that any call may meet."""
    said = {
        404: "There is no such thing, or the caller may not see it.",
        408: "Not done in time.",
        422: "The request is understood, and cannot be done.",
    }
    return {status: {"description": said[status]} for status in statuses}
