"""What every answerer is given, and what it gives."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol

from stook.answering.outcome import Outcome
from stook.answering.pieces import Cited, TextDelta
from stook.knowledge.index.protocol import Vectors
from stook.knowledge.retrieval.retriever import Found
from stook.knowledge.store.documents import Document, FoundPassage, Span, place_at
from stook.knowledge.store.neighbourhoods import Neighbourhood
from stook.knowledge.text.excerpts import Excerpts
from stook.knowledge.text.units import Structure
from stook.models.prompts import Cut, Wish
from stook.understanding.question import Question


@dataclass(frozen=True, slots=True)
class Source:
    """A document that passages were found in: those passages, best first, and what is near them.

    ``rank`` counts from 0 by the document's best passage.
    """

    document: Document
    version: int
    near: Neighbourhood = field(repr=False)
    passages: tuple[FoundPassage, ...]
    rank: int

    @property
    def structure(self) -> Structure:
        """The sentences, items and rows that were read."""
        return self.near.structure

    @property
    def text(self) -> Excerpts:
        """The text that was read, under its offsets in the whole."""
        return self.near.structure.text

    def place_of(self, span: Span) -> str:
        """The page, slide, sheet or moment at which a span begins; "" where none is known."""
        return place_at(self.near.places, span.start)


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


@dataclass(frozen=True, slots=True)
class Noted:
    """Something to keep with the message and to log: who wrote, what it took, what was checked.

    ``cut`` says why the answer is not whole. ``statements`` are those that a language model made,
    of which ``supported`` are by a passage, a share of ``supported_share``. None: not known.
    """

    answered_by: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cut: Cut | None = None
    statements: int | None = None
    supported: int | None = None
    supported_share: float | None = None

    def over(self, before: Noted) -> Noted:
        """This, and what was noted before of everything else."""
        return replace(before, **self.known())

    def known(self) -> dict[str, Any]:
        """What is known, by its name, as it is stored and logged."""
        named = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in named.items() if value is not None}

    @classmethod
    def from_stored(cls, held: Mapping[str, Any]) -> Noted:
        """From what a message was stored with, which may hold other things, too."""
        own = {name: held[name] for name in cls.__slots__ if name in held}
        return cls(**own | ({"cut": Cut(own["cut"])} if own.get("cut") else {}))


Piece = TextDelta | Cited | Outcome | Noted  # an outcome where it is not ANSWERED


class Answerer(Protocol):
    """Writes an answer from a brief, piece by piece; leaving the iterator stops the work."""

    def answer(self, brief: Brief) -> AsyncGenerator[Piece]: ...

    async def can_answer(self, brief: Brief) -> bool:
        """Whether the sources answer the question, as far as can be told beforehand."""
