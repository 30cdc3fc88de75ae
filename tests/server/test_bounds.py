"""Every text, list and object of every request has a bound, and what goes over it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from fastapi.exceptions import RequestValidationError

from stook.application.search.narrowing import MOST_CONDITIONS
from stook.dialects import bounds
from stook.dialects.bodies import validated_json
from stook.dialects.dialect import first_fault
from stook.dialects.glean.requests.chat import ChatRequest
from stook.dialects.gloo.requests.messages import MessageRequest
from stook.dialects.indexing.requests.bodies import DocumentDefinition
from stook.dialects.indexing.requests.fields import EARLIEST
from stook.knowledge.store.conditions import Condition, Relation, matches
from stook.server.app import create_app
from stook.settings import Settings
from stook.storage.database import Database

DOCUMENT = create_app(Settings()).openapi()
METHODS = ("get", "post", "put", "delete", "patch")
BOUND = {
    "string": "maxLength",
    "array": "maxItems",
    "integer": "maximum",
    "object": "maxProperties",
}


def test_every_value_of_every_request_has_a_bound() -> None:
    unbounded = sorted(set(_unbounded()))
    assert not unbounded, "\n".join(unbounded)


def _unbounded() -> Iterator[str]:
    for path, methods in DOCUMENT["paths"].items():
        for method in METHODS:
            operation = methods.get(method, {})
            for parameter in operation.get("parameters", ()):
                where = f"{method} {path}: {parameter['in']} {parameter['name']}"
                yield from _of(parameter["schema"], where, set())
            for body in operation.get("requestBody", {}).get("content", {}).values():
                yield from _of(body["schema"], f"{method} {path}", set())


def _of(schema: dict[str, Any], where: str, above: set[str]) -> Iterator[str]:
    """Where below a schema something may be of any size."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in above:
            yield from _of(DOCUMENT["components"]["schemas"][name], name, above | {name})
        return
    for part in ("anyOf", "oneOf", "allOf"):
        for each in schema.get(part, ()):
            yield from _of(each, where, above)
    for name, each in schema.get("properties", {}).items():
        yield from _of(each, f"{where}.{name}", above)
    if "maxLength" not in schema.get("propertyNames", {"maxLength": 0}):
        yield f"{where}: names of any length"
    for part in ("items", "additionalProperties"):
        if isinstance(schema.get(part), dict):
            yield from _of(schema[part], f"{where}.{part}", above)
    if not _is_bounded(schema):
        yield f"{where}: {schema}"


def _is_bounded(schema: dict[str, Any]) -> bool:
    if {"enum", "const", "anyOf", "oneOf", "allOf", "x-maxBytes"} & schema.keys():
        return True
    kind = schema.get("type")
    if kind is None:
        return False
    if kind == "object" and "properties" in schema:
        return schema.get("additionalProperties") is not True
    if schema.get("format") in ("binary", "date-time"):
        return True  # the limit of a body; a calendar
    bound = BOUND.get(kind)
    return bound is None or bound in schema or "exclusiveMaximum" in schema


NESTED = b"[" * 990 + b'"\\u0000"' + b"]" * 990
SHAPES = {
    "deep": NESTED,
    "deep in a field": b'{"query": ' + NESTED + b"}",
    "deep behind a string": b'{"query": "[[[\\"[[[", "messages": ' + b"[" * 300 + b"]" * 300 + b"}",
    "many values": b'{"messages": [' + b"[]," * bounds.MOST_VALUES + b"[]]}",
}


@pytest.mark.parametrize("body", SHAPES.values(), ids=SHAPES)
def test_a_body_is_refused_by_its_shape_before_anything_walks_it(body: bytes) -> None:
    with pytest.raises(RequestValidationError) as refused:
        validated_json(ChatRequest, body)
    message = first_fault(refused.value.errors())
    assert "deeper than 32 levels" in message or "more than 500,000 values" in message


def test_brackets_and_commas_in_a_text_are_no_values() -> None:
    text = '[{,\\"' * 30_000
    assert validated_json(MessageRequest, f'{{"query": "{text}"}}'.encode()).query


def test_of_thousands_of_wrong_values_a_few_are_told() -> None:
    wrong = orjson.dumps({"messages": [{"fragments": [{"text": 1}] * 400}] * 400})
    with pytest.raises(RequestValidationError) as refused:
        validated_json(ChatRequest, wrong)
    faults = refused.value.errors()
    assert len(faults) <= bounds.MOST_FAULTS
    assert faults[0]["input"] is None  # the body is too long to be said back


@pytest.mark.parametrize("given", [1e308, -1e308, "9" * 400, 10**18, -(10**15), "0001-01-01T00:00"])
def test_a_time_beyond_every_calendar_is_refused(given: object) -> None:
    body = orjson.dumps({"datasource": "d", "id": "1", "createdAt": given})
    if given == "0001-01-01T00:00":
        assert validated_json(DocumentDefinition, body).created_at == EARLIEST
        return
    with pytest.raises(RequestValidationError):
        validated_json(DocumentDefinition, body)


def test_many_names_and_values_are_one_condition_that_both_databases_take(
    database: Database,
) -> None:
    """200 of each were nested deeper than SQLite reads."""
    names = tuple(f"name{number}" for number in range(MOST_CONDITIONS))
    for field in ("from", "type", "a property"):
        alternatives = ((Condition(field, names, Relation.NOT_EQUALS),),)
        where = sa.select(sa.func.count()).where(matches(alternatives))
        assert database.read_now(sa.Connection.scalar, where) == 0
