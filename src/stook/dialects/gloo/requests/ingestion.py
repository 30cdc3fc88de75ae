"""The bodies that Gloo's ingestion takes."""

from __future__ import annotations

from typing import Annotated

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from stook.dialects import bounds
from stook.dialects.bounds import Address, Name, Open

Names = Annotated[list[Name], bounds.FEW]


class ItemFields(Open):
    """What is said of an item; what is left out stays as it is.

    Other fields of one text, number, boolean or list of texts are kept with it, too.
    """

    model_config = ConfigDict(extra="allow")

    publisher_id: Name = Field(
        validation_alias=AliasChoices("publisher_id", "publisherId"),
        description="The publisher, which the client must be allowed to push into.",
    )
    producer_id: Annotated[Name, Field(min_length=1)] | None = Field(
        None, description="The publisher's own id of the item."
    )
    item_title: Name | None = None
    item_url: Annotated[Address, Field(max_length=2000)] | None = None
    author: Names | None = None
    publication_date: Name | None = Field(None, description="A day: 2026-11-20.")
    type: Annotated[Name, Field(max_length=200)] | None = Field(
        None, description="What it is: Article, Podcast …"
    )
    item_tags: Names | None = None


class ItemUpdate(ItemFields):
    """What is said of an item that was taken in; ``item_id`` or ``producer_id`` names it."""

    item_id: Annotated[Name, Field(min_length=1)] | None = None


class RealTimeUpload(ItemFields):
    """An item with its text."""

    content: Annotated[bounds.Content, Field(min_length=1)]
    filename: Name | None = None


class FilesForm(BaseModel):
    """One or more files, each in a part called ``files``."""

    publisher_id: Name
    files: Annotated[list[bytes], bounds.FEW] = Field(
        json_schema_extra={"items": {"type": "string", "format": "binary"}}
    )
