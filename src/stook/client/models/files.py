"""Files that a person uploads to ask about."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from stook.client.models.base import Items, Model, Open


class ChatFileStatus(StrEnum):
    """How far a file has been read."""

    PROCESSING = "PROCESSING"
    PROCESSED = "PROCESSED"
    PARTIALLY_PROCESSED = "PARTIALLY_PROCESSED"
    FAILED = "FAILED"
    DELETED = "DELETED"


class ChatFileMetadata(Model):
    """``upload_time`` in seconds since 1970 UTC, ``processed_size`` in bytes."""

    status: Open[ChatFileStatus] | None = None
    upload_time: int | None = None
    processed_size: int | None = None
    failure_reason: str | None = None
    mime_type: str | None = None


class ChatFile(Model):
    """An uploaded file; its ``id`` goes into ``uploaded_file_ids`` of a message."""

    id: str | None = None
    name: str | None = None
    url: str | None = None
    metadata: ChatFileMetadata | None = None


class UploadChatFilesResponse(Model):
    """The uploaded files, in the order of the upload."""

    files: Items[ChatFile] = ()


class GetChatFilesResponse(Model):
    """The files that were asked for and exist, by id."""

    files: dict[str, ChatFile] = Field(default_factory=dict)
