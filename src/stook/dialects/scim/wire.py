"""What the endpoints share: who calls, how bodies are read, how answers and errors are written."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

import orjson
from fastapi import Depends, Query, Request
from pydantic import Field, RootModel, ValidationError
from scim2_models import (
    Context,
    Error,
    ListResponse,
    Resource,
    ResponseParameters,
    ScimFilter,
)
from scim2_models.exceptions import SCIMException
from scim2_models.path.expressions import CompareOperator, Comparison
from starlette.responses import Response

from stook.dialects.access import caller
from stook.dialects.bounds import MOST_NUMBER, PROPERTIES
from stook.dialects.dialect import Problem
from stook.dialects.scim.resources import MOST_LISTED, PREFIX, known_part
from stook.errors import InvalidRequest
from stook.identity.principals import Caller, Scope
from stook.identity.provisioning import Wanted
from stook.rates import EndpointClass

SCIM = "application/scim+json"
LARGEST = 16 * 1024 * 1024  # bytes of a body; the server's own limit may be nearer
R = TypeVar("R", bound=Resource[Any])

Provisioner = Annotated[Caller, Depends(caller(Scope.SCIM, endpoint=EndpointClass.INDEXING))]
Start = Annotated[
    int,
    Query(
        alias="startIndex",
        ge=-MOST_NUMBER,
        le=MOST_NUMBER,
        description="The first of the list that is given, counted from 1.",
    ),
]
Count = Annotated[
    int, Query(ge=-MOST_NUMBER, le=MOST_NUMBER, description="How many of the list, at most.")
]
Filtered = Annotated[str, Query(max_length=2000, description="One attribute eq one value.")]
Names = Annotated[str, Query(max_length=2000, description="Attributes, by comma.")]
NotNames = Annotated[
    str,
    Query(
        alias="excludedAttributes",
        max_length=2000,
        description="Attributes left out, by comma.",
    ),
]


class ScimResource(
    RootModel[
        Annotated[dict[str, Any], PROPERTIES, Field(json_schema_extra={"x-maxBytes": LARGEST})]
    ]
):
    """A SCIM resource, or a list of operations that change one."""


class ScimError(RootModel[dict[str, Any]]):
    """An Error of RFC 7644, section 3.12."""


def base_of(request: Request) -> str:
    """Where resources are, as the caller reaches them."""
    return f"{request.url.scheme}://{request.url.netloc}{PREFIX}"


def resource(model: type[R], body: dict[str, Any], context: Context) -> R:
    """What a body says; raises InvalidRequest."""
    try:
        return model.model_validate(known_part(body, model), scim_ctx=context)
    except ValidationError as error:
        raise unreadable(error) from error


def unreadable(error: ValidationError | SCIMException) -> InvalidRequest:
    """What is wrong with a body, in one line."""
    if isinstance(error, SCIMException):
        return InvalidRequest(error.detail)
    first = error.errors(include_url=False)[0]
    where = ".".join(map(str, first["loc"]))[:200]
    return InvalidRequest(f"{where or 'body'}: {first['msg'][:500]}")


def wanted_by(model: type[Resource[Any]], text: str, known: frozenset[str]) -> Wanted:
    """What a filter asks for; raises InvalidRequest where it is none that is understood."""
    if not text.strip():
        return Wanted()
    try:
        tree = ScimFilter[model](text).ast  # type: ignore[valid-type]
    except (SCIMException, ValueError) as error:
        raise InvalidRequest("The filter cannot be read.") from error
    if not isinstance(tree, Comparison) or tree.op is not CompareOperator.eq:
        raise InvalidRequest("Filters are one attribute eq one value.")
    name = str(tree.attr_path).rpartition(":")[2].lower()
    if name not in known or not isinstance(tree.value, str):
        raise InvalidRequest(f"Filters are on {', '.join(sorted(known))}.")
    return Wanted(name, tree.value)


def page_of(start: int, count: int) -> tuple[int, int]:
    """From which place on, counted from 0, and how many."""
    return max(start, 1) - 1, min(max(count, 0), MOST_LISTED)


def written(
    found: Resource[Any], context: Context, status: int = 200, names: str = "", without: str = ""
) -> Response:
    """A resource, with some of its attributes only where that is asked for."""
    body = _shown(found, context, names, without)
    headers = {"Location": str(found.meta.location)} if found.meta and found.meta.location else {}
    return _scim(body, status, headers)


def listed(
    found: list[Any], total: int, start: int, names: str = "", without: str = ""
) -> Response:
    """A page of a list."""
    context = Context.RESOURCE_QUERY_RESPONSE
    resources = [_shown(each, context, names, without) for each in found]
    body = {
        "schemas": [str(ListResponse.__schema__)],
        "totalResults": total,
        "startIndex": start + 1,
        "itemsPerPage": len(found),
        "Resources": resources,
    }
    return _scim(body, 200, {})


def render_problem(found: Problem) -> Response:
    """An error as an Error."""
    kinds = {409: "uniqueness"}
    if found.status == 400:
        kinds[400] = "invalidFilter" if "ilter" in found.message else "invalidValue"
    error = Error(status=found.status, detail=found.message, scim_type=kinds.get(found.status))
    return _scim(error.model_dump(), found.status, dict(found.headers))


def not_implemented(why: str) -> Response:
    """An Error of status 501."""
    return _scim(Error(status=501, detail=why).model_dump(), 501, {})


def _shown(found: Resource[Any], context: Context, names: str, without: str) -> dict[str, Any]:
    """A resource, with some of its attributes only; raises InvalidRequest where there are none."""
    if not names and not without:
        return found.model_dump(scim_ctx=context)
    told = {"attributes": names or None, "excluded_attributes": without or None}
    try:
        only = ResponseParameters[type(found)].model_validate(told)  # type: ignore[misc]
    except ValidationError as error:
        raise unreadable(error) from error
    return found.model_dump(scim_ctx=context, response_parameters=only)


def _scim(body: object, status: int, headers: dict[str, str]) -> Response:
    headers = {"Cache-Control": "no-store", **headers}
    return Response(orjson.dumps(body), status, headers, media_type=SCIM)
