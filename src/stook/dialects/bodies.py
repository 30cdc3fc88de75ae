"""Request bodies: JSON whatever the content type says, checked against a Pydantic model."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import orjson
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)


class ServerSentEvents(BaseModel):
    """A stream of events, each of this shape; ``data`` is JSON."""

    id: str | None = None
    event: str | None = None
    data: str


def json_body(model: type[M]) -> Callable[[Request], Awaitable[M]]:
    """A dependency that reads the body; raises RequestValidationError.

    Declare it after the caller, so that strangers are turned away before anything is read.
    """

    async def parse(request: Request) -> M:
        return _validated(model, _loaded(await request.body()))

    return parse


def validated_json(model: type[M], raw: bytes) -> M:
    """What JSON text says; raises RequestValidationError."""
    return _validated(model, _loaded(raw))


async def json_object(request: Request) -> dict[str, Any]:
    """A body that may be absent: its JSON object, or an empty one; raises like ``json_body``."""
    raw = await request.body()
    value = _loaded(raw) if raw.strip() else {}
    return value if isinstance(value, dict) else {}


def documented(model: type[BaseModel], required: bool = True) -> dict[str, Any]:
    """``openapi_extra`` for a route that reads ``model`` by ``json_body``."""
    return {"requestBody": {"required": required, "content": content("application/json", model)}}


def content(media_type: str, model: type[BaseModel]) -> dict[str, Any]:
    """``content`` of a described body; the model stands in its dialect's ``models``."""
    return {media_type: {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}


def _loaded(raw: bytes) -> Any:
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise RequestValidationError([_fault(error)]) from error
    return _without_nul(value) if b"\\u0000" in raw else value


def _fault(error: orjson.JSONDecodeError) -> dict[str, Any]:
    return {
        "type": "json_invalid",
        "loc": ("body", error.pos),
        "msg": f"The body is not JSON: {error.msg}",
        "input": {},
        "ctx": {"error": error.msg},
    }


def _without_nul(value: Any) -> Any:
    """PostgreSQL cannot store U+0000 in text."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(item) for key, item in value.items()}
    return value


def _validated(model: type[M], value: Any) -> M:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False)
        raise RequestValidationError(
            [{**fault, "loc": ("body", *fault["loc"])} for fault in faults]
        ) from error
