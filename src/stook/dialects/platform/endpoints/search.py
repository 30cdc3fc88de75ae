"""POST /api/search and GET /api/search/filters."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from stook.application import documents
from stook.application.asking import checked_question
from stook.application.search import suggestions
from stook.application.search.finding import Filters, FoundDocument, Search
from stook.application.search.finding import search as find
from stook.application.search.narrowing import FieldFilter, Named, Period, Relation
from stook.application.search.snippets import Snippets
from stook.dialects import cursors
from stook.dialects.access import Opened, caller
from stook.dialects.bodies import documented, json_body
from stook.dialects.bounds import Line, Name
from stook.dialects.platform.errors import (
    WrongDatasource,
    WrongFilter,
    WrongParameter,
    problems,
)
from stook.dialects.platform.rendering import (
    EQUALITY,
    fields_json,
    json,
    results_json,
    values_json,
)
from stook.dialects.platform.requests import Filter, PlatformSearchRequest, TimeRange
from stook.dialects.platform.responses import PlatformSearchResponse, SearchFiltersResponse
from stook.identity.principals import Caller, Principal, Scope
from stook.runtime import Runtime

router = APIRouter(tags=["Glean Platform"])
SearchCaller = Annotated[Caller, Depends(caller(Scope.SEARCH))]

DatasourcesInQuery = Annotated[
    list[Name] | None, Query(max_length=100, description="Which datasources; default: all.")
]
QueryInQuery = Annotated[
    Line | None,
    Query(description="Tell also the values that documents found by this have."),
]
BUILT_IN = frozenset(
    "type owner from author channel status assignee reporter component mentions collection".split()
)
SAMPLE = 200  # documents whose properties are looked at


@router.post(
    "/search",
    summary="Search for documents",
    responses={200: {"model": PlatformSearchResponse}, **problems(408, 422)},
    openapi_extra=documented(PlatformSearchRequest),
)
async def search(
    runtime: Opened,
    principal: SearchCaller,
    body: Annotated[PlatformSearchRequest, Depends(json_body(PlatformSearchRequest))],
) -> Response:
    query = checked_question(body.query, runtime.settings)
    await _check_datasources(runtime, principal, body.datasources or ())
    found = await find(runtime, principal, _wanted(query, body))
    name = f"{principal.email} {body.model_dump_json(exclude={'cursor', 'page_size'})}"
    page = cursors.cut(found.documents, _id, name, body.cursor, body.page_size)
    corrected = found.query.searched != query
    return json(
        {
            "results": await asyncio.to_thread(results_json, page.items, Snippets(found.typed)),
            "has_more": page.cursor is not None,
            "next_cursor": page.cursor,
            "warnings": [_corrected(found.query.searched)] if corrected else [],
        }
    )


def _id(found: FoundDocument) -> str:
    return found.document.id


def _corrected(query: str) -> dict[str, str]:
    return {"code": "query_corrected", "message": f"Searched for: {query}"}


async def _check_datasources(
    runtime: Runtime, principal: Principal, names: Sequence[str]
) -> dict[str, str]:
    """The datasources of which the caller may see something; raises WrongDatasource."""
    known = await documents.datasources(runtime, principal)
    for at, name in enumerate(names):
        if name not in known:
            raise WrongDatasource(f"/datasources/{at}", f"There is no datasource {name!r}.")
    return known


def _wanted(query: str, body: PlatformSearchRequest) -> Search:
    filters = tuple(
        FieldFilter(each.field, tuple(Named(each.operator, value) for value in each.values))
        for each in _checked(body.filters or ())
    )
    return Search(
        query,
        where=Filters(datasources=frozenset(body.datasources or ())),
        alternatives=(filters,),
        period=_period(body.time_range) if body.time_range else None,
    )


def _checked(filters: Sequence[Filter]) -> Sequence[Filter]:
    """The filters; raises WrongFilter where one breaks a rule."""
    equals = Counter(each.field for each in filters if each.operator is Relation.EQUALS)
    for at, each in enumerate(filters):
        where = f"/filters/{at}"
        if not each.field.strip():
            raise WrongFilter(f"{where}/field", "The field's name is blank.")
        if each.operator is Relation.EQUALS and equals[each.field] > 1:
            raise WrongFilter(
                where, f"{each.field} has two EQUALS filters; put all values into one."
            )
        if each.operator.value in EQUALITY:
            continue
        if each.field in BUILT_IN:
            raise WrongFilter(
                f"{where}/operator", f"{each.field} takes EQUALS and NOT_EQUALS only."
            )
        if len(each.values) > 1:
            raise WrongFilter(f"{where}/values", f"{each.operator.value} takes one value.")
    return filters


def _period(given: TimeRange) -> Period:
    if given.start and given.end and given.start > given.end:
        raise WrongParameter("/time_range", "start is after end.")
    return Period(_micros(given.start), _micros(given.end))


def _micros(moment: datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp() * 1_000_000)


@router.get(
    "/search/filters",
    summary="What searches can be filtered by",
    responses={200: {"model": SearchFiltersResponse}, **problems()},
)
async def filters(
    runtime: Opened,
    principal: SearchCaller,
    datasources: DatasourcesInQuery = None,
    query: QueryInQuery = None,
) -> Response:
    known = await _check_datasources(runtime, principal, datasources or ())
    if query is None:
        chosen = list(dict.fromkeys(datasources or known))
        listed = [await _fields(runtime, principal, name) for name in chosen]
        return json({"datasources": listed})
    if len(datasources or ()) != 1:
        raise WrongParameter("/datasources", "With query, name exactly one datasource.")
    if not query.strip() or "\0" in query:
        raise WrongParameter(
            "/query", "The query has no text; leave it out to list the fields only."
        )
    asked = checked_question(query, runtime.settings)
    listed = [await _values(runtime, principal, name, asked) for name in datasources or ()]
    return json({"datasources": listed})


async def _fields(runtime: Runtime, principal: Principal, name: str) -> dict[str, Any]:
    where = Filters(datasources=frozenset({name}))
    sample = await suggestions.lately_changed(runtime, principal, where, SAMPLE)
    return {"datasource": name, "filters": fields_json(sample)}


async def _values(runtime: Runtime, principal: Principal, name: str, query: str) -> dict[str, Any]:
    """The fields, with the values that documents found for the query have."""
    where = Filters(datasources=frozenset({name}))
    found = await find(runtime, principal, Search(query, where=where))
    return {"datasource": name, "filters": values_json([each.document for each in found.documents])}
