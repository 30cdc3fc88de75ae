"""How a datasource, its documents and its users stand."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from stook.application.intake import standing
from stook.dialects.access import Opened
from stook.dialects.bodies import json_body
from stook.dialects.indexing import responses
from stook.dialects.indexing.endpoints.callers import DatasourceName, described
from stook.dialects.indexing.rendering import datasource_json, document_json, iso, json, user_json
from stook.dialects.indexing.requests import bodies

router = APIRouter(prefix="/debug/{datasource}")


@router.post("/status", **described("How a datasource stands", None, responses.DatasourceStatus))
async def datasource_status(runtime: Opened, datasource: DatasourceName) -> Response:
    return json(datasource_json(await standing.of_datasource(runtime, datasource)))


@router.post(
    "/document",
    **described("How a document stands", bodies.DebugDocument, responses.DebugDocumentAnswer),
)
async def debug_document(
    runtime: Opened,
    datasource: DatasourceName,
    body: Annotated[bodies.DebugDocument, Depends(json_body(bodies.DebugDocument))],
) -> Response:
    [found] = await standing.of_documents(runtime, datasource, [_named(body)])
    return json(document_json(found))


@router.post(
    "/documents",
    **described("How documents stand", bodies.DebugDocuments, responses.DebugDocumentsAnswer),
)
async def debug_documents(
    runtime: Opened,
    datasource: DatasourceName,
    body: Annotated[bodies.DebugDocuments, Depends(json_body(bodies.DebugDocuments))],
) -> Response:
    asked = body.debug_documents
    found = await standing.of_documents(runtime, datasource, [_named(each) for each in asked])
    items = [
        {
            "docId": each.doc_id,
            "objectType": each.object_type,
            "debugInfo": document_json(info),
        }
        for each, info in zip(asked, found, strict=True)
    ]
    return json({"documentStatuses": items})


@router.post("/user", **described("How a user stands", bodies.DebugUser, responses.DebugUserAnswer))
async def debug_user(
    runtime: Opened,
    datasource: DatasourceName,
    body: Annotated[bodies.DebugUser, Depends(json_body(bodies.DebugUser))],
) -> Response:
    return json(user_json(await standing.of_user(runtime, datasource, body.email)))


@router.post(
    "/document/events",
    **described("What happened to a document", bodies.DebugEvents, responses.DebugEventsAnswer),
)
async def debug_events(
    runtime: Opened,
    datasource: DatasourceName,
    body: Annotated[bodies.DebugEvents, Depends(json_body(bodies.DebugEvents))],
) -> Response:
    happened = await standing.events_of(
        runtime, datasource, _named(body), body.start_date, body.max_events
    )
    found = [{"event": each.event, "timestamp": iso(each.at)} for each in happened]
    return json({"lifeCycleEvents": found})


def _named(asked: bodies.DebugDocument) -> standing.Named:
    return asked.object_type, asked.doc_id
