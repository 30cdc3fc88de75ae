"""``client.send_message``: a question in a thread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stook.client.calls.base import Call, reader, without_none
from stook.client.models.search import SendMessageResponse
from stook.client.retrying import Retries


def send_message(
    text: str,
    thread_id: str | None = None,
    *,
    locale: str | None = None,
    page_url: str | None = None,
    user_metadata: Mapping[str, Any] | None = None,
    retries: Retries | None = None,
) -> Call[SendMessageResponse]:
    """Send a question; without ``thread_id`` it starts a new thread.

    Every turn is kept, so it is never sent again when it may have arrived. Raises NotFound for a
    thread that is not the caller's.
    """
    return Call(
        "/api/v1/send_message",
        reader(SendMessageResponse),
        body=without_none(
            query_text=text,
            thread_id=thread_id,
            locale=locale,
            page_url=page_url,
            user_metadata=user_metadata,
        ),
        retries=retries,
    )
