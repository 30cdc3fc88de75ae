"""The pieces that an answer is made of: text, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from stook.knowledge.store.documents import Document, Span


@dataclass(frozen=True, slots=True)
class Snippet:
    """A verbatim piece of a document: ``text`` is the document's text at ``span``."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Citation:
    """What a range of the answer rests on. ``answer_range`` counts code points of the answer.

    ``place`` is the page, slide, sheet or moment of the snippet, where that is known.
    """

    answer_range: Span
    document: Document
    version: int
    snippet: Snippet
    heading_path: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of the answer; all pieces joined are the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation whose range of text has already been sent."""

    citation: Citation
