"""Documents by name: what is told of them, their texts, who may see them, their summaries."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from stook.application.search.finding import Filters
from stook.conversation import faqs
from stook.errors import NotFound
from stook.identity.access import ATTACHED
from stook.identity.principals import Principal, Viewer
from stook.knowledge.retrieval.facets import owner, properties
from stook.knowledge.retrieval.summary import summarize
from stook.knowledge.store import catalogue, readers
from stook.knowledge.store.conditions import document_type
from stook.knowledge.store.documents import Document, Span
from stook.runtime import Runtime

__all__ = [
    "Document",
    "Source",
    "Span",
    "at_address",
    "datasources",
    "in_order",
    "kind",
    "named",
    "original",
    "owner",
    "properties",
    "read",
    "readers_of",
    "summary",
    "texts",
]

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


def kind(document: Document) -> str:
    """Return what kind of thing a document is: as its source says, else by its format."""
    return document_type(document.object_type, document.mime_type)


async def named(runtime: Runtime, viewer: Viewer, names: Iterable[str]) -> dict[str, Document]:
    """Return documents by each name that means one: its id, its address, its source's own id."""
    return await runtime.database.read(catalogue.named, viewer, names)


async def at_address(runtime: Runtime, principal: Principal, url: str) -> Document | None:
    """Return the visible document at an address, however that is spelt."""
    return await faqs.document_at(runtime.database, principal, url)


async def texts(runtime: Runtime, viewer: Viewer, document_ids: Collection[str]) -> dict[str, str]:
    """Return the texts of documents, by their ids."""
    return await runtime.database.read(catalogue.texts, viewer, document_ids)


async def datasources(runtime: Runtime, viewer: Viewer) -> dict[str, str]:
    """Return the datasources of which something may be seen, each with its shown name."""
    return await runtime.database.read(catalogue.apps, viewer)


async def in_order(
    runtime: Runtime, viewer: Viewer, where: Filters, after: str, most: int
) -> list[Document]:
    """Return documents by id, from the first one behind ``after``."""
    return await runtime.database.read(catalogue.in_order, viewer, where, after, most)


async def readers_of(runtime: Runtime, principal: Principal, document_id: str) -> list[str] | None:
    """Return who may see a document, by address; None: everybody. Raises NotFound."""
    found = await named(runtime, principal, [document_id])
    if not found:
        raise NotFound(NO_SUCH_DOCUMENT)
    return await runtime.database.read(readers.of, found[document_id].id)


async def summary(
    runtime: Runtime, principal: Principal, names: Collection[str], longest: int, query: str = ""
) -> str:
    """Return sentences that say most of the documents; "" where there are none.

    Raises NotFound where the principal sees none of the documents.
    """
    found = await named(runtime, principal, names)
    if not found:
        raise NotFound(NO_SUCH_DOCUMENT)
    ids = list(dict.fromkeys(found[name].id for name in names if name in found))
    held = await texts(runtime, principal, ids)
    readable = [held[each] for each in ids if each in held]
    return await summarize(runtime.searcher, readable, longest, query)


async def read(
    runtime: Runtime, principal: Principal, document_id: str, words: str, near: int
) -> Source:
    """The text around ``words``, the occurrence nearest to ``near``; raises NotFound."""
    return await runtime.database.read(_read, principal, document_id, words, near)


def _read(
    connection: sa.Connection, principal: Principal, document_id: str, words: str, near: int
) -> Source:
    reader = _reader(principal, document_id)
    document = catalogue.named(connection, reader, [document_id]).get(document_id)
    if document is None or document.id != document_id:
        raise NotFound(NO_SUCH_DOCUMENT)
    text = catalogue.texts(connection, reader, [document_id]).get(document_id)
    if text is None:
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
    document = (await named(runtime, reader, [document_id])).get(document_id)
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
