"""The JSON of Gloo's search and recommendations."""

from __future__ import annotations

from typing import Annotated, Any

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


class SearchMetadata(BaseModel):
    """``certainty`` is (1 + cosine) / 2, ``distance`` is 1 - cosine."""

    creation_time: None
    last_update_time: None
    distance: float
    certainty: float
    score: float
    explain_score: str
    is_consistent: None
    rerank_score: None


class SearchProperties(BaseModel):
    item_title: str
    item_url: str
    author: list[str]
    publisher: str
    publication_date: str | None
    snippet: str
    type: str
    item_id: str


class SearchHit(BaseModel):
    uuid: str
    metadata: SearchMetadata
    properties: SearchProperties
    references: None
    vector: dict[str, Any]
    collection: str


class GlooSearchResponse(BaseModel):
    """Passages, best first."""

    data: list[SearchHit]
    intent: int


class ItemPassage(BaseModel):
    """A passage of an item; ``snippet`` in the verbose form only."""

    uuid: str
    ai_title: str
    ai_subtitle: str
    item_summary: str
    time_start: None
    time_end: None
    part: int
    certainty: float
    snippet: str | None = None


class RecommendedItem(BaseModel):
    item_id: str
    item_title: str
    item_url: str
    author: list[str]
    publisher: str
    publication_date: str | None
    publisher_id: str
    publisher_url: str
    publisher_logo: str
    filename: str
    tradition: str
    duration: str
    item_subtitle: str
    item_image: str
    item_tags: list[str]
    item_summary: str
    denomination: str
    type: str
    hosted_url: str
    h2_title: str
    h3_title: str
    snippet_count: int
    cumulative_certainty: float
    uuids: list[ItemPassage]


REQUESTS: tuple[type[BaseModel], ...] = (
    GlooSearchRequest,
    ItemsRequest,
    AffiliatesRequest,
)
