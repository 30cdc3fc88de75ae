"""The OpenAPI document: what FastAPI knows, and what only the dialects know.

Dialects read their bodies and render their errors themselves. So the models of the bodies come
from their lists, errors that any call may meet are said in each API's own shape, and FastAPI's
idea of an error is left out.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema

from stook.dialects.dialect import Dialect, ErrorLine

Json = dict[str, Any]
_SCHEMAS = "#/components/schemas/"
_NOT_SENT = ("HTTPValidationError", "ValidationError")
_UNDESCRIBED = "Successful Response"  # FastAPI's words
_OPERATION = {"name": "Operation", "description": "Whether the server is up and can serve."}

_ANY_CALL = {
    "500": "Something went wrong here.",
    "503": "The server cannot answer right now.",
}
_HEAD_TOO_LARGE = "431"  # told before any API is known, in plain text
_WITH_CREDENTIALS = {
    "400": "The request cannot be understood.",
    "401": "No valid credentials.",
    "429": "Too many requests; Retry-After says when to try again.",
}
_BASIC: list[Json] = [{"Client": []}]  # of the endpoint that gives tokens
_WITH_TOKEN = {"403": "The credentials do not allow this."}
_WITH_BODY = {"413": "The request is larger than allowed."}


def operation_id(route: APIRoute) -> str:
    """A readable name that is unique: the API and the function, as in ``gloo_send_message``."""
    words = [*map(str, route.tags), route.name]
    return re.sub(r"\W+", "_", " ".join(words).lower())


def tags(dialects: Sequence[Dialect]) -> list[Json]:
    """One tag an API, with its summary."""
    return [
        *({"name": dialect.name, "description": dialect.summary} for dialect in dialects),
        _OPERATION,
    ]


def described(app: FastAPI, dialects: Sequence[Dialect]) -> Callable[[], Json]:
    """What ``app.openapi`` is to be: makes the document once, whichever thread asks first."""
    making = threading.Lock()

    def openapi() -> Json:
        with making:
            if app.openapi_schema is None:
                app.openapi_schema = _document(app, dialects)
            return app.openapi_schema

    return openapi


def _document(app: FastAPI, dialects: Sequence[Dialect]) -> Json:
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas |= _models(dialects)
    for name in _NOT_SENT:
        schemas.pop(name, None)
    for dialect in dialects:
        for operation in _operations(document, dialect.name):
            _tell_errors(operation, dialect)
    for operation in _operations(document):
        _name_answers(operation, schemas)
    return document


def _models(dialects: Sequence[Dialect]) -> Json:
    models = {model for dialect in dialects for model in (*dialect.models, dialect.error)}
    ordered = sorted(models, key=lambda model: (model.__name__, model.__module__))
    _, definitions = models_json_schema(
        [(model, "validation") for model in ordered], ref_template=_SCHEMAS + "{model}"
    )
    schemas: Json = definitions["$defs"]
    return schemas


def _operations(document: Json, tag: str = "") -> Iterator[Json]:
    for methods in document["paths"].values():
        for operation in methods.values():
            if not tag or tag in operation["tags"]:
                yield operation


def _name_answers(operation: Json, schemas: Json) -> None:
    """A response that nobody described is what its model says."""
    for response in operation["responses"].values():
        if response["description"] == _UNDESCRIBED:
            bodies = list(response.get("content", {}).values())
            name = bodies[0]["schema"].get("$ref", "") if bodies else ""
            model = schemas.get(name.removeprefix(_SCHEMAS), {})
            response["description"] = model.get("description", "The answer.")


def _tell_errors(operation: Json, dialect: Dialect) -> None:
    """Add the errors that any call may meet, and give all their API's own shape."""
    said = {
        status: response
        for status, response in operation["responses"].items()
        if not _is_fastapis_own(response)
    }
    more = dict(_ANY_CALL)
    more |= _WITH_CREDENTIALS if operation.get("security") else {}
    more |= _WITH_TOKEN if operation.get("security", _BASIC) != _BASIC else {}
    more |= _WITH_BODY if "requestBody" in operation else {}
    for status, text in more.items():
        said.setdefault(status, {"description": text})
    shape = {dialect.error_type: {"schema": {"$ref": _SCHEMAS + dialect.error.__name__}}}
    for status, response in said.items():
        if status[0] in "45":
            response.setdefault("content", shape)
    said[_HEAD_TOO_LARGE] = {
        "description": "The address and the headers are larger than allowed.",
        "content": {"text/plain": {"schema": {"$ref": _SCHEMAS + ErrorLine.__name__}}},
    }
    operation["responses"] = dict(sorted(said.items()))


def _is_fastapis_own(response: Json) -> bool:
    schema = response.get("content", {}).get("application/json", {}).get("schema", {})
    return bool(schema.get("$ref") == _SCHEMAS + "HTTPValidationError")
