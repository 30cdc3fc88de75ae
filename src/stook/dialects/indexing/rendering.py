"""What the Indexing API writes: grants, times, and how things stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.responses import Response

from stook.application.intake.definitions import Grants, PersonRef, Status, Upload
from stook.application.intake.standing import (
    DatasourceStanding,
    DocumentStanding,
    IdentityStanding,
    UserStanding,
)

JSON = "application/json; charset=UTF-8"  # older clients compare it letter by letter
MICROS = 1_000_000
Json = dict[str, Any]


def json(body: object) -> Response:
    return Response(orjson.dumps(body), media_type=JSON)


def iso(micros: int) -> str:
    """A time as the debug calls write it: 2026-11-20T10:00:00.000Z."""
    moment = datetime.fromtimestamp(micros / MICROS, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def grants_json(grants: Grants) -> Json:
    """Grants as DocumentPermissionsDefinition."""
    return {
        "allowedUsers": [_person_json(user) for user in grants.users],
        "allowedGroups": list(grants.groups),
        "allowedGroupIntersections": [
            {"requiredGroups": list(groups)} for groups in grants.intersections
        ],
        "allowAnonymousAccess": grants.everyone,
        "allowAllDatasourceUsersAccess": grants.datasource_users,
    }


def _person_json(person: PersonRef) -> dict[str, str]:
    named = {"email": person.email, "datasourceUserId": person.user_id, "name": person.name}
    return {key: value for key, value in named.items() if value}


def status_json(found: Status) -> Json:
    """DocumentStatus; times are whole seconds."""
    answer: Json = _states(found)
    if found.uploaded_at is not None:
        answer["lastUploadedAt"] = found.uploaded_at // MICROS
    if found.indexed_at is not None:
        answer["lastIndexedAt"] = found.indexed_at // MICROS
    return answer


def document_json(found: DocumentStanding) -> Json:
    """DebugDocumentAnswer; times are ISO 8601."""
    status, grants = found.status, found.status.grants
    known = "UPLOADED" if status.names_known else "NOT_UPLOADED"
    answer = {
        **_states(status),
        "permissionIdentityStatus": known if grants and found.has_own_people else "STATUS_UNKNOWN",
    }
    if status.uploaded_at is not None:
        answer["lastUploadedAt"] = iso(status.uploaded_at)
    if status.indexed_at is not None:
        answer["lastIndexedAt"] = iso(status.indexed_at)
    permissions = {"uploadedPermissions": grants_json(grants)} if grants else {}
    return {"status": answer, **permissions}


def _states(found: Status) -> Json:
    return {
        "uploadStatus": "UPLOADED" if found.uploaded_at else "NOT_UPLOADED",
        "indexingStatus": "INDEXED" if found.is_indexed else "NOT_INDEXED",
    }


def user_json(found: UserStanding) -> Json:
    """DebugUserAnswer."""
    status = {
        "isActiveUser": found.active,
        "uploadStatus": "UPLOADED" if found.known else "NOT_UPLOADED",
    }
    return {"status": status, "uploadedGroups": [{"name": name} for name in found.groups]}


def datasource_json(found: DatasourceStanding) -> Json:
    """DatasourceStatus."""
    at = found.processed_at
    documents = {
        "bulkUploadHistory": _history(found.uploads, found.all_indexed),
        "counts": {
            "uploaded": [{"objectType": kind, "count": n} for kind, n in found.counts.uploaded],
            "indexed": [{"objectType": kind, "count": n} for kind, n in found.counts.indexed],
        },
        "processingHistory": [{"startTime": iso(at), "endTime": iso(at)}] if at else [],
    }
    identity = {
        "processingHistory": [],
        "users": _identity_json(found.users),
        "groups": _identity_json(found.groups),
        "memberships": _identity_json(found.memberships),
    }
    visibility = "ENABLED_FOR_ALL"
    if found.datasource.is_test:
        visibility = "ENABLED_FOR_TEST_GROUP" if found.beta_users else "NOT_ENABLED"
    return {"documents": documents, "identity": identity, "datasourceVisibility": visibility}


def _identity_json(found: IdentityStanding) -> Json:
    return {
        "bulkUploadHistory": _history(found.uploads, True),
        "counts": {"uploaded": found.count},
    }


def _history(uploads: Sequence[Upload], done: bool) -> list[Json]:
    return [
        {
            "uploadId": upload.upload_id,
            "startTime": iso(upload.started_at),
            "endTime": iso(upload.finished_at) if upload.finished_at else "NA",
            "status": "SUCCESSFUL" if upload.finished_at else "ACTIVE",
            "processingState": _state(upload, done),
        }
        for upload in uploads
    ]


def _state(upload: Upload, done: bool) -> str:
    if upload.finished_at is None:
        return "UPLOAD IN PROGRESS" if upload.pages > 1 else "UPLOAD STARTED"
    if upload.remove_at is not None:
        return "DELETION PAUSED"
    return "INDEXING COMPLETED" if done else "UPLOAD COMPLETED"
