"""The JSON of uploaded files and of chat applications in Glean's Client API."""

from __future__ import annotations

from typing import Any

from stook.dialects.glean.models import ChatFileJson
from stook.dialects.glean.shapes import Text, Wire


class ChatFilesRequest(Wire):
    """Names uploaded files."""

    file_ids: list[Text]


class GetChatApplicationRequest(Wire):
    """Names a chat application."""

    id: Text


class UploadChatFilesResponse(Wire):
    """The files, in the order in which they were sent."""

    files: list[ChatFileJson]


class GetChatFilesResponse(Wire):
    """Those of the files that there are, by id."""

    files: dict[str, ChatFileJson]


class GetChatApplicationResponse(Wire):
    application: dict[str, Any]


MULTIPART: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {"type": "array", "items": {"type": "string", "format": "binary"}}
                    },
                }
            }
        },
    }
}
