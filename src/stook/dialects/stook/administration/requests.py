"""The JSON that administrators send."""

from __future__ import annotations

from typing import Annotated, Literal

from annotated_types import MinLen
from pydantic import BaseModel, Field, StrictBool, StrictStr

from stook.dialects.bounds import FEW, Name, Text
from stook.dialects.stook.requests import Body
from stook.identity.principals import Scope

ShortName = Annotated[StrictStr, Field(min_length=1, max_length=400)]


class AddPersonRequest(Body):
    """A person to be let in, and whether a link for them is wanted."""

    email: Name
    name: Name = ""
    invite: StrictBool = True


class PersonRequest(Body):
    """Who is meant."""

    email: Name


class ChangePersonRequest(PersonRequest):
    """What changes; what is left out stays."""

    name: Name | None = None
    active: StrictBool | None = None
    administrator: StrictBool | None = None


class GroupMember(Body):
    """A person by address, or a group by name."""

    kind: Literal["user", "group"]
    name: ShortName


class AddToGroupRequest(Body):
    """A group of the organisation, made if it is new, and who joins it."""

    name: ShortName
    members: Annotated[list[GroupMember], FEW]


class MakeTokenRequest(Body):
    """A token for a person; without ``email`` it acts for whomever its calls name."""

    name: Annotated[StrictStr, Field(min_length=1, max_length=200)]
    scopes: Annotated[list[Scope], MinLen(1), FEW]
    email: Name | None = None
    days: Annotated[int, Field(ge=1, le=3650)] | None = None


class ExplainRequest(Body):
    """A question, and as whom it is asked; without ``email`` as the caller."""

    question: Annotated[Text, Field(min_length=1)]
    email: Name | None = None
    offset_minutes: Annotated[int, Field(gt=-1440, lt=1440)] | None = None


Wording = Annotated[StrictStr, Field(min_length=1, max_length=2000)]
Allowed = Annotated[list[ShortName], MinLen(1), FEW]  # everyone, user:EMAIL, group:NAME


class WriteAnswerRequest(Body):
    """An answer, in Markdown, to a question; ``wordings`` are other ways to ask it.

    ``document_id`` is of an answer that this one replaces.
    """

    question: Wording
    wordings: Annotated[list[Wording], FEW] = Field(default_factory=list)
    text: Annotated[Text, Field(min_length=1)]
    allow: Allowed
    document_id: Name | None = None


class WritePageRequest(Body):
    """A page, in Markdown."""

    title: Annotated[StrictStr, Field(min_length=1, max_length=2000)]
    text: Annotated[Text, Field(min_length=1)]
    allow: Allowed


REQUESTS: tuple[type[BaseModel], ...] = (
    AddPersonRequest,
    PersonRequest,
    ChangePersonRequest,
    AddToGroupRequest,
    MakeTokenRequest,
    ExplainRequest,
    WriteAnswerRequest,
    WritePageRequest,
)
