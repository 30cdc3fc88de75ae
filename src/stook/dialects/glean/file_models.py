"""The JSON of uploaded files and of chat applications in Glean's Client API."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import RootModel, WithJsonSchema

from stook.dialects import bounds
from stook.dialects.glean.models import ChatFileJson
from stook.dialects.glean.shapes import Text, Wire


class ChatFilesRequest(Wire):
    """Names uploaded files."""

    file_ids: Annotated[list[Text], bounds.SOME]


class GetChatApplicationRequest(Wire):
    """Names a chat application."""

    id: Text


Binary = Annotated[str, WithJsonSchema({"type": "string", "format": "binary"})]


class UploadChatFilesForm(Wire):
    """The files, each a part with its filename."""

    files: Annotated[list[Binary], bounds.SOME]


class ChatFileContent(RootModel[Binary]):
    """The bytes of a file, or its text in UTF-8."""


class UploadChatFilesResponse(Wire):
    """The files, in the order in which they were sent."""

    files: list[ChatFileJson]


class GetChatFilesResponse(Wire):
    """Those of the files that there are, by id."""

    files: dict[str, ChatFileJson]


class GetChatApplicationResponse(Wire):
    application: dict[str, Any]
