"""Documents, citations, people and chats as Glean writes them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.responses import Response

from stook.answering.pieces import Citation
from stook.application.documents import Document, kind
from stook.application.search.finding import Filters
from stook.conversation.chats.files import ChatFile
from stook.conversation.chats.records import Chat, Message
from stook.dialects.citing import url_at
from stook.dialects.glean.rendering import wire
from stook.dialects.glean.requests.chat import ChatRestrictionFilters, ContentSpec
from stook.dialects.glean.requests.fields import NO_SUCH_CONTENT
from stook.identity.access import ATTACHED
from stook.identity.principals import Principal
from stook.understanding.question import Author

JSON = "application/json; charset=UTF-8"


def document_json(document: Document) -> dict[str, Any]:
    """A Document, without its text."""
    metadata: dict[str, Any] = {
        "datasource": document.datasource,
        "objectType": document.object_type or None,
        "container": document.container or None,
        "mimeType": document.mime_type,
        "documentId": document.id,
        "createTime": iso_of(document.created_at),
        "updateTime": iso_of(document.updated_at),
    }
    return {
        "id": document.id,
        "datasource": document.datasource,
        "docType": kind(document),
        "title": document.title,
        "url": document.url,
        "metadata": {name: value for name, value in metadata.items() if value is not None},
    }


def citation_json(citation: Citation) -> dict[str, Any]:
    """A citation with the range of the answer that it supports, and the words that support it."""
    span, document = citation.answer_range, citation.document
    is_file = document.datasource == ATTACHED
    text_range = {"startIndex": span.start, "endIndex": span.end, "type": "CITATION"}
    snippet = {
        "text": citation.snippet.text,
        "snippet": citation.snippet.text,
        "mimeType": "text/plain",
        "url": _file_url(document.external_id) if is_file else url_at(document, citation.place),
    }
    source = {"sourceFile": _file_of(document)} if is_file else _source(document)
    return {
        "trackingToken": tracking_token(document.id, str(span.start), str(span.end)),
        **source,
        "referenceRanges": [{"textRange": text_range, "snippets": [snippet]}],
    }


def _source(document: Document) -> dict[str, Any]:
    return {"sourceDocument": document_json(document)}


def reading_fragments(documents: Sequence[Document]) -> list[dict[str, Any]]:
    """What is read: documents together, files one by one."""
    found = [document for document in documents if document.datasource != ATTACHED]
    files = [document for document in documents if document.datasource == ATTACHED]
    results = [{"document": document_json(document)} for document in found]
    fragments: list[dict[str, Any]] = [{"file": _file_of(document)} for document in files]
    return [*fragments, {"structuredResults": results}] if found or not files else fragments


def file_json(file: ChatFile) -> dict[str, Any]:
    """A ChatFile."""
    metadata: dict[str, Any] = {
        "status": file.status.value,
        "uploadTime": file.uploaded_at // 1_000_000,
        "processedSize": file.processed_size,
        "mimeType": file.mime_type or None,
        "failureReason": file.failure_reason.value if file.failure_reason else None,
    }
    return {
        "id": file.id,
        "name": file.name,
        "url": _file_url(file.id),
        "metadata": {name: value for name, value in metadata.items() if value is not None},
    }


def _file_of(document: Document) -> dict[str, Any]:
    """A ChatFile, from what was read of it."""
    partial = document.details.get("partial")
    return {
        "id": document.external_id,
        "name": document.title,
        "url": _file_url(document.external_id),
        "metadata": {
            "status": "PARTIALLY_PROCESSED" if partial else "PROCESSED",
            "uploadTime": (document.created_at or 0) // 1_000_000,
            "processedSize": document.details.get("size", 0),
            "mimeType": document.mime_type,
        },
    }


def _file_url(file_id: str) -> str:
    return f"/rest/api/v1/chat-files/{file_id}"


def chat_json(chat: Chat, principal: Principal, applications: Mapping[str, str]) -> dict[str, Any]:
    """ChatMetadata; times in whole seconds. ``applications`` are their names by id."""
    application = {"applicationId": chat.application_id} if chat.application_id else {}
    if name := applications.get(chat.application_id or ""):
        application["applicationName"] = name
    return {
        "id": chat.id,
        "name": chat.title,
        "createTime": chat.created_at // 1_000_000,
        "updateTime": chat.updated_at // 1_000_000,
        "createdBy": person_json(principal),
        **application,
    }


def message_json(message: Message) -> dict[str, Any]:
    """A stored message."""
    is_user = message.author is Author.USER
    citations = [citation_json(citation) for citation in message.citations]
    files = list(message.attached)
    return {
        "author": "USER" if is_user else "GLEAN_AI",
        "messageType": "CONTENT",
        "messageId": message.id,
        "messageTrackingToken": message.id,
        "ts": iso_of(message.created_at),
        "hasMoreFragments": False,
        "fragments": [{"text": message.text}, *({"citation": each} for each in citations)],
        "citations": citations,
        **({} if is_user else {"outcome": message.outcome.name}),
        **({"uploadedFileIds": files} if files else {}),
    }


def person_json(principal: Principal) -> dict[str, Any]:
    """A Person; clients demand both name and obfuscatedId."""
    email = principal.email or ""
    return {
        "name": principal.name or email,
        "obfuscatedId": tracking_token("person", email),
        "metadata": {"email": email},
    }


def filters(
    inclusions: ChatRestrictionFilters | None, exclusions: ChatRestrictionFilters | None
) -> Filters:
    """What may be found. A spec of a kind that Stook does not hold matches nothing."""
    only = inclusions or ChatRestrictionFilters()
    never = exclusions or ChatRestrictionFilters()
    return Filters(
        datasources=frozenset(only.datasource_instances),
        documents=_names(only.document_specs),
        containers=_names(only.container_specs),
        not_datasources=frozenset(never.datasource_instances),
        not_documents=_names(never.document_specs),
        not_containers=_names(never.container_specs),
    )


def warnings(inclusions: ChatRestrictionFilters | None) -> tuple[str, ...]:
    """What somebody should know who includes things that there cannot be here."""
    only = inclusions or ChatRestrictionFilters()
    specs = [*only.document_specs, *only.container_specs]
    if all(spec.id or spec.url for spec in specs):
        return ()
    return (
        "The inclusions name content by contentId, ugcId or by nothing; this server knows "
        "documents by id and url only, so nothing is found by these.",
    )


def _names(specs: list[ContentSpec]) -> frozenset[str]:
    return frozenset(spec.id or spec.url or NO_SUCH_CONTENT for spec in specs)


def iso(moment: datetime) -> str:
    """RFC 3339 in UTC, with Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_of(microseconds: int | None) -> str | None:
    """The same of microseconds since the epoch."""
    if microseconds is None:
        return None
    return iso(datetime.fromtimestamp(microseconds / 1_000_000, UTC))


def tracking_token(*parts: str) -> str:
    """An opaque token that is the same for the same thing."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def json(body: object, status: int = 200) -> Response:
    """A JSON response, with Glean's spelling of its type."""
    return Response(orjson.dumps(body), status, media_type=wire.JSON)
