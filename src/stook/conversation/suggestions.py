"""Follow-up questions that the documents can answer, made from what was found."""

from __future__ import annotations

from collections.abc import Sequence

from stook.conversation.answerers.base import Brief
from stook.conversation.events import Citation

MOST = 3


async def suggest(brief: Brief, citations: Sequence[Citation]) -> tuple[str, ...]:
    """At most three questions, from headings near the answer that it did not use."""
    return ()
