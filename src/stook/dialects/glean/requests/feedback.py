"""The bodies by which people say and do something."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from stook.dialects import bounds
from stook.dialects.bounds import Json, Open
from stook.dialects.glean.requests.fields import Location, Text, Wire

ShortText = Annotated[Text, Field(max_length=200)]


class Event(enum.StrEnum):
    """What happened to an answer or a result."""

    CLICK = "CLICK"
    CONTAINER_CLICK = "CONTAINER_CLICK"
    COPY_LINK = "COPY_LINK"
    CREATE = "CREATE"
    DISMISS = "DISMISS"
    DOWNVOTE = "DOWNVOTE"
    EMAIL = "EMAIL"
    EXECUTE = "EXECUTE"
    FILTER = "FILTER"
    FIRST_TOKEN = "FIRST_TOKEN"  # noqa: S105
    FOCUS_IN = "FOCUS_IN"
    LAST_TOKEN = "LAST_TOKEN"  # noqa: S105
    MANUAL_FEEDBACK = "MANUAL_FEEDBACK"
    MANUAL_FEEDBACK_SIDE_BY_SIDE = "MANUAL_FEEDBACK_SIDE_BY_SIDE"
    FEEDBACK_TIME_SAVED = "FEEDBACK_TIME_SAVED"
    MARK_AS_READ = "MARK_AS_READ"
    MESSAGE = "MESSAGE"
    MIDDLE_CLICK = "MIDDLE_CLICK"
    PAGE_BLUR = "PAGE_BLUR"
    PAGE_FOCUS = "PAGE_FOCUS"
    PAGE_LEAVE = "PAGE_LEAVE"
    PREVIEW = "PREVIEW"
    RELATED_CLICK = "RELATED_CLICK"
    RIGHT_CLICK = "RIGHT_CLICK"
    SECTION_CLICK = "SECTION_CLICK"
    SEEN = "SEEN"
    SELECT = "SELECT"
    SHARE = "SHARE"
    SHOW_MORE = "SHOW_MORE"
    UPVOTE = "UPVOTE"
    VIEW = "VIEW"
    VISIBLE = "VISIBLE"


class Action(enum.StrEnum):
    """What somebody did to a document."""

    VIEW = "VIEW"
    EDIT = "EDIT"
    SEARCH = "SEARCH"
    COMMENT = "COMMENT"
    CRAWL = "CRAWL"
    HISTORICAL_SEARCH = "HISTORICAL_SEARCH"
    HISTORICAL_VIEW = "HISTORICAL_VIEW"


class FeedbackRequest(Open, Wire):
    """An event on answers or results, named by their tracking tokens; all of it is kept."""

    model_config = ConfigDict(extra="allow", alias_generator=to_camel, populate_by_name=True)

    tracking_tokens: Annotated[list[Text], bounds.SOME]
    event: Event
    id: ShortText | None = None
    category: Annotated[Text, Field(max_length=100)] | None = None


class ActivityEvent(Wire):
    action: Action
    timestamp: datetime = Field(description="UTC, where it names no offset.")
    url: Location
    id: ShortText | None = None
    params: Json | None = None


class ActivityRequest(Wire):
    """What somebody did, event by event."""

    events: Annotated[list[ActivityEvent], bounds.SOME]
