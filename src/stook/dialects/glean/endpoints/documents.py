"""Documents by name, by facets, and who may see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends
from starlette.responses import Response

from stook.application import documents
from stook.application.documents import Document, properties
from stook.application.search.finding import Filters, narrowed
from stook.application.search.narrowing import InvalidValue
from stook.dialects.access import Opened, caller
from stook.dialects.bodies import documented, json_body
from stook.dialects.cursors import InvalidCursor
from stook.dialects.glean.endpoints.shared import Language
from stook.dialects.glean.errors import data_error, errors
from stook.dialects.glean.rendering.person import document_with_people
from stook.dialects.glean.rendering.wire import json
from stook.dialects.glean.requests.documents import (
    GetDocPermissionsRequest,
    GetDocumentsByFacetsRequest,
    GetDocumentsRequest,
)
from stook.dialects.glean.requests.filters import alternatives
from stook.dialects.glean.responses.documents import (
    GetDocPermissionsResponse,
    GetDocumentsByFacetsResponse,
    GetDocumentsResponse,
)
from stook.errors import Forbidden, InvalidRequest, NotFound
from stook.identity.principals import Caller, Principal, Scope
from stook.runtime import Runtime
from stook.understanding import locales

router = APIRouter(tags=["Glean"])
DocumentCaller = Annotated[Caller, Depends(caller(Scope.DOCUMENTS))]
PermissionCaller = Annotated[Caller, Depends(caller(Scope.DOCPERMISSIONS))]
CONTENT, CUSTOM_METADATA = "DOCUMENT_CONTENT", "CUSTOM_METADATA"
INCLUDABLE = {CONTENT, CUSTOM_METADATA, "LAST_VIEWED_AT", "VISITORS_COUNT", "RECENT_SHARES"}
PAGE = 100
EVERYBODY = "VISIBLE_TO_ALL"
NONE_VISIBLE = "There are no such documents, or you may see none of them."


@router.post(
    "/getdocuments",
    summary="Read documents by their ids or addresses",
    responses={200: {"model": GetDocumentsResponse}, **errors("DOCUMENTS")},
    openapi_extra=documented(GetDocumentsRequest),
)
async def get_documents(
    runtime: Opened,
    principal: DocumentCaller,
    body: Annotated[GetDocumentsRequest, Depends(json_body(GetDocumentsRequest))],
    locale: Language,
) -> Response:
    unknown = set(body.include_fields) - INCLUDABLE
    if unknown:
        raise InvalidRequest(f"includeFields: {min(unknown)!r} is none of {sorted(INCLUDABLE)}.")
    names = [spec.name for spec in body.document_specs]
    found = await documents.named(runtime, principal, names)
    texts = await _texts(runtime, principal, found, body.include_fields)
    answer = {
        name: _document_json(found[name], texts, body.include_fields)
        if name in found
        else {"error": locales.no_document(locale)}
        for name in names
    }
    return json({"documents": answer})


async def _texts(
    runtime: Runtime, principal: Principal, found: dict[str, Document], fields: Sequence[str]
) -> dict[str, str]:
    if CONTENT not in fields:
        return {}
    ids = [document.id for document in found.values()]
    return await documents.texts(runtime, principal, ids)


def _document_json(
    document: Document, texts: dict[str, str], fields: Sequence[str]
) -> dict[str, Any]:
    found = document_with_people(document)
    if document.id in texts:
        found["content"] = {"fullTextList": [texts[document.id]]}
    if CUSTOM_METADATA in fields:
        found["metadata"]["customData"] = {
            name: _custom_value(value) for name, value in properties(document).items()
        }
    return found


def _custom_value(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"booleanValue": value}
    if isinstance(value, int | float):
        return {"numberValue": value}
    if isinstance(value, list):
        return {"stringListValue": [str(item) for item in value]}
    return {"stringValue": value if isinstance(value, str) else orjson.dumps(value).decode()}


@router.post(
    "/getdocumentsbyfacets",
    summary="All documents that fit some filters, a page at a time",
    responses={200: {"model": GetDocumentsByFacetsResponse}, **errors("DOCUMENTS")},
    openapi_extra=documented(GetDocumentsByFacetsRequest),
)
async def get_documents_by_facets(
    runtime: Opened,
    principal: DocumentCaller,
    body: Annotated[GetDocumentsByFacetsRequest, Depends(json_body(GetDocumentsByFacetsRequest))],
    locale: Language,
) -> Response:
    after = body.cursor or ""
    if after and not (after.isascii() and after.isprintable()):
        raise InvalidCursor
    try:
        wanted = alternatives(each.filters for each in body.filter_sets)
        conditions = await narrowed(runtime, principal, wanted)
    except InvalidValue as error:
        return json(data_error(error, locale), 422)
    where = Filters(datasources=frozenset(body.datasources_filter), any_of=conditions)
    found = await documents.in_order(runtime, principal, where, after, PAGE + 1)
    shown = found[:PAGE]
    more = len(found) > PAGE
    return json(
        {
            "documents": [document_with_people(document) for document in shown],
            "hasMoreResults": more,
            "cursor": shown[-1].id if more else "",
        }
    )


@router.post(
    "/getdocpermissions",
    summary="Who may see a document",
    responses={200: {"model": GetDocPermissionsResponse}, **errors("DOCPERMISSIONS")},
    openapi_extra=documented(GetDocPermissionsRequest),
)
async def get_doc_permissions(
    runtime: Opened,
    principal: PermissionCaller,
    body: Annotated[GetDocPermissionsRequest, Depends(json_body(GetDocPermissionsRequest))],
) -> Response:
    try:
        allowed = await documents.readers_of(runtime, principal, body.document_id)
    except NotFound as error:
        raise Forbidden(NONE_VISIBLE) from error
    return json({"allowedUserEmails": [EVERYBODY] if allowed is None else allowed})
