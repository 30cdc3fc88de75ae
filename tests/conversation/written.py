"""What becomes of a text that a language model might write, over passages that are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from stook.answering.base import Brief, Piece
from stook.answering.generative.answerer import known_in
from stook.answering.generative.attribution import Grounding
from stook.answering.generative.context import Evidence, evidence
from stook.answering.generative.stream import Counts, Writing
from stook.answering.pieces import Citation, Cited, TextDelta
from stook.knowledge.encoding.embedding import Embedder
from stook.knowledge.index.protocol import Vectors

ROOMY = 100_000  # characters of context


@dataclass(frozen=True)
class Shown:
    """An answer as it comes out of the checks."""

    text: str
    citations: tuple[Citation, ...]
    pieces: tuple[Piece, ...]
    counts: Counts
    refused: bool

    def cited(self) -> list[tuple[str, str]]:
        """Each cited range of the answer, with the words of the document."""
        return [
            (self.text[c.answer_range.start : c.answer_range.end], c.snippet.text)
            for c in self.citations
        ]


async def with_vectors(brief: Brief, embedder: Embedder) -> Brief:
    """The brief with the vectors of its question and of its passages' windows."""
    question = (await embedder.embed([brief.question.text]))[0]
    vectors: dict[tuple[str, int], Vectors] = {}
    for source in brief.sources:
        for piece in source.near.chunks.values():
            windows = [source.text[span.start : span.end] for span in piece.windows]
            vectors[source.document.id, piece.ordinal] = await embedder.embed(windows)
    return replace(brief, vectors=vectors, found=replace(brief.found, query_vector=question))


def passages_of(brief: Brief) -> tuple[Evidence, ...]:
    return evidence(brief, ROOMY)


async def shown(
    brief: Brief, embedder: Embedder, text: str, *, flags: bool = False, size: int = 5
) -> Shown:
    """What is shown of a text that arrives in pieces of so many characters."""
    passages = passages_of(brief)
    grounding = Grounding(brief, passages, embedder.embed)
    writing = Writing(brief, grounding, known_in(passages), flags=flags)
    pieces: list[Piece] = []
    for start in range(0, len(text), size):
        pieces += [piece async for piece in writing.take(text[start : start + size])]
    pieces += [piece async for piece in writing.finish()]
    return Shown(
        text=_text(pieces),
        citations=tuple(piece.citation for piece in pieces if isinstance(piece, Cited)),
        pieces=tuple(pieces),
        counts=writing.counts,
        refused=writing.refused,
    )


def _text(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, TextDelta))
