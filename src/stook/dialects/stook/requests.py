"""The JSON that Stook's own API takes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr

from stook.conversation.events import Effort
from stook.dialects import bounds
from stook.dialects.bounds import Text

Id = Annotated[StrictStr, Field(min_length=1, max_length=64)]
Email = Annotated[StrictStr, Field(min_length=3, max_length=320)]
SourceName = Annotated[StrictStr, Field(max_length=100)]  # fifty fit into an address


class Body(BaseModel):
    """A request body; a field that is not known is an error."""

    model_config = ConfigDict(extra="forbid")


class SignInRequest(Body):
    """The secret of a link that signs in."""

    link: Annotated[StrictStr, Field(min_length=1, max_length=200)]


Password = Annotated[StrictStr, Field(max_length=1000)]


class PasswordSignInRequest(Body):
    """Who signs in, and their password."""

    email: bounds.Name
    password: Password


class ChangePasswordRequest(Body):
    """The current password, empty where there is none, and the new one."""

    current: Password = ""
    new: Password


class RemovePasswordRequest(Body):
    """The current password."""

    current: Password


class AskRequest(Body):
    """A question. ``replaces`` is the turn of the chat that it stands in place of: that turn and
    all behind it are removed. A chat stays in the application that it was begun in, unless
    ``application_id`` names another. ``offset_minutes`` is the asker's clock, from UTC."""

    question: Annotated[Text, Field(min_length=1)]
    chat_id: Id | None = None
    replaces: Id | None = None
    files: Annotated[list[Id], Field(max_length=50)] = []
    datasources: Annotated[list[SourceName], Field(max_length=100)] = []
    application_id: Id | None = None
    effort: Effort = Effort.QUICK
    locale: Annotated[StrictStr, Field(max_length=35)] | None = None
    offset_minutes: Annotated[int, Field(gt=-1440, lt=1440)] | None = None


class SaidBefore(Body):
    """A question or an answer of the conversation so far."""

    author: Literal["user", "assistant"]
    text: Text


class AskFromWidgetRequest(Body):
    """A question with what was said before it, oldest first: nothing of it is kept here."""

    question: Annotated[Text, Field(min_length=1)]
    history: Annotated[list[SaidBefore], Field(max_length=20)] = []
    locale: Annotated[StrictStr, Field(max_length=35)] | None = None
    offset_minutes: Annotated[int, Field(gt=-1440, lt=1440)] | None = None


class ChangeChatRequest(Body):
    """A chat's new title, and whether it is kept in view."""

    title: Annotated[StrictStr, Field(max_length=1000)] | None = None
    pinned: StrictBool | None = None


class ShareChatRequest(Body):
    """Whom a chat is shown to: everyone who is signed in, and people by their addresses."""

    everyone: StrictBool = False
    people: Annotated[list[Email], Field(max_length=200)] = []


class AnswerFeedbackRequest(Body):
    """Whether an answer was good, and why."""

    message_id: Id
    good: StrictBool
    reason: Annotated[StrictStr, Field(max_length=100)] = ""
    comment: Annotated[StrictStr, Field(max_length=5000)] = ""


class UploadFilesForm(BaseModel):
    """One or more files, as multipart/form-data."""

    files: Annotated[list[bytes], bounds.FEW] = Field(
        json_schema_extra={"items": {"type": "string", "format": "binary"}}
    )


REQUESTS: tuple[type[BaseModel], ...] = (
    SignInRequest,
    PasswordSignInRequest,
    ChangePasswordRequest,
    RemovePasswordRequest,
    AskRequest,
    AskFromWidgetRequest,
    ChangeChatRequest,
    ShareChatRequest,
    AnswerFeedbackRequest,
    UploadFilesForm,
)
