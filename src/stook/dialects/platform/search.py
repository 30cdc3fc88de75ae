"""POST /api/search and GET /api/search/filters."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from stook.application.asking import checked_question, local_time
from stook.application.search import operators
from stook.application.search.narrowing import Named, Narrowing, check_number
from stook.application.search.operators import TypedQuery
from stook.dialects import cursors
from stook.dialects.access import Opened, caller
from stook.dialects.bodies import documented, json_body
from stook.dialects.bounds import Line, Name
from stook.dialects.platform.chat_rendering import rfc3339
from stook.dialects.platform.problems import WrongDatasource, WrongFilter, WrongParameter
from stook.dialects.platform.search_models import (
    Filter,
    PlatformSearchRequest,
    PlatformSearchResponse,
    SearchFiltersResponse,
    TimeRange,
)
from stook.dialects.platform.shapes import json, problems
from stook.identity.principals import Caller, Principal, Scope
from stook.knowledge.retrieval.facets import facets, owner, properties_of
from stook.knowledge.retrieval.finding import FoundDocument, Wanted, find_documents
from stook.knowledge.store import catalogue
from stook.knowledge.store.conditions import (
    LAST_UPDATED,
    Condition,
    Period,
    Relation,
    document_type,
)
from stook.knowledge.store.documents import Document, Filters
from stook.knowledge.text import analysis
from stook.knowledge.text.snippets import excerpt
from stook.runtime import Runtime
from stook.storage.text import is_storable

router = APIRouter(tags=["Glean Platform"])
log = structlog.get_logger(__name__)
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
COMMON = (("type", "STRING"), ("from", "USER"), ("author", "USER"), ("owner", "USER"))
EQUALITY = ("EQUALS", "NOT_EQUALS")
SNIPPETS, SNIPPET = 3, 300  # of one document; characters
VALUES = 50  # suggested for one field
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
    [searched] = await runtime.searcher.corrected([query], principal)
    typed = operators.parse(searched)
    await _check_datasources(runtime, principal, body.datasources or ())
    where = await _where(Narrowing(runtime.database, principal, local_time(None)), body, typed)
    wanted = Wanted(typed.text, where, tuple(typed.phrases), tuple(typed.without))
    found = await find_documents(runtime.searcher, runtime.database, principal, wanted)
    name = f"{principal.email} {body.model_dump_json(exclude={'cursor', 'page_size'})}"
    page = cursors.cut(found, _id, name, body.cursor, body.page_size)
    return json(
        {
            "results": await asyncio.to_thread(_results_json, page.items, typed),
            "has_more": page.cursor is not None,
            "next_cursor": page.cursor,
            "warnings": [] if searched == query else [_corrected(searched)],
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
    apps = await runtime.database.read(catalogue.apps, principal)
    for at, name in enumerate(names):
        if name not in apps:
            raise WrongDatasource(f"/datasources/{at}", f"There is no datasource {name!r}.")
    return apps


async def _where(narrowing: Narrowing, body: PlatformSearchRequest, typed: TypedQuery) -> Filters:
    check_number(len(typed.operators) + sum(len(each.values) for each in body.filters or ()))
    conditions = await narrowing.of_operators(typed.operators)
    for each in _checked(body.filters or ()):
        given = [Named(each.operator, value) for value in each.values]
        conditions += await narrowing.conditions(each.field, given)
    if body.time_range is not None:
        conditions.append(Condition(LAST_UPDATED, (_period(body.time_range),)))
    return Filters(
        datasources=frozenset(body.datasources or ()),
        any_of=(tuple(conditions),) if conditions else (),
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


def _results_json(found: Sequence[FoundDocument], typed: TypedQuery) -> list[dict[str, Any]]:
    terms = analysis.query_terms(typed.text)
    return [_result_json(each, terms) for each in found]


def _result_json(found: FoundDocument, terms: Sequence[str]) -> dict[str, Any]:
    document = found.document
    pieces = [excerpt(each.text, terms, SNIPPET).text for each in found.passages[:SNIPPETS]]
    return {
        "url": document.url,
        "title": document.title,
        "datasource": document.datasource,
        "snippets": [piece for piece in pieces if piece],
        "document_type": document_type(document.object_type, document.mime_type),
        "updated_at": _time(document.updated_at),
        "created_at": _time(document.created_at),
        **_people_json(document),
    }


def _people_json(document: Document) -> dict[str, Any]:
    people = {"creator": document.author, "owner": owner(document)}
    return {role: {"name": name} for role, name in people.items() if name}


def _time(microseconds: int | None) -> str | None:
    if microseconds is None:
        return None
    return rfc3339(datetime.fromtimestamp(microseconds / 1_000_000, UTC))


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
    apps = await _check_datasources(runtime, principal, datasources or ())
    if query is None:
        chosen = list(dict.fromkeys(datasources or apps))
        listed = [await _fields(runtime, principal, name) for name in chosen]
        return json({"datasources": listed})
    if len(datasources or ()) != 1:
        raise WrongParameter("/datasources", "With query, name exactly one datasource.")
    if not query.strip() or not is_storable(query):
        raise WrongParameter(
            "/query", "The query has no text; leave it out to list the fields only."
        )
    return json(
        {"datasources": [await _values(runtime, principal, (datasources or [""])[0], query)]}
    )


async def _fields(runtime: Runtime, principal: Principal, name: str) -> dict[str, Any]:
    where = Filters(datasources=frozenset({name}))
    sample = await runtime.database.read(catalogue.newest, principal, where, SAMPLE)
    return {"datasource": name, "filters": _fields_json(sample)}


async def _values(runtime: Runtime, principal: Principal, name: str, query: str) -> dict[str, Any]:
    """The fields, with the values that documents found for the query have."""
    [searched] = await runtime.searcher.corrected(
        [checked_question(query, runtime.settings)], principal
    )
    typed = operators.parse(searched)
    wanted = Wanted(typed.text, Filters(datasources=frozenset({name})), tuple(typed.phrases))
    found = await find_documents(runtime.searcher, runtime.database, principal, wanted)
    documents = [each.document for each in found]
    counted = {facet.field: facet for facet in facets(documents, _names(documents), VALUES)}
    listed = _fields_json(documents)
    for field in listed:
        buckets = counted[field["field"]].buckets if field["field"] in counted else ()
        field["values"] = [bucket.value for bucket in buckets]
    return {"datasource": name, "filters": listed}


def _names(documents: Sequence[Document]) -> list[str]:
    return [*(name for name, _ in COMMON), *properties_of(documents)]


def _fields_json(documents: Sequence[Document]) -> list[dict[str, Any]]:
    common = [{"field": name, "type": kind, "operators": list(EQUALITY)} for name, kind in COMMON]
    known = {name for name, _ in COMMON}
    own = [
        {"field": name, "type": "STRING", "operators": [each.value for each in Relation]}
        for name in properties_of(documents)
        if name not in known
    ]
    return [*common, *own]


REQUESTS = (PlatformSearchRequest,)
