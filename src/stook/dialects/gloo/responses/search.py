"""The bodies that Gloo's search and recommendations answer with."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


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
