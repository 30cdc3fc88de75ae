"""The bodies about files and chat applications."""

from __future__ import annotations

from typing import Annotated

from pydantic import RootModel, WithJsonSchema

from stook.dialects import bounds
from stook.dialects.glean.requests.fields import Text, Wire


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
