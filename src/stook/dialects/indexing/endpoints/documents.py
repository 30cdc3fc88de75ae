"""Documents and their rights, one by one, in batches and in bulk."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from stook.application.intake import documents
from stook.dialects.access import Opened
from stook.dialects.indexing import responses
from stook.dialects.indexing.endpoints.callers import (
    AnyDatasource,
    Caller,
    Digest,
    described,
    within,
)
from stook.dialects.indexing.rendering import json, status_json
from stook.dialects.indexing.requests import bodies, reading

router = APIRouter()


@router.post("/indexdocument", **described("Add or replace a document", bodies.OneDocument))
async def index_document(
    runtime: Opened,
    body: Annotated[
        bodies.OneDocument,
        Depends(within(bodies.OneDocument, lambda body: body.document.datasource)),
    ],
) -> Response:
    datasource = body.document.datasource
    pushed = reading.pushed(datasource, [body.document])
    await documents.index(runtime, datasource, pushed, body.version)
    return Response()


@router.post("/indexdocuments", **described("Add or replace documents", bodies.Documents))
async def index_documents(
    runtime: Opened,
    body: Annotated[bodies.Documents, Depends(within(bodies.Documents, bulk=True))],
) -> Response:
    pushed = reading.pushed(body.datasource, body.documents)
    await documents.index(runtime, body.datasource, pushed)
    return Response()


@router.post(
    "/bulkindexdocuments",
    **described("Replace all documents of a datasource, page by page", bodies.BulkDocuments),
)
async def bulk_index_documents(
    runtime: Opened,
    body: Annotated[bodies.BulkDocuments, Depends(within(bodies.BulkDocuments, bulk=True))],
    digest: Digest,
) -> Response:
    page = reading.page(body.datasource, body, digest)
    pushed = reading.pushed(body.datasource, body.documents)
    await documents.bulk_index(runtime, page, pushed)
    return Response()


@router.post(
    "/updatepermissions",
    **described(
        "Replace who may see a document",
        bodies.UpdatePermissions,
        missing="There is no such document.",
    ),
)
async def update_permissions(
    runtime: Opened,
    caller: Caller,
    body: Annotated[bodies.UpdatePermissions, Depends(within(bodies.UpdatePermissions))],
) -> Response:
    grants = body.permissions.grants()
    named = (body.datasource, body.object_type, body.id, body.view_url)
    await documents.set_grants(runtime, caller.actor, *named, grants)
    return Response()


@router.post("/deletedocument", **described("Delete a document", bodies.DeleteDocument))
async def delete_document(
    runtime: Opened,
    caller: Caller,
    body: Annotated[bodies.DeleteDocument, Depends(within(bodies.DeleteDocument))],
) -> Response:
    gone = (body.datasource, body.object_type, body.id, body.version)
    await documents.delete(runtime, caller.actor, *gone)
    return Response()


@router.post(
    "/processalldocuments",
    **described("Index what is behind now", bodies.MaybeDatasource),
)
async def process_all_documents(
    runtime: Opened,
    body: AnyDatasource,
) -> Response:
    await documents.process(runtime, body.datasource)
    return Response()


@router.post(
    "/checkdocumentaccess",
    **described("Whether somebody may see a document", bodies.DocumentAccess, responses.Access),
)
async def check_document_access(
    runtime: Opened,
    body: Annotated[bodies.DocumentAccess, Depends(within(bodies.DocumentAccess))],
) -> Response:
    allowed = await documents.may_see(
        runtime, body.datasource, body.object_type, body.doc_id, body.user_email
    )
    return json({"hasAccess": allowed})


@router.post(
    "/getdocumentcount",
    **described("How many documents there are", bodies.OfDatasource, responses.DocumentCount),
)
async def get_document_count(
    runtime: Opened,
    body: Annotated[bodies.OfDatasource, Depends(within(bodies.OfDatasource))],
) -> Response:
    return json({"documentCount": await documents.count(runtime, body.datasource)})


@router.post(
    "/getdocumentstatus",
    **described("How a document stands", bodies.OfDocument, responses.DocumentStatus),
)
async def get_document_status(
    runtime: Opened,
    body: Annotated[bodies.OfDocument, Depends(within(bodies.OfDocument))],
) -> Response:
    found = await documents.status(runtime, body.datasource, body.object_type, body.doc_id)
    return json(status_json(found))
