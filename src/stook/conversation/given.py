"""Passages that stand in the question itself: searched here, and cited as the caller's own.

They are nobody else's and are stored nowhere but in the question, so no right to them can end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from stook.answering.base import Source
from stook.knowledge.index.protocol import Vectors
from stook.knowledge.ingestion.cutting import passages
from stook.knowledge.retrieval.query import QueryTerm
from stook.knowledge.retrieval.retriever import Found, Searcher
from stook.knowledge.store.documents import Chunk, Document, FoundPassage, Span
from stook.knowledge.store.neighbourhoods import Neighbourhood
from stook.knowledge.text.analysis import query_terms, terms
from stook.knowledge.text.chunking import chunk

DATASOURCE = "question"
TITLE = "Sent with the question"
MOST_PASSAGES = 200
VERSION = 0
_ID = "given_"  # no stored document's id begins so


@dataclass(frozen=True, slots=True)
class Given:
    """What was found in the passages, with their texts and vectors, as a search would give it."""

    found: Found
    sources: tuple[Source, ...]
    vectors: dict[tuple[str, int], Vectors]


def is_given(document: Document) -> bool:
    """Whether a document is a passage of a question."""
    return document.id.startswith(_ID)


async def search_given(searcher: Searcher, question: str, texts: Sequence[str]) -> Given:
    """Rank the passages of the texts by the question's words and meaning."""
    cut = [(_document(text), text, piece) for text in texts for piece in chunk(text)]
    cut = cut[:MOST_PASSAGES]
    windows = [text[span.start : span.end] for _, text, piece in cut for span in piece.windows]
    query = (await searcher.embed_questions([question]))[0]
    vectors = await searcher.embed(windows)
    own = _split(vectors, [len(piece.windows) for _, _, piece in cut])
    wanted = query_terms(question)
    ranked = sorted(
        (
            _passage(document, text, piece, wanted, query, held)
            for (document, text, piece), held in zip(cut, own, strict=True)
        ),
        key=lambda passage: -passage.score,
    )
    found = Found(
        tuple(ranked),
        query,
        tuple(QueryTerm(term, 1.0) for term in wanted),
        max((passage.lexical for passage in ranked), default=0.0),
        max((passage.dense for passage in ranked), default=0.0),
    )
    by_key = {(p.document.id, p.ordinal): p.vectors for p in ranked if p.vectors is not None}
    return Given(found, tuple(_sources(ranked, texts)), by_key)


def _document(text: str) -> Document:
    name = _ID + hashlib.sha256(text.encode()).hexdigest()[:24]
    return Document(
        id=name,
        datasource=DATASOURCE,
        external_id=name,
        title=TITLE,
        url="",
        mime_type="text/plain",
        object_type="",
        container="",
        publisher="",
        author="",
        created_at=None,
        updated_at=None,
        details={},
    )


def _split(vectors: Vectors, counts: Sequence[int]) -> list[Vectors]:
    return np.split(vectors, np.cumsum(counts)[:-1]) if counts else []


def _passage(
    document: Document,
    text: str,
    piece: Chunk,
    wanted: Sequence[str],
    query: Vectors,
    vectors: Vectors,
) -> FoundPassage:
    held = text[piece.span.start : piece.span.end]
    words = set(terms("\n".join((*piece.heading_path, held))))
    lexical = sum(term in words for term in wanted) / max(1, len(wanted))
    dense = float((vectors @ query).max()) if len(vectors) else 0.0
    return FoundPassage(
        document=document,
        version=VERSION,
        ordinal=piece.ordinal,
        span=Span(piece.span.start, piece.span.end),
        text=held,
        heading_path=piece.heading_path,
        score=(lexical + dense) / 2,
        lexical=lexical,
        dense=dense,
        vectors=vectors,
    )


def _sources(ranked: Sequence[FoundPassage], texts: Sequence[str]) -> Iterator[Source]:
    """The texts as documents, in the order of their best passages."""
    by_id = {_document(text).id: text for text in texts}
    names = dict.fromkeys(passage.document.id for passage in ranked)
    for rank, name in enumerate(names):
        own = tuple(passage for passage in ranked if passage.document.id == name)
        near = Neighbourhood(passages(by_id[name], chunk(by_id[name])), whole=True)
        yield Source(own[0].document, VERSION, near, own, rank)
