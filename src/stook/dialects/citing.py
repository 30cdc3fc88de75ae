"""Citations as annotations of a text, in the snake case that Glean's newer calls share."""

from __future__ import annotations

from typing import Any

from stook.answering.pieces import Citation
from stook.application.documents import Document

PDF = "application/pdf"


def url_at(document: Document, place: str) -> str:
    """Where a place of a document is seen: of a PDF its page, of others the whole."""
    name, _, number = place.rpartition(" ")
    is_page = name == "page" and number.isdigit() and document.mime_type == PDF
    shown = is_page and document.url and "#" not in document.url
    return f"{document.url}#page={number}" if shown else document.url


def annotation_json(citation: Citation) -> dict[str, Any]:
    """An annotation of the answer's range ``start_index`` to ``end_index``, in code points."""
    document = citation.document
    source = {
        "type": "DOCUMENT",
        "document_id": document.id,
        "url": document.url,
        "title": document.title,
        "datasource": document.datasource,
    }
    return {
        "type": "CITATION",
        "sources": [source],
        "start_index": citation.answer_range.start,
        "end_index": citation.answer_range.end,
        "snippets": [{"text": citation.snippet.text}],
    }
