"""What is answered about files and chat applications."""

from __future__ import annotations

from typing import Any

from stook.dialects.glean.requests.fields import Wire
from stook.dialects.glean.responses.chat import ChatFileJson


class UploadChatFilesResponse(Wire):
    """The files, in the order in which they were sent."""

    files: list[ChatFileJson]


class GetChatFilesResponse(Wire):
    """Those of the files that there are, by id."""

    files: dict[str, ChatFileJson]


class GetChatApplicationResponse(Wire):
    application: dict[str, Any]
