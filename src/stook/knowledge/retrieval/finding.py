"""Finds documents: one entry a document, best first, narrowed by phrases and words left out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from stook.identity.principals import Viewer
from stook.knowledge.retrieval.exact_phrases import holds_phrase
from stook.knowledge.retrieval.retriever import Searcher
from stook.knowledge.store import catalogue, curated
from stook.knowledge.store.documents import Document, Filters, FoundPassage
from stook.knowledge.text import analysis
from stook.storage.database import Database

DEPTH = 300  # passages looked at; what is behind them is not a result
NEWEST = 500  # documents listed where nothing is asked but a filter
LEAST_COSINE = 0.3  # of a passage that shares no word with the question


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; without ``text`` everything in ``where``, newest first.

    Every document found holds all ``phrases`` and none of the words or phrases ``without``.
    """

    text: str
    where: Filters
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document with those of its passages that were found, best first, and its ``copies``."""

    document: Document
    passages: tuple[FoundPassage, ...]
    copies: tuple[FoundDocument, ...] = ()

    @property
    def score(self) -> float:
        """That of its best passage; 0 where nothing was searched for."""
        return max((passage.score for passage in self.passages), default=0.0)


async def find_documents(
    searcher: Searcher, database: Database, viewer: Viewer, wanted: Wanted
) -> list[FoundDocument]:
    """All results, best first. Only what the viewer may see is looked at, or counted."""
    if wanted.text.strip():
        passages = await searcher.search(
            wanted.text, viewer, wanted.where, DEPTH, phrases=wanted.phrases
        )
        written = await database.read(curated.find, viewer, wanted.where, wanted.text)
        found = _with_first(_by_document(passages.passages), written)
    else:
        listed = await database.read(catalogue.newest, viewer, wanted.where, NEWEST)
        found = [FoundDocument(document, ()) for document in listed]
    if not (wanted.phrases or wanted.without):
        return found
    ids = [each.document.id for each in found]
    texts = await database.read(catalogue.texts, viewer, ids)
    return await asyncio.to_thread(_fitting, found, texts, wanted)


def without_copies(found: Sequence[FoundDocument]) -> list[FoundDocument]:
    """The documents, with those of the same title and words in other datasources as copies.

    The one that changed last stands in the place of the best.
    """
    alike: dict[object, list[FoundDocument]] = {}
    for each in found:
        pages = alike.setdefault(_page(each), [])
        if any(each.document.datasource == other.document.datasource for other in pages):
            pages = alike.setdefault(each.document.id, [])
        pages.append(each)
    return [_newest_with_copies(pages) for pages in alike.values()]


def _page(found: FoundDocument) -> object:
    """The same for two documents that cannot be told apart by what was found of them."""
    texts = frozenset(passage.text for passage in found.passages)
    return (found.document.title, texts) if texts else found.document.id


def _newest_with_copies(pages: Sequence[FoundDocument]) -> FoundDocument:
    newest = max(pages, key=lambda each: each.document.updated_at or 0)
    return replace(newest, copies=tuple(each for each in pages if each is not newest))


def _by_document(passages: Sequence[FoundPassage]) -> list[FoundDocument]:
    grouped: dict[str, list[FoundPassage]] = {}
    for passage in passages:
        if passage.lexical > 0 or passage.dense >= LEAST_COSINE:
            grouped.setdefault(passage.document.id, []).append(passage)
    return [FoundDocument(held[0].document, tuple(held)) for held in grouped.values()]


def _with_first(found: list[FoundDocument], written: curated.Match | None) -> list[FoundDocument]:
    """The results, what somebody wrote as the answer to the very question before all others."""
    if written is None:
        return found
    first = [each for each in found if each.document.id == written.document.id]
    others = [each for each in found if each.document.id != written.document.id]
    return [*(first or [FoundDocument(written.document, ())]), *others]


def _fitting(
    found: Sequence[FoundDocument], texts: Mapping[str, str], wanted: Wanted
) -> list[FoundDocument]:
    return [each for each in found if _fits(each, texts.get(each.document.id), wanted)]


def _fits(found: FoundDocument, text: str | None, wanted: Wanted) -> bool:
    if text is None:
        return False
    whole = f"{found.document.title}\n{text}"
    if not all(holds_phrase(whole, phrase) for phrase in wanted.phrases):
        return False
    held = set(analysis.terms(whole)) if wanted.without else set()
    return not any(_holds(whole, held, unwanted) for unwanted in wanted.without)


def _holds(text: str, terms: set[str], unwanted: str) -> bool:
    if " " in unwanted:
        return holds_phrase(text, unwanted)
    return bool(looked_for := set(analysis.terms(unwanted))) and looked_for <= terms
