"""The bodies that Gloo's search and recommendations take."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from stook.dialects import bounds
from stook.dialects.bounds import Name, Text

Share = Annotated[float, Field(ge=0, le=1)]
Query = Annotated[Text, Field(min_length=1)]
CERTAINTY = 0.75


class Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class GlooSearchRequest(Lenient):
    query: Query
    collection: Name = Field(description="Told again with each result; chooses nothing.")
    tenant: Name = Field(description="The publisher to search in.")
    certainty: Share = Field(CERTAINTY, description="Passages less near to the query are left out.")
    limit: Annotated[int, Field(ge=1, le=100)] = 10


class AffiliatesRequest(Lenient):
    """All publishers; see ItemsRequest."""

    query: Query
    item_count: Annotated[int, Field(ge=1, le=50)] = 10
    certainty_threshold: Share = CERTAINTY
    publishers: Annotated[list[Name], bounds.FEW] | None = None
    max_snippet_count_overall: Annotated[int, Field(ge=1, le=1000)] | None = None
    min_snippet_count_per_item: Annotated[int, Field(ge=1, le=bounds.MOST_NUMBER)] = 1
    media_types: Annotated[list[Name], bounds.FEW] | None = None


class ItemsRequest(AffiliatesRequest):
    """Items with passages that are near to a query; those with most of them first."""

    collection: Name
    tenant: Name
