"""How a datasource, its documents and its users stand."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Path
from starlette.responses import Response

from stook.dialects.access import Opened
from stook.dialects.bodies import json_body
from stook.dialects.bounds import Name
from stook.dialects.indexing import answers, models
from stook.dialects.indexing.documents import PROCESS
from stook.dialects.indexing.wire import Caller, described, grants_json, iso, json
from stook.identity import groups, realms
from stook.identity.users import normalise_email
from stook.knowledge.intake import datasources, documents, events, uploads
from stook.knowledge.intake import upload_types as kinds
from stook.knowledge.intake import version_marks as marks
from stook.knowledge.intake.definitions import Datasource, external_id
from stook.knowledge.intake.documents import Status
from stook.knowledge.intake.uploads import Upload
from stook.knowledge.store.documents import document_id
from stook.storage import clock

router = APIRouter(prefix="/debug/{datasource}")
DatasourceName = Annotated[Name, Path(description="The datasource's name.")]
EVENTS_SECONDS = 60  # between two calls for the events of a datasource's documents
WEEK = 7 * 86_400_000_000  # microseconds
Json = dict[str, Any]


@router.post("/status", **described("How a datasource stands", None, answers.DatasourceStatus))
async def datasource_status(
    runtime: Opened, caller: Caller, datasource: DatasourceName
) -> Response:
    caller.check(datasource)
    return json(await runtime.database.read(_datasource_json, datasource))


@router.post(
    "/document",
    **described("How a document stands", models.DebugDocument, answers.DebugDocumentAnswer),
)
async def debug_document(
    runtime: Opened,
    caller: Caller,
    datasource: DatasourceName,
    body: Annotated[models.DebugDocument, Depends(json_body(models.DebugDocument))],
) -> Response:
    caller.check(datasource)
    return json((await runtime.database.read(_documents_json, datasource, [body]))[0])


@router.post(
    "/documents",
    **described("How documents stand", models.DebugDocuments, answers.DebugDocumentsAnswer),
)
async def debug_documents(
    runtime: Opened,
    caller: Caller,
    datasource: DatasourceName,
    body: Annotated[models.DebugDocuments, Depends(json_body(models.DebugDocuments))],
) -> Response:
    caller.check(datasource)
    asked = body.debug_documents
    found = await runtime.database.read(_documents_json, datasource, asked)
    items = [
        {"docId": each.doc_id, "objectType": each.object_type, "debugInfo": info}
        for each, info in zip(asked, found, strict=True)
    ]
    return json({"documentStatuses": items})


@router.post("/user", **described("How a user stands", models.DebugUser, answers.DebugUserAnswer))
async def debug_user(
    runtime: Opened,
    caller: Caller,
    datasource: DatasourceName,
    body: Annotated[models.DebugUser, Depends(json_body(models.DebugUser))],
) -> Response:
    caller.check(datasource)
    return json(await runtime.database.read(_user_json, datasource, body.email))


@router.post(
    "/document/events",
    **described("What happened to a document", models.DebugEvents, answers.DebugEventsAnswer),
)
async def debug_events(
    runtime: Opened,
    caller: Caller,
    datasource: DatasourceName,
    body: Annotated[models.DebugEvents, Depends(json_body(models.DebugEvents))],
) -> Response:
    caller.check(datasource)
    await runtime.database.read(datasources.get, datasource)
    write = runtime.database.write
    await write(marks.check_pace, datasource, "document events", EVENTS_SECONDS)
    since = body.start_date if body.start_date is not None else clock.now() - WEEK
    document = document_id(datasource, external_id(body.object_type, body.doc_id))
    happened = await runtime.database.read(events.of, document, since, body.max_events)
    found = [{"event": each.event, "timestamp": iso(each.at)} for each in happened]
    return json({"lifeCycleEvents": found})


def _documents_json(
    connection: sa.Connection, name: str, asked: list[models.DebugDocument]
) -> list[Json]:
    datasource = datasources.get(connection, name)
    return [
        _document_json(datasource, _status(connection, datasource, document)) for document in asked
    ]


def _status(
    connection: sa.Connection, datasource: Datasource, asked: models.DebugDocument
) -> Status:
    found = documents.find(connection, datasource.name, asked.object_type, asked.doc_id)
    return documents.status(connection, datasource, found)


def _document_json(datasource: Datasource, found: Status) -> Json:
    known = "UPLOADED" if found.names_known else "NOT_UPLOADED"
    status = {
        "uploadStatus": "UPLOADED" if found.uploaded_at else "NOT_UPLOADED",
        "indexingStatus": "INDEXED" if found.is_indexed else "NOT_INDEXED",
        "permissionIdentityStatus": known
        if found.grants and datasource.realm == datasource.name
        else "STATUS_UNKNOWN",
    }
    if found.uploaded_at is not None:
        status["lastUploadedAt"] = iso(found.uploaded_at)
    if found.indexed_at is not None:
        status["lastIndexedAt"] = iso(found.indexed_at)
    permissions = {"uploadedPermissions": grants_json(found.grants)} if found.grants else {}
    return {"status": status, **permissions}


def _user_json(connection: sa.Connection, datasource: str, email: str) -> Json:
    datasources.get(connection, datasource)
    accounts = realms.of_email(connection, datasource, email)
    refs = {account.user_ref for account in accounts} | {normalise_email(email)}
    status = {
        "isActiveUser": any(account.active for account in accounts),
        "uploadStatus": "UPLOADED" if accounts else "NOT_UPLOADED",
    }
    held = groups.holding(connection, datasource, refs)
    return {"status": status, "uploadedGroups": [{"name": name} for name in held]}


def _datasource_json(connection: sa.Connection, name: str) -> Json:
    datasource = datasources.get(connection, name)
    return {
        "documents": _documents_status(connection, name),
        "identity": _identity_status(connection, name),
        "datasourceVisibility": _visibility(connection, datasource),
    }


def _documents_status(connection: sa.Connection, name: str) -> Json:
    counted = documents.counts(connection, name)
    done = not documents.pending(connection, name)
    return {
        "bulkUploadHistory": _history(connection, kinds.DOCUMENTS.name, name, done),
        "counts": {
            "uploaded": [{"objectType": kind, "count": n} for kind, n in counted.uploaded],
            "indexed": [{"objectType": kind, "count": n} for kind, n in counted.indexed],
        },
        "processingHistory": _processing(connection, name),
    }


def _identity_status(connection: sa.Connection, name: str) -> Json:
    counted = {
        kinds.USERS.name: len(realms.list_all(connection, name)),
        kinds.GROUPS.name: len(groups.names(connection, name)),
        kinds.MEMBERSHIPS.name: groups.count_members(connection, name),
    }
    parts = {
        kind: {
            "bulkUploadHistory": _history(connection, kind, name, True),
            "counts": {"uploaded": count},
        }
        for kind, count in counted.items()
    }
    return {"processingHistory": [], **parts}


def _processing(connection: sa.Connection, name: str) -> list[Json]:
    at = marks.get(connection, name, PROCESS, "")
    return [{"startTime": iso(at), "endTime": iso(at)}] if at else []


def _history(connection: sa.Connection, kind: str, name: str, done: bool) -> list[Json]:
    return [
        {
            "uploadId": upload.upload_id,
            "startTime": iso(upload.started_at),
            "endTime": iso(upload.finished_at) if upload.finished_at else "NA",
            "status": "SUCCESSFUL" if upload.finished_at else "ACTIVE",
            "processingState": _state(upload, done),
        }
        for upload in uploads.recent(connection, kind, name)
    ]


def _state(upload: Upload, done: bool) -> str:
    if upload.finished_at is None:
        return "UPLOAD IN PROGRESS" if upload.pages > 1 else "UPLOAD STARTED"
    if upload.remove_at is not None:
        return "DELETION PAUSED"
    return "INDEXING COMPLETED" if done else "UPLOAD COMPLETED"


def _visibility(connection: sa.Connection, datasource: Datasource) -> str:
    if not datasource.is_test:
        return "ENABLED_FOR_ALL"
    seen = datasources.count_beta_users(connection, datasource.name)
    return "ENABLED_FOR_TEST_GROUP" if seen else "NOT_ENABLED"
