"""Datasources and documents: listed, looked into, explained, removed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from stook.application.administration import documents as service
from stook.application.administration.documents import Inspected, Reader
from stook.dialects.access import Opened
from stook.dialects.bounds import Name
from stook.dialects.stook.administration.access import Administrator
from stook.dialects.stook.administration.lists import (
    PAGE,
    After,
    Cursor,
    Descending,
    Email,
    Words,
    cursor_of,
    place_of,
)
from stook.dialects.stook.administration.responses import (
    DatasourceList,
    DocumentDetails,
    DocumentList,
    DocumentPassages,
    DocumentViewers,
    RemovedDatasource,
)
from stook.dialects.stook.errors import problems
from stook.dialects.stook.rendering import document_json, json, moment
from stook.errors import NotFound
from stook.identity.audit import actor_of
from stook.identity.permissions import ORGANISATION, Permissions, Subject
from stook.knowledge.store.inventory import Holding, Listed, Sort, State, Wanted
from stook.storage.text import is_storable

router = APIRouter(tags=["Stook"])
PEOPLE_AT_ONCE, PASSAGES_AT_ONCE = 20, 20
NO_SUCH_DOCUMENT, NO_SUCH_DATASOURCE = "There is no such document.", "There is no such datasource."
DocumentId = Annotated[Name, Path(description="The document's id.")]
Datasource = Annotated[Name, Query(description="Only of this datasource.")]
Only = Annotated[State, Query(description="Only those in this state.")]
By = Annotated[Sort, Query(description="What the list is sorted by.")]
DATED = (Sort.CHANGED, Sort.STORED)


@router.get(
    "/datasources",
    summary="Datasources, and how much is in each: in all, or what a person sees of it",
    responses={200: {"model": DatasourceList}, **problems(404)},
)
async def list_datasources(
    runtime: Opened, principal: Administrator, person: Email = ""
) -> Response:
    found = await runtime.database.read(service.holdings, person)
    return json({"datasources": list(map(_holding_json, found))})


def _holding_json(holding: Holding) -> dict[str, Any]:
    return {
        "name": holding.name,
        "display_name": holding.display_name,
        "documents": holding.documents,
        "pending": holding.pending,
        "stored_at": None if holding.stored_at is None else moment(holding.stored_at),
        "created_at": moment(holding.created_at),
    }


@router.delete(
    "/datasources/{name}",
    summary="Remove a datasource with its documents, people and groups",
    responses={200: {"model": RemovedDatasource}, **problems(400, 404)},
)
async def remove_datasource(
    runtime: Opened,
    principal: Administrator,
    name: Annotated[Name, Path(description="The datasource's name.")],
) -> Response:
    if not is_storable(name):
        raise NotFound(NO_SUCH_DATASOURCE)
    removed = await service.remove_datasource(runtime, actor_of(principal), name)
    return json({"documents": removed.documents, "complete": removed.complete})


@router.get(
    "/documents",
    summary="Documents, found, sorted and in pages: all, or those that a person sees",
    responses={200: {"model": DocumentList}, **problems(404)},
)
async def list_documents(
    runtime: Opened,
    principal: Administrator,
    query: Words = "",
    datasource: Datasource = "",
    state: Only = State.ANY,
    person: Email = "",
    sort: By = Sort.TITLE,
    descending: Descending = False,
    cursor: Cursor = None,
) -> Response:
    after = place_of(cursor, int if sort in DATED else str)
    wanted = Wanted(query, datasource, state)
    page, total = await runtime.database.read(
        service.find, person, wanted, sort, descending, after, PAGE
    )
    return json(
        {
            "documents": list(map(_listed_json, page.items)),
            "total": total,
            "next_cursor": cursor_of(page.next),
        }
    )


def _listed_json(listed: Listed) -> dict[str, Any]:
    return {
        "id": listed.id,
        "datasource": listed.datasource,
        "title": listed.title,
        "url": listed.url,
        "mime_type": listed.mime_type,
        "author": listed.author,
        "changed_at": moment(listed.changed_at),
        "stored_at": moment(listed.stored_at),
        "searchable": listed.is_searchable,
        "pending": listed.is_pending,
    }


@router.get(
    "/documents/{document_id}",
    summary="All that is known of a document, but for its text",
    responses={200: {"model": DocumentDetails}, **problems(404)},
)
async def inspect_document(
    runtime: Opened, principal: Administrator, document_id: DocumentId
) -> Response:
    found = await runtime.database.read(service.inspect, _storable(document_id))
    return json(_inspected_json(found))


def _inspected_json(found: Inspected) -> dict[str, Any]:
    details = found.details
    return {
        "document": document_json(found.document),
        "external_id": details.entry.external_id,
        "path": details.entry.path,
        "stored_at": moment(details.entry.stored_at),
        "version": details.version,
        "passages": details.passages,
        "searchable": details.is_searchable,
        "notes": list(found.reading.notes),
        "permissions": _permissions_json(details.permissions),
    }


def _permissions_json(permissions: Permissions) -> dict[str, Any]:
    return {
        "everyone": permissions.everyone,
        "realm_members": permissions.realm if permissions.realm_members else None,
        "users": [_subject_json(user) for user in sorted(permissions.users)],
        "clauses": [
            [_subject_json(group) for group in sorted(clause)]
            for clause in sorted(permissions.clauses, key=sorted)
        ],
    }


def _subject_json(subject: Subject) -> dict[str, str]:
    return {"realm": "" if subject.realm == ORGANISATION else subject.realm, "name": subject.name}


@router.get(
    "/documents/{document_id}/passages",
    summary="A document's passages, in their order",
    responses={200: {"model": DocumentPassages}, **problems(404)},
)
async def list_passages(
    runtime: Opened, principal: Administrator, document_id: DocumentId, after: After = -1
) -> Response:
    known, size = _storable(document_id), PASSAGES_AT_ONCE
    found = await runtime.database.read(service.passages, known, after, size + 1)
    passages = [
        {
            "ordinal": each.ordinal,
            "heading_path": list(each.heading_path),
            "place": each.place,
            "text": each.text,
        }
        for each in found[:size]
    ]
    more = found[size - 1].ordinal if len(found) > size else None
    return json({"passages": passages, "next": more})


@router.get(
    "/documents/{document_id}/viewers",
    summary="Who may see a document, and who not, and why",
    responses={200: {"model": DocumentViewers}, **problems(404)},
)
async def list_viewers(
    runtime: Opened,
    principal: Administrator,
    document_id: DocumentId,
    query: Words = "",
    cursor: Cursor = None,
) -> Response:
    known, after = _storable(document_id), place_of(cursor, str)
    page = await runtime.database.read(service.viewers, known, query, after, PEOPLE_AT_ONCE)
    return json(
        {"people": list(map(_viewer_json, page.items)), "next_cursor": cursor_of(page.next)}
    )


def _viewer_json(viewer: Reader) -> dict[str, Any]:
    return {
        "email": viewer.email,
        "name": viewer.name,
        "allowed": viewer.access.allowed,
        "reasons": list(viewer.access.reasons),
    }


@router.delete(
    "/documents/{document_id}",
    summary="Remove a document; from now on nobody sees it",
    responses={200: {"description": "Nothing."}, **problems(404)},
)
async def remove_document(
    runtime: Opened, principal: Administrator, document_id: DocumentId
) -> Response:
    await service.remove(runtime, actor_of(principal), _storable(document_id))
    return Response()


def _storable(document_id: str) -> str:
    if not is_storable(document_id):
        raise NotFound(NO_SUCH_DOCUMENT)
    return document_id
