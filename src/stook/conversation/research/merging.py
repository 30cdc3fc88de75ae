"""Puts what several searches found into one brief."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from stook.answering.base import Brief, Source
from stook.conversation.context import duplicates_for
from stook.knowledge.index.protocol import Vectors
from stook.knowledge.retrieval.near_duplicates import deduplicate
from stook.knowledge.store.documents import FoundPassage
from stook.understanding.content import text_terms

SECOND_HAND = 0.9  # what a passage counts that only another wording found, or only its document
Key = tuple[str, int]


def key_of(passage: FoundPassage) -> Key:
    return passage.document.id, passage.ordinal


def with_more(brief: Brief, more: Brief) -> Brief:
    """The brief with what a search in other words found, judged by the brief's own question."""
    known = {key_of(passage) for passage in brief.found.passages}
    vectors = brief.vectors | more.vectors
    added = [
        _judged(passage, brief, vectors)
        for passage in more.found.passages
        if key_of(passage) not in known
    ]
    both = sorted((*brief.found.passages, *added), key=lambda one: -one.score)
    terms = [one.term for one in brief.found.terms]
    folded = deduplicate(both, terms, duplicates_for(brief.question))
    return _with_passages(brief, folded, more.sources, vectors)


def passages_of(source: Source) -> tuple[FoundPassage, ...]:
    """All passages of a document, with the score of its best one."""
    best = source.passages[0]
    return tuple(
        FoundPassage(
            document=source.document,
            version=source.version,
            ordinal=ordinal,
            span=chunk.span,
            text=source.text[chunk.span.start : chunk.span.end],
            heading_path=chunk.heading_path,
            score=best.score,
            lexical=0.0,
            dense=0.0,
        )
        for ordinal, chunk in source.near.chunks.items()
    )


def with_whole(
    brief: Brief, passages: Sequence[FoundPassage], vectors: dict[Key, Vectors]
) -> Brief:
    """The brief with all passages of documents of which it had some."""
    known = {key_of(passage) for passage in brief.found.passages}
    all_vectors = brief.vectors | vectors
    added = [
        _judged(passage, brief, all_vectors) for passage in passages if key_of(passage) not in known
    ]
    return _with_passages(brief, (*brief.found.passages, *added), (), all_vectors)


def without_other_sides(brief: Brief, own: str, others: Sequence[str]) -> Brief:
    """The brief without documents that are named after another side of a comparison.

    "Contractors" says what holds for contractors, and is no answer about employees.
    """
    ours, theirs = text_terms(own), [text_terms(other) for other in others]

    def is_of_others(passage: FoundPassage) -> bool:
        name = text_terms(passage.document.title)
        return not name & ours and any(name and name <= other for other in theirs)

    kept = [passage for passage in brief.found.passages if not is_of_others(passage)]
    if not kept or len(kept) == len(brief.found.passages):
        return brief
    return _with_passages(brief, kept, (), brief.vectors)


def merged(briefs: Sequence[Brief], whole: Brief | None = None) -> Brief:
    """All that was found for the parts, for the question that ``whole`` (or the first) is of."""
    base = whole or briefs[0]
    for brief in briefs:
        if brief is not base:
            base = with_more(base, brief)
    return base


def _judged(passage: FoundPassage, brief: Brief, vectors: dict[Key, Vectors]) -> FoundPassage:
    windows = vectors.get(key_of(passage))
    query = brief.found.query_vector.reshape(-1)
    dense = 0.0
    if windows is not None and len(windows) and query.size == windows.shape[-1]:
        dense = float(np.max(windows @ query))
    return replace(passage, score=SECOND_HAND * passage.score, dense=dense, late=None)


def _with_passages(
    brief: Brief,
    given: Sequence[FoundPassage],
    sources: Iterable[Source],
    vectors: dict[Key, Vectors],
) -> Brief:
    passages = sorted(given, key=lambda one: -one.score)
    texts = {source.document.id: source for source in brief.sources}
    for source in sources:
        held = texts.setdefault(source.document.id, source)
        if held is not source and held.version == source.version:
            texts[source.document.id] = replace(held, near=held.near.joined(source.near))
    by_document: dict[str, list[FoundPassage]] = {}
    for passage in passages:
        if passage.document.id in texts:
            by_document.setdefault(passage.document.id, []).append(passage)
    regrouped = tuple(
        replace(texts[document], passages=tuple(own), rank=rank)
        for rank, (document, own) in enumerate(by_document.items())
    )
    dense = max((passage.dense for passage in passages), default=0.0)
    found = replace(brief.found, passages=tuple(passages), best_dense=dense)
    return replace(brief, found=found, sources=regrouped, vectors=vectors)
