"""The JSON of the Platform API's search."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field, StrictInt

from stook.dialects import bounds
from stook.dialects.bounds import Address, Line
from stook.dialects.platform.shapes import Request, Text
from stook.knowledge.store.conditions import Relation


class Filter(Request):
    """Values of EQUALS are alternatives; NOT_EQUALS excludes each; the others take one."""

    field: Text
    values: Annotated[list[Address], Field(min_length=1), bounds.SOME]
    operator: Relation = Relation.EQUALS


class TimeRange(Request):
    """When a document was last changed: from start until before end."""

    start: AwareDatetime | None = None
    end: AwareDatetime | None = None


class PlatformSearchRequest(Request):
    """A query, which may hold operators such as type:page, and filters beside it."""

    query: Annotated[bounds.Text, Field(min_length=1)]
    page_size: Annotated[StrictInt, Field(ge=1, le=100)] = 10
    cursor: Line | None = None
    datasources: Annotated[list[Text], Field(min_length=1), bounds.FEW] | None = None
    filters: Annotated[list[Filter], bounds.FEW] | None = None
    time_range: TimeRange | None = None


# --- answers, for the description --------------------------------------------------------------


class PersonReference(BaseModel):
    name: str
    id: str | None = None


class PlatformResult(BaseModel):
    url: str
    title: str
    datasource: str
    snippets: list[str]
    document_type: str
    creator: PersonReference | None = None
    owner: PersonReference | None = None
    updated_at: str | None = None
    created_at: str | None = None


class SearchWarning(BaseModel):
    code: str
    message: str


class PlatformSearchResponse(BaseModel):
    """A page of documents, best first."""

    results: list[PlatformResult]
    has_more: bool
    next_cursor: str | None
    warnings: list[SearchWarning]
    request_id: str


class FilterField(BaseModel):
    field: str
    type: str
    operators: list[str]
    values: list[str] | None = None


class DatasourceFilters(BaseModel):
    datasource: str
    filters: list[FilterField]


class SearchFiltersResponse(BaseModel):
    """By datasource, what its documents can be filtered by."""

    datasources: list[DatasourceFilters]
    request_id: str
