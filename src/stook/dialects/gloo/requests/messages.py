"""The bodies that Gloo's tokens, messages and chats take."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, StrictBool

from stook.dialects import bounds
from stook.dialects.bounds import Line, Name, Text

Switch = Annotated[int, Field(ge=0, le=1)]


def _names(value: Any) -> Any:
    """null stands for no restriction."""
    return [] if value is None else value


class MessageRequest(BaseModel):
    """A question; ``chat_id`` and ``enable_suggestions`` may stand in the query instead."""

    model_config = ConfigDict(extra="ignore")

    query: Text
    chat_id: Name | None = None
    character_limit: Annotated[int, Field(ge=0, le=bounds.MOST_NUMBER, strict=True)] | None = Field(
        None, description="How long the answer may be; 0 is no limit."
    )
    sources_limit: Annotated[int, Field(ge=0, le=bounds.MOST_NUMBER, strict=True)] | None = Field(
        None, description="How many sources there may be; 0 is no limit."
    )
    stream: StrictBool | None = Field(False, description="Answer as server-sent events.")
    publishers: Annotated[list[Name], bounds.FEW, BeforeValidator(_names)] = Field(
        default_factory=list, description="Names of the publishers to use; empty for all."
    )
    enable_suggestions: Switch | None = None
    enable_sources: Annotated[int, Field(ge=0, le=2)] | None = Field(
        None, description="0: never; 1: unless the intent is 0; 2: always."
    )
    intent: Switch | None = Field(
        None, description="1: the answer needs sources; 0: it needs none; else it shows."
    )


class RatingRequest(BaseModel):
    """What the caller thinks of an answer: 1 is good, -1 is bad."""

    model_config = ConfigDict(extra="ignore")

    rating: Literal[1, -1]
    comment: Annotated[Line, Field(max_length=10_000)] | None = None


class ChatChange(BaseModel):
    """``new_value`` is true or false for pin, a text for title, a text or null for summary."""

    model_config = ConfigDict(extra="ignore")

    new_value: bounds.Value


class TokenForm(BaseModel):
    """The credentials stand here, or in the header Authorization: Basic …"""

    grant_type: Literal["client_credentials"]
    scope: Name | None = None
    client_id: Name | None = None
    client_secret: Annotated[SecretStr, bounds.NAME] | None = None
