"""The JSON of Gloo's ingestion."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, StrictStr

ShortText = Annotated[StrictStr, Field(max_length=1000)]
Names = Annotated[list[ShortText], Field(max_length=100)]


class ItemFields(BaseModel):
    """What is said of an item; what is left out stays as it is.

    Other fields of one text, number, boolean or list of texts are kept with it, too.
    """

    model_config = ConfigDict(extra="allow")

    publisher_id: StrictStr = Field(
        validation_alias=AliasChoices("publisher_id", "publisherId"),
        description="The publisher, which the client must be allowed to push into.",
    )
    producer_id: Annotated[StrictStr, Field(min_length=1, max_length=1000)] | None = Field(
        None, description="The publisher's own id of the item."
    )
    item_title: ShortText | None = None
    item_url: Annotated[StrictStr, Field(max_length=2000)] | None = None
    author: Names | None = None
    publication_date: StrictStr | None = Field(None, description="A day: 2026-11-20.")
    type: Annotated[StrictStr, Field(max_length=200)] | None = Field(
        None, description="What it is: Article, Podcast …"
    )
    item_tags: Names | None = None


class ItemUpdate(ItemFields):
    """What is said of an item that was taken in; ``item_id`` or ``producer_id`` names it."""

    item_id: Annotated[StrictStr, Field(min_length=1, max_length=1000)] | None = None


class RealTimeUpload(ItemFields):
    """An item with its text."""

    content: Annotated[StrictStr, Field(min_length=1)]
    filename: ShortText | None = None


class FilesForm(BaseModel):
    """One or more files, each in a part called ``files``."""

    publisher_id: str
    files: list[bytes] = Field(json_schema_extra={"items": {"type": "string", "format": "binary"}})


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


REQUESTS: tuple[type[BaseModel], ...] = (ItemUpdate, RealTimeUpload, FilesForm)
