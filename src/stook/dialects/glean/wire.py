"""Documents, citations, people and chats as Glean writes them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from stook.conversation.events import Author, Citation
from stook.conversation.records import Chat, Message
from stook.dialects.glean.models import ChatRestrictionFilters, DocumentSpec
from stook.identity.principals import Principal
from stook.knowledge.documents import Document, Filters

JSON = "application/json; charset=UTF-8"
NO_SUCH_CONTENT = "\x1f"  # the name of no datasource, document or container


def document_json(document: Document) -> dict[str, Any]:
    """A Document, without its text."""
    metadata: dict[str, Any] = {
        "datasource": document.datasource,
        "objectType": document.object_type or None,
        "container": document.container or None,
        "mimeType": document.mime_type,
        "documentId": document.id,
        "createTime": _iso(document.created_at),
        "updateTime": _iso(document.updated_at),
    }
    return {
        "id": document.id,
        "datasource": document.datasource,
        "docType": document.object_type or "document",
        "title": document.title,
        "url": document.url,
        "metadata": {name: value for name, value in metadata.items() if value is not None},
    }


def citation_json(citation: Citation) -> dict[str, Any]:
    """A citation with the range of the answer that it supports, and the words that support it."""
    span = citation.answer_range
    text_range = {"startIndex": span.start, "endIndex": span.end, "type": "CITATION"}
    snippet = {
        "text": citation.snippet.text,
        "snippet": citation.snippet.text,
        "mimeType": "text/plain",
        "url": citation.document.url,
    }
    return {
        "trackingToken": tracking_token(citation.document.id, str(span.start), str(span.end)),
        "sourceDocument": document_json(citation.document),
        "referenceRanges": [{"textRange": text_range, "snippets": [snippet]}],
    }


def chat_json(chat: Chat, principal: Principal) -> dict[str, Any]:
    """ChatMetadata; times in whole seconds."""
    return {
        "id": chat.id,
        "name": chat.title,
        "createTime": chat.created_at // 1_000_000,
        "updateTime": chat.updated_at // 1_000_000,
        "createdBy": person_json(principal),
        "applicationId": chat.application_id,
    }


def message_json(message: Message) -> dict[str, Any]:
    """A stored message."""
    is_user = message.author is Author.USER
    citations = [citation_json(citation) for citation in message.citations]
    return {
        "author": "USER" if is_user else "GLEAN_AI",
        "messageType": "CONTENT",
        "messageId": message.id,
        "messageTrackingToken": message.id,
        "ts": _iso(message.created_at),
        "hasMoreFragments": False,
        "fragments": [{"text": message.text}, *({"citation": each} for each in citations)],
        "citations": citations,
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


def _names(specs: list[DocumentSpec]) -> frozenset[str]:
    return frozenset(spec.id or spec.url or NO_SUCH_CONTENT for spec in specs)


def iso(moment: datetime) -> str:
    """RFC 3339 in UTC, with Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _iso(microseconds: int | None) -> str | None:
    if microseconds is None:
        return None
    return iso(datetime.fromtimestamp(microseconds / 1_000_000, UTC))


def tracking_token(*parts: str) -> str:
    """An opaque token that is the same for the same thing."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]
