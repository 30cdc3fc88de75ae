"""The pieces of a found document that show why it was found."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from stook.application.search.finding import FoundDocument
from stook.application.search.operators import TypedQuery
from stook.knowledge.retrieval.exact_phrases import holds_phrase
from stook.knowledge.store.documents import FoundPassage, Span
from stook.knowledge.text import analysis
from stook.knowledge.text.snippets import Excerpt, excerpt, highlighted, opening


@dataclass(frozen=True, slots=True)
class Snippet:
    """A verbatim piece of a passage; ``highlights`` are code points into the piece.

    ``place`` is the page, slide, sheet or moment of the passage, where that is known.
    """

    text: str
    highlights: tuple[Span, ...]
    place: str


@dataclass(frozen=True)
class Snippets:
    """How snippets are made: at most ``most`` of at most ``longest`` characters each, or whole
    passages of together as many characters."""

    typed: TypedQuery
    longest: int = 300
    most: int = 3
    whole_passages: bool = False

    def of(self, found: FoundDocument) -> list[Snippet]:
        """Return the pieces that show why a document was found, the most telling first."""
        passages = sorted(found.passages, key=self._lacks_phrase)
        if self.whole_passages:
            return [
                _snippet(highlighted(text, self._terms), passage)
                for passage, text in self._whole(passages)
            ]
        pieces = [
            _snippet(excerpt(each.text, self._terms, self.longest), each)
            for each in passages[: self.most]
        ]
        return [piece for piece in pieces if piece.text]

    @functools.cached_property
    def _terms(self) -> list[str]:
        return analysis.query_terms(self.typed.text)

    def _lacks_phrase(self, passage: FoundPassage) -> bool:
        return not all(holds_phrase(passage.text, phrase) for phrase in self.typed.phrases)

    def _whole(self, passages: Sequence[FoundPassage]) -> list[tuple[FoundPassage, str]]:
        found: list[tuple[FoundPassage, str]] = []
        left = self.longest
        for passage in passages:
            text = opening(passage.text, left)
            if left <= 0 or (found and len(text) < len(passage.text)):
                break
            found.append((passage, text))
            left -= len(text)
        return found


def _snippet(piece: Excerpt, passage: FoundPassage) -> Snippet:
    return Snippet(piece.text, piece.highlights, passage.place)
