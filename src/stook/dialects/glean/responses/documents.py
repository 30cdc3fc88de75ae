"""What is answered about documents."""

from __future__ import annotations

from typing import Any

from stook.dialects.glean.requests.fields import Wire
from stook.dialects.glean.responses.chat import GleanDocument


class DocumentContent(Wire):
    full_text_list: list[str]


class ReadDocument(GleanDocument):
    content: DocumentContent | None = None


class DocumentError(Wire):
    error: str


class GetDocumentsResponse(Wire):
    """By the id or address that was asked for: the document, or why there is none."""

    documents: dict[str, ReadDocument | DocumentError]


class GetDocumentsByFacetsResponse(Wire):
    documents: list[GleanDocument]
    has_more_results: bool
    cursor: str


class GetDocPermissionsResponse(Wire):
    """E-mail addresses; the single entry VISIBLE_TO_ALL stands for everybody."""

    allowed_user_emails: list[str]


class Summary(Wire):
    text: str
    follow_up_prompts: list[str]


class SummarizeResponse(Wire):
    summary: Summary | None = None
    error: dict[str, Any] | None = None
    tracking_token: str
