"""The OpenAPI document names the models of every body, says all errors, and describes the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from stook.server.app import DIALECTS, create_app
from stook.settings import Settings

Json = dict[str, Any]
SCHEMAS = "#/components/schemas/"
TAKE_NO_BODY = {
    "post /rest/api/v1/deleteallchats",
    "put /ai/v1/message",
    "post /rest/api/v1/createauthtoken",
    "post /rest/api/v1/checkdatasourceauth",
    "post /api/chat/responses/{response_id}/cancel",
    "post /api/index/v1/rotatetoken",
    "post /api/stook/v1/sign-out",
    "post /api/index/v1/processallemployeesandteams",
    "post /api/index/v1/debug/{datasource}/status",
}
OPEN = {
    "/health",
    "/ready",
    "/.well-known/jwks.json",
    "/platform/v2/models",
    "/api/stook/v1/sign-in",
    "/api/stook/v1/sign-in/options",
    "/api/stook/v1/sign-in/password",
    "/api/stook/v1/sign-in/oidc",
    "/api/stook/v1/sign-in/oidc/callback",
}  # without credentials


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Json:
    return create_app(Settings(data_dir=tmp_path_factory.mktemp("none"))).openapi()


@pytest.fixture(scope="module")
def operations(document: Json) -> list[tuple[str, str, Json]]:
    return [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


Operations = list[tuple[str, str, Json]]


def is_named(body: Json) -> bool:
    """Whether a body is a named model, or a list of them."""
    schema = body["schema"]
    schema = schema["items"] if schema.get("type") == "array" else schema
    return set(schema) == {"$ref"} and schema["$ref"].startswith(SCHEMAS)


def test_each_operation_has_a_name_and_one_tag(document: Json, operations: Operations) -> None:
    names = [operation["operationId"] for _, _, operation in operations]
    assert len(set(names)) == len(names) >= 80
    tags = {tag["name"] for tag in document["tags"] if tag["description"]}
    assert tags == {"Operation", *(dialect.name for dialect in DIALECTS)}
    for _, path, operation in operations:
        assert operation["summary"] and operation["operationId"].islower(), path
        (tag,) = operation["tags"]
        assert tag in tags, path
        assert operation["operationId"].startswith(tag.lower().replace(" ", "_")), path


def test_each_body_that_is_taken_has_a_named_model(operations: Operations) -> None:
    for method, path, operation in operations:
        expected = method in ("post", "put", "patch") and f"{method} {path}" not in TAKE_NO_BODY
        assert ("requestBody" in operation) or not expected, (method, path)
        for body in operation.get("requestBody", {"content": {}})["content"].values():
            assert is_named(body), (method, path)


def test_each_answer_has_a_named_model_or_says_that_it_is_empty(operations: Operations) -> None:
    for method, path, operation in operations:
        for status, response in operation["responses"].items():
            where = (method, path, status)
            assert response["description"] != "Successful Response", where
            bodies = response.get("content", {})
            assert all(is_named(body) for body in bodies.values()), where
            assert bodies or status in ("200", "204", "303"), where
        good = [status for status in operation["responses"] if status[0] in "23"]
        assert good or "keeps none" in operation["summary"], (method, path)


def test_errors_have_the_shape_of_their_api(document: Json, operations: Operations) -> None:
    by_name = {dialect.name: dialect for dialect in DIALECTS}
    for method, path, operation in operations:
        if path in OPEN:
            continue
        dialect = by_name[operation["tags"][0]]
        errors = {
            status: response
            for status, response in operation["responses"].items()
            if not status.startswith("2")
        }
        assert {"400", "401", "429", "500", "503"} <= set(errors), (method, path)
        assert "403" in errors or path == "/oauth2/token", (method, path)
        assert ("413" in errors) == ("requestBody" in operation), (method, path)
        shape = {dialect.error_type: {"schema": {"$ref": SCHEMAS + dialect.error.__name__}}}
        assert errors["500"]["content"] == errors["429"]["content"] == shape, (method, path)
    assert not [name for name in document["components"]["schemas"] if "HTTPValidation" in name]


def test_parameters_are_described(operations: Operations) -> None:
    for method, path, operation in operations:
        for parameter in operation.get("parameters", ()):
            assert parameter.get("description"), (method, path, parameter["name"])


def test_credentials_are_described(document: Json, operations: Operations) -> None:
    schemes = document["components"]["securitySchemes"]
    kinds = {
        name: scheme.get("scheme", scheme["type"])
        for name, scheme in schemes.items()
        if scheme["description"]
    }
    assert kinds == {
        "Token": "bearer",
        "IndexingToken": "bearer",
        "Client": "basic",
        "Session": "apiKey",
    }
    for method, path, operation in operations:
        needed = {name for each in operation.get("security", ()) for name in each}
        assert bool(needed) == (path not in OPEN), (method, path)
        # Stook's own API takes a token or the session of its page, others one kind.
        own = path.startswith("/api/stook/v1/")
        assert needed <= {"Token", "Session"} if own else len(needed) <= 1, (method, path)
    assert any(
        parameter["name"] == "X-Glean-ActAs"
        for _, _, operation in operations
        for parameter in operation.get("parameters", ())
    )


def test_names_of_models_are_readable_and_lead_somewhere(document: Json) -> None:
    schemas = document["components"]["schemas"]
    assert all(name.isalnum() for name in schemas), sorted(schemas)
    assert set(references(document)) <= {SCHEMAS + name for name in schemas}


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (each for name, each in value.items() if name == "$ref")
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from references(each)
