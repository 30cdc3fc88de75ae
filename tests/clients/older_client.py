"""The calls of glean-api-client 0.13.0 that differ from its successors'.

Run with the server's address, a person's token, an indexing token and a datasource's name; prints
what was answered as JSON.
"""

from __future__ import annotations

import json
import sys
import warnings
from typing import Any, cast

from glean.api_client import Glean

warnings.simplefilter("ignore")
URL, TOKEN, INDEXING, DATASOURCE = sys.argv[1:]
QUESTION: Any = [{"fragments": [{"text": "What are the company holidays this year?"}]}]
PAGE: dict[str, Any] = {"object_type": "Page", "doc_id": "A"}


def chat(client: Glean) -> dict[str, object]:
    """Everything that its client.chat can do."""
    calls = client.client.chat
    whole = calls.create(messages=QUESTION, save_chat=True)
    lines = calls.create_stream(messages=QUESTION).splitlines()
    listed = calls.list().chat_results or []
    read = calls.retrieve(id=whole.chat_id).chat_result.chat.messages
    sent: Any = {"file_name": "a.md", "content": b"# A\n\nText."}
    (file,) = calls.upload_files(files=[sent]).files
    found = calls.retrieve_files(file_ids=[file.id]).files
    calls.delete_files(file_ids=[file.id])
    calls.delete(ids=[whole.chat_id])
    calls.delete_all()
    return {
        "text": whole.messages[-1].fragments[0].text,
        "lines": len(lines),
        "listed": whole.chat_id in {each.chat.id for each in listed},
        "messages": len(read),
        "files": len(found),
        "results": len(client.client.search.query(query="holidays").results),
    }


def indexing(client: Glean) -> dict[str, object]:
    """A document, and the debug calls, which demand an exact content type."""
    calls, pages = client.indexing, cast("Any", [PAGE])
    calls.datasources.add(name=DATASOURCE, url_regex=".*")
    document: Any = {
        "datasource": DATASOURCE,
        "id": "A",
        "object_type": "Page",
        "view_url": "https://older.example/A",
        "body": {"mime_type": "text/plain", "text_content": "Text."},
        "permissions": {"allow_anonymous_access": True},
    }
    calls.documents.add_or_update(document=document)
    one = calls.documents.debug(datasource=DATASOURCE, **PAGE)
    many = calls.documents.debug_many(datasource=DATASOURCE, debug_documents=pages)
    status = calls.datasource.status(datasource=DATASOURCE)
    calls.people.debug(datasource=DATASOURCE, email="nobody@older.example")
    return {
        "uploaded": one.status.upload_status,
        "statuses": len(many.document_statuses),
        "visibility": status.datasource_visibility,
    }


def main() -> None:
    """Drive both."""
    with Glean(api_token=TOKEN, server_url=URL) as person:
        told = chat(person)
    with Glean(api_token=INDEXING, server_url=URL) as connector:
        told |= indexing(connector)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
