"""The bodies about people."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stook.dialects import bounds
from stook.dialects.bounds import Name
from stook.dialects.glean.requests.fields import AsList, Size, Text, Wire
from stook.dialects.glean.requests.search import Filters


class PeopleRequest(Wire):
    """Whom to tell about; nobody named: the caller."""

    obfuscated_ids: Annotated[list[Text], bounds.SOME, AsList] = Field([])
    email_ids: Annotated[list[Text], bounds.SOME, AsList] = Field([])


class ListEntitiesRequest(Wire):
    """People in whose names, addresses, titles, departments or locations the query's words stand;
    or teams and the caller's own groups."""

    entity_type: Name | None = None
    query: Annotated[Text, bounds.FEW_WORDS] | None = None
    filter: Filters = Field([])
    page_size: Size | None = None
    cursor: Text | None = None
