"""The nouns of the knowledge package: documents, passages, and what is found."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

from stook.identity.permissions import Permissions
from stook.knowledge.index.protocol import Vectors
from stook.knowledge.store.conditions import AnyOf


def document_id(datasource: str, external_id: str) -> str:
    """The public identifier: the same document gets the same one on every machine."""
    digest = hashlib.sha256(f"{datasource}\0{external_id}".encode()).hexdigest()
    return f"doc_{digest[:24]}"


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document as a connector found it or a client pushed it, already turned into text.

    ``text`` is canonical: Markdown or plain text, ``\\n`` line ends, no images, NFC. All
    offsets anywhere are code points into it. Times are microseconds since the epoch, UTC.
    ``notes`` say what of its file was not read, or guessed; ``places`` are the offsets at which
    pages, slides, sheets or moments begin, with their names.
    """

    datasource: str
    external_id: str
    title: str
    url: str
    mime_type: str
    text: str
    content_hash: str
    permissions: Permissions
    object_type: str = ""
    container: str = ""
    publisher: str = ""
    author: str = ""
    created_at: int | None = None
    updated_at: int | None = None
    details: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    places: tuple[tuple[int, str], ...] = ()

    @property
    def id(self) -> str:
        return document_id(self.datasource, self.external_id)


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document, without its text."""

    id: str
    datasource: str
    external_id: str
    title: str
    url: str
    mime_type: str
    object_type: str
    container: str
    publisher: str
    author: str
    created_at: int | None
    updated_at: int | None
    details: dict[str, Any]


Places = tuple[tuple[int, str], ...]  # offsets of a text, in order, and what begins there


def place_at(places: Places, offset: int) -> str:
    """The page, slide, sheet or moment that an offset lies in; "" where none is known."""
    number = bisect_right(places, offset, key=lambda place: place[0])
    return places[number - 1][1] if number else ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a document's file was read; see ``SourceDocument``."""

    notes: tuple[str, ...]
    places: Places


@dataclass(frozen=True, slots=True)
class Span:
    """A range of a document's text: ``start`` inclusive, ``end`` exclusive, in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage as the chunker cuts it.

    ``windows`` are the runs of sentences inside the passage that get a vector each: they follow
    one another, together cover the passage's text, and are given in document offsets.
    """

    ordinal: int
    span: Span
    heading_path: tuple[str, ...]
    windows: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents may be found; where both name one, exclusion wins.

    Documents and containers are named by Stook's id, by URL or by the source's own id.
    A container covers what is below it. ``any_of`` holds alternatives, each a tuple of
    conditions that must all hold. ``within`` must be passed, too.
    """

    datasources: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    containers: frozenset[str] = frozenset()
    publishers: frozenset[str] = frozenset()
    not_datasources: frozenset[str] = frozenset()
    not_documents: frozenset[str] = frozenset()
    not_containers: frozenset[str] = frozenset()
    any_of: AnyOf = ()
    within: Filters | None = None

    @property
    def parts(self) -> tuple[Filters, ...]:
        """These filters and those within which they are; all have to be passed."""
        return (self, *(self.within.parts if self.within else ()))


@dataclass(frozen=True, slots=True)
class SignalScore:
    """What one signal gives a passage: its ``value`` (0 to 1), and its share of all weights."""

    name: str
    value: float
    weight: float


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that the asking person may see, ranked.

    ``score`` is the fused score (higher is better, comparable within one search only);
    ``lexical`` is raw BM25, ``dense`` the cosine of the best window, ``late`` the late
    interaction of the question with it and ``vectors`` its windows, shape (windows, dimensions),
    where they were looked at. ``signals`` are what ``score`` is made of. ``place`` is the page,
    slide, sheet or moment at which it begins, where that is known.
    """

    document: Document
    version: int
    ordinal: int
    span: Span
    text: str
    heading_path: tuple[str, ...]
    score: float
    lexical: float
    dense: float
    late: float | None = None
    vectors: Vectors | None = field(default=None, compare=False, repr=False)
    signals: tuple[SignalScore, ...] = field(default=(), compare=False, repr=False)
    place: str = ""
