"""Request bodies: JSON whatever the content type says, checked against a Pydantic model."""

from __future__ import annotations

import asyncio
import functools
import itertools
import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

import orjson
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from stook.dialects import bounds

M = TypeVar("M", bound=BaseModel)
LARGE = 64 * 1024  # bytes; reading more than that does not hold up other requests
LONGEST_NAME = 200  # characters of a field that a fault tells of
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z|\\)', re.DOTALL)
_MARKS = b",[]{}"
_NO_MARKS = bytes(set(range(256)) - set(_MARKS))
_STEPS = bytes.maketrans(b"[{]}", b"\x02\x02\x00\x00")  # one level down, one up


class ServerSentEvents(BaseModel):
    """A stream of events, each of this shape; ``data`` is JSON."""

    id: str | None = None
    event: str | None = None
    data: str


def json_body(model: type[M]) -> Callable[[Request], Awaitable[M]]:
    """A dependency that reads the body; raises RequestValidationError.

    Declare it after the caller, so that strangers are turned away before anything is read. For the
    same model it is the same, so that a body that two dependencies ask for is read once.
    """
    return cast("Callable[[Request], Awaitable[M]]", _reader(model))


@functools.cache
def _reader(model: type[BaseModel]) -> Callable[[Request], Awaitable[BaseModel]]:

    async def parse(request: Request) -> BaseModel:
        raw = await request.body()
        if len(raw) < LARGE:
            return validated_json(model, raw)
        return await asyncio.to_thread(validated_json, model, raw)

    return parse


def validated_json(model: type[M], raw: bytes) -> M:
    """What JSON text says; raises RequestValidationError."""
    return validated(model, _loaded(raw), said_back=len(raw) <= bounds.MOST_SAID_BACK)


def validated(model: type[M], value: object, said_back: bool = False) -> M:
    """The model of a value, which a fault may quote; raises RequestValidationError."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=said_back)
    raise RequestValidationError([_told(fault) for fault in faults[: bounds.MOST_FAULTS]])


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
    _check_shape(raw)
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise _not_json(f"The body is not JSON: {error.msg}", error.pos) from error
    return _without_nul(value) if b"\\u0000" in raw else value


def _check_shape(raw: bytes) -> None:
    """Raise RequestValidationError where JSON is deeper, or of more parts, than anything reads.

    Nothing walks a body before: depth and parts are counted in the text without its strings.
    """
    if raw.count(b",") + raw.count(b"[") + raw.count(b"{") <= bounds.DEEPEST:
        return
    marks = _STRING.sub(b"", raw).translate(None, delete=_NO_MARKS)
    if len(marks) > bounds.MOST_VALUES:
        raise _not_json(f"The body holds more than {bounds.MOST_VALUES:,} values.")
    if _depth(marks) > bounds.DEEPEST:
        raise _not_json(f"The body is nested deeper than {bounds.DEEPEST} levels.")


def _depth(marks: bytes) -> int:
    brackets = marks.translate(_STEPS, delete=b",")
    return max(itertools.accumulate(step - 1 for step in brackets), default=0)


def _not_json(message: str, position: int = 0) -> RequestValidationError:
    fault = {"type": "json_invalid", "loc": ("body", position), "msg": message, "input": {}}
    return RequestValidationError([{**fault, "ctx": {"error": message}}])


def _without_nul(value: Any) -> Any:
    """PostgreSQL cannot store U+0000 in text."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(item) for key, item in value.items()}
    return value


def _told(fault: ErrorDetails) -> dict[str, Any]:
    """A fault of the body; names in it are the client's, of whatever length."""
    where = [part[:LONGEST_NAME] if isinstance(part, str) else part for part in fault["loc"]]
    return {"input": None, **fault, "loc": ("body", *where)}
