"""Citations as annotations of a text, in the snake case that Glean's newer calls share."""

from __future__ import annotations

from typing import Any

from stook.answering.pieces import Citation


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
