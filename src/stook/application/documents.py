"""Reads a source beside an answer: its text around the cited words, and its file where kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import sqlalchemy as sa

from stook.errors import NotFound
from stook.identity.access import ATTACHED
from stook.identity.principals import Principal, Viewer
from stook.knowledge.store import catalogue
from stook.knowledge.store.documents import Document, Span
from stook.runtime import Runtime

WINDOW = 100_000  # characters of a document that are shown at once
NO_SUCH_DOCUMENT = "There is no such document, or you may not see it."
NO_ORIGINAL = "Only the text of this document is kept here."


@dataclass(frozen=True, slots=True)
class Source:
    """A part of a document's text; offsets count code points of the whole text.

    ``cited`` is where the cited words stand now, if they still do.
    """

    document: Document
    text: str
    start: int
    length: int
    cited: Span | None
    has_original: bool


def read(
    connection: sa.Connection, principal: Principal, document_id: str, words: str, near: int
) -> Source:
    """The text around ``words``, the occurrence nearest to ``near``; raises NotFound."""
    reader = _reader(principal, document_id)
    document = catalogue.named(connection, reader, [document_id]).get(document_id)
    text = catalogue.texts(connection, reader, [document_id]).get(document_id)
    if document is None or text is None or document.id != document_id:
        raise NotFound(NO_SUCH_DOCUMENT)
    cited = _nearest(text, words, near)
    start = _window_start(text, cited.start if cited else near)
    is_file = document.datasource == ATTACHED
    return Source(document, text[start : start + WINDOW], start, len(text), cited, is_file)


async def original(
    runtime: Runtime, principal: Principal, document_id: str
) -> tuple[Document, AsyncIterator[bytes]]:
    """The bytes that a document was read from, in pieces; raises NotFound."""
    reader = _reader(principal, document_id)
    named = await runtime.database.read(catalogue.named, reader, [document_id])
    document = named.get(document_id)
    if document is None or document.id != document_id:
        raise NotFound(NO_SUCH_DOCUMENT)
    if document.datasource != ATTACHED or principal.email is None:
        raise NotFound(NO_ORIGINAL)
    return document, await runtime.uploads.content(principal.email, document.external_id)


def _reader(principal: Principal, document_id: str) -> Viewer:
    """Files attached to chats are seen where they are asked for by name; rights hold as ever."""
    return principal.referring_to([document_id])


def _nearest(text: str, words: str, near: int) -> Span | None:
    """Where the words stand: at ``near`` as cited, else the occurrence nearest to it."""
    if not words:
        return None
    before, behind = text.rfind(words, 0, near + len(words)), text.find(words, near)
    places = [place for place in (before, behind) if place >= 0]
    if not places:
        return None
    start = min(places, key=lambda place: abs(place - near))
    return Span(start, start + len(words))


def _window_start(text: str, at: int) -> int:
    """So that what is looked for stands in the middle of a long text."""
    if len(text) <= WINDOW:
        return 0
    return max(0, min(at - WINDOW // 2, len(text) - WINDOW))
