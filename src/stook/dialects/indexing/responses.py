"""The bodies that the Indexing API answers with."""

from __future__ import annotations

from pydantic import Field

from stook.dialects.indexing.requests.bodies import (
    DatasourceGroupDefinition,
    DocumentPermissionsDefinition,
)
from stook.dialects.indexing.requests.fields import Wire


class Success(Wire):
    """It was done."""

    success: bool


class Access(Wire):
    has_access: bool


class DocumentCount(Wire):
    document_count: int


class UserCount(Wire):
    user_count: int


class DocumentStatus(Wire):
    """Times are seconds since the epoch."""

    upload_status: str = Field(description="UPLOADED or NOT_UPLOADED.")
    last_uploaded_at: int | None = None
    indexing_status: str = Field(description="INDEXED or NOT_INDEXED.")
    last_indexed_at: int | None = None


class RotatedToken(Wire):
    """``createdAt`` is seconds since the epoch."""

    raw_secret: str
    created_at: int
    rotation_period_minutes: int | None = None


class DebugStatus(Wire):
    """Times are ISO 8601."""

    upload_status: str
    last_uploaded_at: str | None = None
    indexing_status: str
    last_indexed_at: str | None = None
    permission_identity_status: str


class DebugDocumentAnswer(Wire):
    status: DebugStatus
    uploaded_permissions: DocumentPermissionsDefinition | None = None


class DebugDocumentItem(Wire):
    doc_id: str
    object_type: str
    debug_info: DebugDocumentAnswer


class DebugDocumentsAnswer(Wire):
    document_statuses: list[DebugDocumentItem]


class UserStatus(Wire):
    is_active_user: bool
    upload_status: str
    last_uploaded_at: str | None = None


class DebugUserAnswer(Wire):
    status: UserStatus
    uploaded_groups: list[DatasourceGroupDefinition]


class LifeCycleEvent(Wire):
    event: str
    timestamp: str


class DebugEventsAnswer(Wire):
    life_cycle_events: list[LifeCycleEvent]


class BulkUpload(Wire):
    """``endTime`` is NA while the upload goes on."""

    upload_id: str
    start_time: str
    end_time: str
    status: str
    processing_state: str


class TypeCount(Wire):
    object_type: str
    count: int


class DocumentCounts(Wire):
    uploaded: list[TypeCount]
    indexed: list[TypeCount]


class Processing(Wire):
    start_time: str
    end_time: str


class DocumentsStatus(Wire):
    bulk_upload_history: list[BulkUpload]
    counts: DocumentCounts
    processing_history: list[Processing]


class IdentityCounts(Wire):
    uploaded: int


class IdentityStatus(Wire):
    bulk_upload_history: list[BulkUpload]
    counts: IdentityCounts


class Identities(Wire):
    processing_history: list[Processing]
    users: IdentityStatus
    groups: IdentityStatus
    memberships: IdentityStatus


class DatasourceStatus(Wire):
    documents: DocumentsStatus
    identity: Identities
    datasource_visibility: str
