"""The bodies that Gloo's ingestion answers with."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, RootModel


class RefusedFile(BaseModel):
    """A file that was not taken in, and why."""

    filename: str
    reason: str


class IngestedFiles(BaseModel):
    """``ingesting`` and ``duplicates`` are ids of items; what is ingested is searchable soon."""

    success: bool
    message: str
    ingesting: list[str]
    duplicates: list[str]
    failed: list[RefusedFile]


class PublishedItem(BaseModel):
    """An item; ``status`` is COMPLETED once it is searchable, PROCESSING until then."""

    item_id: str
    status: str
    item_title: str
    filename: str


class PublishedItems(RootModel[list[PublishedItem]]):
    """The publisher's items, the newest first."""


class UpdatedItem(BaseModel):
    success: bool
    message: str


class RealTimeUploaded(BaseModel):
    """``task_id`` is the item's id."""

    success: bool
    message: str
    task_id: str | None
    batch_id: str | None
    processing_details: dict[str, Any]
