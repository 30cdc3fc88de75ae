"""Documents and their rights, one by one, in batches and in bulk."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from stook.dialects.access import Opened
from stook.dialects.bodies import json_body
from stook.dialects.indexing import answers, models, reading
from stook.dialects.indexing.wire import (
    MICROS,
    AnyDatasource,
    BulkCaller,
    Caller,
    Digest,
    described,
    json,
)
from stook.errors import InvalidRequest, NotFound
from stook.knowledge.intake import datasources, documents
from stook.knowledge.intake import upload_types as kinds
from stook.knowledge.intake import version_marks as marks
from stook.runtime import Runtime

router = APIRouter()
PROCESS_SECONDS = 3 * 3600  # between two calls of processalldocuments for the same thing
PROCESS = "processalldocuments"


@router.post("/indexdocument", **described("Add or replace a document", models.OneDocument))
async def index_document(
    runtime: Opened,
    caller: Caller,
    body: Annotated[models.OneDocument, Depends(json_body(models.OneDocument))],
) -> Response:
    datasource = body.document.datasource
    caller.check(datasource)
    await runtime.pusher.index(reading.pushed(datasource, [body.document]), body.version)
    return Response()


@router.post("/indexdocuments", **described("Add or replace documents", models.Documents))
async def index_documents(
    runtime: Opened,
    caller: BulkCaller,
    body: Annotated[models.Documents, Depends(json_body(models.Documents))],
) -> Response:
    caller.check(body.datasource)
    await runtime.database.read(datasources.get, body.datasource)
    await runtime.pusher.index(reading.pushed(body.datasource, body.documents))
    return Response()


@router.post(
    "/bulkindexdocuments",
    **described("Replace all documents of a datasource, page by page", models.BulkDocuments),
)
async def bulk_index_documents(
    runtime: Opened,
    caller: BulkCaller,
    body: Annotated[models.BulkDocuments, Depends(json_body(models.BulkDocuments))],
    digest: Digest,
) -> Response:
    caller.check(body.datasource)
    page = reading.page(kinds.DOCUMENTS.name, body.datasource, body, digest)
    await runtime.pusher.bulk_index(page, reading.pushed(body.datasource, body.documents))
    return Response()


@router.post(
    "/updatepermissions",
    **described(
        "Replace who may see a document",
        models.UpdatePermissions,
        missing="There is no such document.",
    ),
)
async def update_permissions(
    runtime: Opened,
    caller: Caller,
    body: Annotated[models.UpdatePermissions, Depends(json_body(models.UpdatePermissions))],
) -> Response:
    caller.check(body.datasource)
    document = await _named(runtime, body)
    await runtime.pusher.set_grants(body.datasource, document, body.permissions.grants())
    return Response()


@router.post("/deletedocument", **described("Delete a document", models.DeleteDocument))
async def delete_document(
    runtime: Opened,
    caller: Caller,
    body: Annotated[models.DeleteDocument, Depends(json_body(models.DeleteDocument))],
) -> Response:
    caller.check(body.datasource)
    await runtime.pusher.delete(body.datasource, body.object_type, body.id, body.version)
    return Response()


@router.post(
    "/processalldocuments",
    **described("Index what is behind now", models.MaybeDatasource),
)
async def process_all_documents(
    runtime: Opened,
    caller: Caller,
    body: AnyDatasource,
) -> Response:
    if body.datasource:
        caller.check(body.datasource)
        await runtime.database.read(datasources.get, body.datasource)
    else:
        caller.check_unrestricted()
    write = runtime.database.write
    await write(marks.check_pace, body.datasource, PROCESS, PROCESS_SECONDS)
    await runtime.pusher.process(body.datasource)
    return Response()


@router.post(
    "/checkdocumentaccess",
    **described("Whether somebody may see a document", models.DocumentAccess, answers.Access),
)
async def check_document_access(
    runtime: Opened,
    caller: Caller,
    body: Annotated[models.DocumentAccess, Depends(json_body(models.DocumentAccess))],
) -> Response:
    document = await _found(runtime, caller, body)
    read = runtime.database.read
    allowed = document is not None and await read(documents.may_see, body.user_email, document)
    return json({"hasAccess": allowed})


@router.post(
    "/getdocumentcount",
    **described("How many documents there are", models.OfDatasource, answers.DocumentCount),
)
async def get_document_count(
    runtime: Opened,
    caller: Caller,
    body: Annotated[models.OfDatasource, Depends(json_body(models.OfDatasource))],
) -> Response:
    caller.check(body.datasource)
    await runtime.database.read(datasources.get, body.datasource)
    live = await runtime.database.read(documents.live, body.datasource)
    return json({"documentCount": len(live)})


@router.post(
    "/getdocumentstatus",
    **described("How a document stands", models.OfDocument, answers.DocumentStatus),
)
async def get_document_status(
    runtime: Opened,
    caller: Caller,
    body: Annotated[models.OfDocument, Depends(json_body(models.OfDocument))],
) -> Response:
    document = await _found(runtime, caller, body)
    datasource = await runtime.database.read(datasources.get, body.datasource)
    found = await runtime.database.read(documents.status, datasource, document)
    answer: dict[str, object] = {
        "uploadStatus": "UPLOADED" if found.uploaded_at else "NOT_UPLOADED",
        "indexingStatus": "INDEXED" if found.is_indexed else "NOT_INDEXED",
    }
    if found.uploaded_at is not None:
        answer["lastUploadedAt"] = found.uploaded_at // MICROS
    if found.indexed_at is not None:
        answer["lastIndexedAt"] = found.indexed_at // MICROS
    return json(answer)


async def _found(runtime: Runtime, caller: Caller, body: models.OfDocument) -> str | None:
    caller.check(body.datasource)
    await runtime.database.read(datasources.get, body.datasource)
    read = runtime.database.read
    return await read(documents.find, body.datasource, body.object_type, body.doc_id)


async def _named(runtime: Runtime, body: models.UpdatePermissions) -> str:
    """The document that rights are for; raises NotFound or InvalidRequest."""
    read = runtime.database.read
    await read(datasources.get, body.datasource)
    if body.id:
        found = await read(documents.find, body.datasource, body.object_type, body.id)
        if found is None:
            raise NotFound("There is no such document in the datasource.")
        return found
    if body.view_url:
        return await read(documents.find_by_url, body.datasource, body.view_url)
    raise InvalidRequest("Name the document by objectType and id, or by viewURL.")
