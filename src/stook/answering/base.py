"""What every answerer is given, and what it gives."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from stook.answering.outcome import Outcome
from stook.answering.pieces import Cited, TextDelta
from stook.knowledge.index.protocol import Vectors
from stook.knowledge.retrieval.retriever import Found
from stook.knowledge.store.documents import Document, FoundPassage, Places, Span, place_at
from stook.models.prompts import Wish
from stook.understanding.question import Question


@dataclass(frozen=True, slots=True)
class Source:
    """A document that passages were found in: its whole text, and those passages, best first.

    ``rank`` counts from 0 by the document's best passage. ``places`` are where its pages, slides,
    sheets or moments begin.
    """

    document: Document
    version: int
    text: str
    passages: tuple[FoundPassage, ...]
    rank: int
    places: Places = ()

    def place_of(self, span: Span) -> str:
        """The page, slide, sheet or moment at which a span begins; "" where none is known."""
        return place_at(self.places, span.start)


@dataclass(frozen=True, slots=True)
class Brief:
    """A question that stands alone, with all that may be used to answer it.

    ``vectors`` are those of the windows of each passage, by document id and ordinal.
    """

    question: Question
    today: date
    found: Found
    sources: tuple[Source, ...]
    vectors: dict[tuple[str, int], Vectors]
    max_characters: int | None = None
    max_sources: int | None = None
    locale: str = "en"
    instructions: str = ""  # of the application or client; never evidence
    wish: Wish = field(default_factory=Wish)


CUT = "cut"  # among what is noted: why the answer is not whole


@dataclass(frozen=True, slots=True)
class Noted:
    """Something to keep with the message and to log: who wrote, what it took, what was checked."""

    details: dict[str, object]


Piece = TextDelta | Cited | Outcome | Noted  # an outcome where it is not ANSWERED


class Answerer(Protocol):
    """Writes an answer from a brief, piece by piece; leaving the iterator stops the work."""

    def answer(self, brief: Brief) -> AsyncGenerator[Piece]: ...

    async def can_answer(self, brief: Brief) -> bool:
        """Whether the sources answer the question, as far as can be told beforehand."""
