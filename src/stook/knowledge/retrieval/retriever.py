"""From a question and a principal to ranked passages that this principal may see.

The index is asked only for passages in access sets that pass (worked out in SQL for each
question), ranks are fused, and then every hit is checked against SQL, where its text is read in
the same query. What SQL does not confirm is dropped and replaced by the next best. Passages that
hold a quoted phrase or an identifier of the question are raised (see ``holders``).
"""

from __future__ import annotations

import asyncio
import enum
import functools
import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from stook.identity.access import ATTACHED, other_access_sets, visible_access_sets, visible_to
from stook.identity.principals import Principal
from stook.knowledge.encoding.embedding import Embedder
from stook.knowledge.index.protocol import IndexFilter, IndexHit, PassageIndex, PassageKey, Vectors
from stook.knowledge.retrieval import exact_phrases as literal
from stook.knowledge.retrieval import spelling
from stook.knowledge.retrieval.exact_match import Holders, holders
from stook.knowledge.retrieval.exact_phrases import Literal
from stook.knowledge.retrieval.fusion import (
    LEXICAL_OF_THREE,
    RERANKED,
    ScoredKey,
    fuse,
    fuse_all,
    interactions,
    lexical_weight,
)
from stook.knowledge.retrieval.near_duplicates import Copies, fold
from stook.knowledge.retrieval.proximity import closeness
from stook.knowledge.retrieval.query import Leaning, Query, understand
from stook.knowledge.store import containers
from stook.knowledge.store.conditions import matches
from stook.knowledge.store.documents import Document, Filters, FoundPassage, Span
from stook.knowledge.text import analysis
from stook.storage.database import Database
from stook.storage.tables import document_texts, documents, passages

LOOKED_UP = 12  # words of a question, before the dictionary is read
CANDIDATES = 100  # hits asked of each half of the index
HOLDERS = 100  # passages looked at for each phrase or identifier of a question
CHECKED_AT_ONCE = 20  # hits whose text is read from SQL in one query
LONG_ACCESS_LIST = 100  # from here on it is worth knowing the access sets that do not pass


class Retrieval(enum.StrEnum):
    """What ranks the passages. All but the last are for measuring what each part brings."""

    BM25 = "bm25"
    DENSE = "dense"
    HYBRID = "hybrid"  # both, fused, and nothing else
    QUICK = "quick"  # as full, without late interaction
    FULL = "full"  # everything that measurement has shown to help


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A term of the question and its inverse document frequency over all passages."""

    term: str
    idf: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, best first, and the signals that tell whether it answers.

    ``query_vector`` has shape (dimensions,). ``terms`` are what was looked for, stop words left
    out; ``best_lexical`` (BM25) and ``best_dense`` (cosine) are over ``passages``, 0 if none.
    """

    passages: tuple[FoundPassage, ...]
    query_vector: Vectors
    terms: tuple[QueryTerm, ...]
    best_lexical: float = 0.0
    best_dense: float = 0.0

    @property
    def best_late(self) -> float | None:
        """The best late interaction (-1 to 1); None where none is known."""
        known = [one.late for one in self.passages if one.late is not None]
        return max(known, default=None)

    @property
    def lexical_per_term(self) -> float:
        """The best BM25 score, divided by the number of terms looked for."""
        return self.best_lexical / max(1, len(self.terms))

    def matched_share(self, passage: FoundPassage) -> float:
        """How much of the question's IDF mass a passage, its title and headings hold (0 to 1)."""
        text = "\n".join((passage.document.title, *passage.heading_path, passage.text))
        held = set(analysis.terms(text))
        mass = sum(query.idf for query in self.terms)
        return sum(query.idf for query in self.terms if query.term in held) / mass if mass else 0.0


@dataclass(frozen=True, slots=True)
class FoundDocuments:
    """A page of documents, each as its best passage; ``more``: there is a next page."""

    passages: tuple[FoundPassage, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question comes to: who may be shown what, and what is looked for."""

    principal: Principal
    query: Query
    terms: tuple[QueryTerm, ...]
    allowed: IndexFilter
    holders: Holders


class Searcher:
    """Searches passages on behalf of somebody."""

    def __init__(
        self,
        database: Database,
        index: PassageIndex,
        embedder: Embedder,
        retrieval: Retrieval = Retrieval.FULL,
    ) -> None:
        self._database = database
        self._index = index
        self._embedder = embedder
        self._retrieval = retrieval

    async def search(
        self,
        query: str,
        principal: Principal,
        where: Filters,
        limit: int = 10,
        leanings: Sequence[Leaning] = (),
        phrases: Sequence[str] = (),
        copies: Copies = Copies.KEPT,
    ) -> Found:
        """The best passages for a question; fewer than ``limit`` only if there are no more.

        ``leanings`` are what a follow-up leans on. Passages that hold ``phrases`` come first,
        if there are any; see ``literal`` for what the question has in quotation marks. Copies
        that are folded do not count.
        """
        asked = await self._ask(query, principal, where, leanings, phrases)
        folded = functools.partial(fold, terms=asked.query.terms, which=copies)
        found = (await self._visible(asked, limit, folded))[:limit]
        return Found(
            tuple(found),
            asked.query.own_vector,
            asked.terms,
            max((passage.lexical for passage in found), default=0.0),
            max((passage.dense for passage in found), default=0.0),
        )

    async def document_search(
        self,
        query: str,
        principal: Principal,
        where: Filters,
        limit: int = 10,
        offset: int = 0,
        leanings: Sequence[Leaning] = (),
    ) -> FoundDocuments:
        """A page of documents, each by its best passage."""
        asked = await self._ask(query, principal, where, leanings)
        best = await self._visible(asked, offset + limit + 1, _best_of_each_document)
        return FoundDocuments(tuple(best[offset : offset + limit]), len(best) > offset + limit)

    async def corrected(self, texts: Sequence[str], principal: Principal) -> list[str]:
        """The texts with words put right that are misspelt (see ``spelling``)."""
        if not self._does_all:
            return list(texts)
        allowed = await self._database.read(_allowed, principal, Filters())
        if not spelling.is_loaded() and await self._hold_all(spelling.words(texts), allowed):
            return list(texts)
        await spelling.load()
        words = spelling.suspects(texts)
        if not words:
            return list(texts)
        found = await asyncio.gather(*(self._meant(word, principal, allowed) for word in words))
        meant = {word: right for word, right in zip(words, found, strict=True) if right}
        return [spelling.put_right(text, meant) for text in texts] if meant else list(texts)

    async def _hold_all(self, words: Sequence[str], allowed: IndexFilter) -> bool:
        """Whether passages hold every word, so that none is misspelt: cheaper than a dictionary."""
        if len(words) > LOOKED_UP:
            return False
        wanted = filter(None, map(analysis.terms, words))
        return all(
            await asyncio.gather(*(self._index.holding(each, {}, allowed, 1) for each in wanted))
        )

    async def _meant(self, word: str, principal: Principal, allowed: IndexFilter) -> str | None:
        if await self._index.holding(analysis.terms(word), {}, allowed, 1):
            return None
        near = spelling.variants(word)
        terms = dict.fromkeys((term for each in near for term in analysis.terms(each)), 1.0)
        hits = await self._index.holding((), terms, allowed, CANDIDATES)
        seen = await self._database.read(_read, principal, fuse(hits, 1.0))
        return spelling.meant(near, [passage.text for passage in seen])

    async def window_vectors(self, found: Sequence[FoundPassage]) -> dict[tuple[str, int], Vectors]:
        """The window vectors of passages, by document id and ordinal."""
        known = {(p.document.id, p.ordinal): p.vectors for p in found if p.vectors is not None}
        unknown = [p for p in found if p.vectors is None]
        keys = [PassageKey(one.document.id, one.version, one.ordinal) for one in unknown]
        windows = await self._index.windows(keys)
        read = {(key.document_id, key.ordinal): held.vectors for key, held in windows.items()}
        return known | read

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts, in one batch; shape (texts, dimensions)."""
        return await self._embedder.embed(texts)

    async def _weigh(self, terms: Sequence[str]) -> tuple[QueryTerm, ...]:
        total, counts = await asyncio.gather(
            self._index.count(), self._index.document_frequencies(terms)
        )
        return tuple(QueryTerm(term, _idf(counts[term], total)) for term in terms)

    async def _ask(
        self,
        question: str,
        principal: Principal,
        where: Filters,
        leanings: Sequence[Leaning],
        phrases: Sequence[str] = (),
    ) -> _Asked:
        worded = literal.read(question, phrases)
        query, allowed, weighted = await asyncio.gather(
            understand(self._embedder, worded.text, leanings if self._does_all else ()),
            self._database.read(_allowed, principal, where),
            self._weigh(analysis.query_terms(worded.text)),
        )
        asked = _Asked(principal, query, weighted, allowed, Holders())
        if worded.literals and self._does_all:
            return replace(asked, holders=await self._holders(asked, worded.literals))
        return asked

    async def _holders(self, asked: _Asked, literals: Sequence[Literal]) -> Holders:
        """The visible passages that hold what is asked for to the letter."""
        found = await asyncio.gather(
            *(
                self._index.holding(one.terms, asked.query.terms, asked.allowed, HOLDERS)
                for one in literals
            )
        )
        hits = list({hit.key: hit for some in found for hit in some}.values())
        seen = await self._database.read(_read, asked.principal, fuse(hits, 1.0))
        return holders(seen, hits, literals)

    @property
    def _does_all(self) -> bool:
        return self._retrieval in (Retrieval.QUICK, Retrieval.FULL)

    async def _visible(
        self,
        asked: _Asked,
        count: int,
        condense: Callable[[list[FoundPassage]], list[FoundPassage]],
    ) -> list[FoundPassage]:
        """At least ``count`` passages that SQL confirms, counted after ``condense``, or all.

        A document that is replaced between the index's answer and SQL's is looked for again.
        """
        query = asked.query
        wanted = max(CANDIDATES, 2 * count)
        once_more = True
        while True:
            hits = await self._index.search(query.terms, query.vector, asked.allowed, wanted)
            ranked = await self._ranked(asked, asked.holders.among(hits))
            found: list[FoundPassage] = []
            looked_at = 0
            while len(condensed := condense(found)) < count and looked_at < len(ranked):
                part = ranked[looked_at : looked_at + CHECKED_AT_ONCE]
                found += await self._database.read(_read, asked.principal, part)
                looked_at += len(part)
            if once_more and len(found) < looked_at:
                once_more = False
                if await self._database.read(_replaced, asked.principal, ranked, found):
                    continue
            if len(condensed) >= count or len(hits) < wanted:
                return condensed
            wanted *= 4

    async def _ranked(self, asked: _Asked, hits: Sequence[IndexHit]) -> list[ScoredKey]:
        if self._retrieval is Retrieval.BM25:
            return fuse([hit for hit in hits if hit.lexical > 0], 1.0)
        if self._retrieval is Retrieval.DENSE:
            return fuse([hit for hit in hits if hit.dense is not None], 0.0)
        if self._retrieval is Retrieval.HYBRID:
            return fuse(hits)
        ranked = asked.holders.raised(fuse(hits, lexical_weight(asked.query.known_share)))
        if self._retrieval is Retrieval.QUICK:
            return ranked
        return await self._reranked(asked, hits, ranked)

    async def _reranked(
        self, asked: _Asked, hits: Sequence[IndexHit], ranked: list[ScoredKey]
    ) -> list[ScoredKey]:
        """What looks closer at the best ``ranked``, added to the rest."""
        keys = [one.key for one in ranked[:RERANKED]]
        windows = await self._index.windows(keys)
        tokens = {key: held.tokens for key, held in windows.items()}
        late = await asyncio.to_thread(interactions, asked.query.tokens, tokens)
        if not late:
            return ranked
        terms = {hit.key: hit.terms for hit in hits}
        close = closeness(
            {one.term: one.idf for one in asked.terms}, {key: terms[key] for key in keys}
        )
        weight = lexical_weight(asked.query.known_share, LEXICAL_OF_THREE)
        fused = [
            replace(one, vectors=windows[one.key].vectors) if one.key in windows else one
            for one in fuse_all(hits, late, close, weight)
        ]
        return asked.holders.raised(fused)


def _best_of_each_document(found: list[FoundPassage]) -> list[FoundPassage]:
    best: dict[str, FoundPassage] = {}
    for passage in found:
        best.setdefault(passage.document.id, passage)
    return list(best.values())


def _idf(count: int, total: int) -> float:
    """BM25's inverse document frequency, as Lucene computes it (never negative)."""
    return math.log(1 + (max(total, count) - count + 0.5) / (count + 0.5))


# --- SQL ---------------------------------------------------------------------------------------


def _allowed(connection: sa.Connection, principal: Principal, where: Filters) -> IndexFilter:
    visible = frozenset(row.id for row in connection.execute(visible_access_sets(principal)))
    others: frozenset[int] | None = None
    if len(visible) > LONG_ACCESS_LIST:
        others = other_access_sets(connection, visible)
    return IndexFilter(
        access_sets=visible,
        other_access_sets=others,
        datasources=_common(part.datasources or None for part in where.parts),
        not_datasources=_not_datasources(principal, where),
        documents=_common(_included(connection, principal, part) for part in where.parts),
        not_documents=frozenset().union(
            *(
                _ids(connection, principal, part.not_documents, part.not_containers)
                for part in where.parts
            )
        ),
    )


def _common(sets: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """What is in all of them; None stands for everything."""
    given = [each for each in sets if each is not None]
    return frozenset.intersection(*given) if given else None


def _not_datasources(principal: Principal, where: Filters) -> frozenset[str]:
    """Attached files would only take the places of what may be seen."""
    unseen = frozenset[str]() if principal.attachments else frozenset({ATTACHED})
    return unseen.union(*(part.not_datasources for part in where.parts))


def _included(
    connection: sa.Connection, principal: Principal, where: Filters
) -> frozenset[str] | None:
    found: frozenset[str] | None = None
    if where.documents or where.containers:
        found = _ids(connection, principal, where.documents, where.containers)
    if where.publishers:
        query = sa.select(documents.c.id).where(
            visible_to(principal), documents.c.publisher.in_(where.publishers)
        )
        published = frozenset(connection.scalars(query))
        found = published if found is None else found & published
    if where.any_of:
        query = sa.select(documents.c.id).where(visible_to(principal), matches(where.any_of))
        matching = frozenset(connection.scalars(query))
        found = matching if found is None else found & matching
    return found


def _ids(
    connection: sa.Connection,
    principal: Principal,
    names: Collection[str],
    below: Collection[str],
) -> frozenset[str]:
    """Ids of visible documents that are named, or that are below a container that is named."""
    column = documents.c
    named = sa.or_(column.id.in_(names), column.url.in_(names), column.external_id.in_(names))
    query = sa.select(column.id).where(visible_to(principal), named)
    found = frozenset(connection.scalars(query)) if names else frozenset[str]()
    return found | containers.documents_below(connection, principal, below)


def _read(
    connection: sa.Connection, principal: Principal, ranked: Sequence[ScoredKey]
) -> list[FoundPassage]:
    """The passages that the principal may see and that are of the served version, in order."""
    keys = [(one.key.document_id, one.key.version, one.key.ordinal) for one in ranked]
    column = passages.c
    text = sa.func.substr(document_texts.c.text, column.start + 1, column.end - column.start).label(
        "passage_text"
    )
    query = (
        sa.select(documents, column.version, column.ordinal, column.start, column.end)
        .add_columns(column.heading_path, text)
        .join(passages, passages.c.document_id == documents.c.id)
        .join(
            document_texts,
            sa.and_(
                document_texts.c.document_id == column.document_id,
                document_texts.c.version == column.version,
            ),
        )
        .where(
            visible_to(principal),
            documents.c.served_version == column.version,
            sa.tuple_(column.document_id, column.version, column.ordinal).in_(keys),
        )
    )
    rows = {
        PassageKey(row["id"], row["version_1"], row["ordinal"]): row
        for row in connection.execute(query).mappings()
    }
    return [_found(rows[one.key], one) for one in ranked if one.key in rows]


def _replaced(
    connection: sa.Connection,
    principal: Principal,
    ranked: Sequence[ScoredKey],
    found: Sequence[FoundPassage],
) -> bool:
    """Whether a document that was not confirmed is served in a version that was not ranked."""
    confirmed = {passage.document.id for passage in found}
    versions: dict[str, set[int]] = {}
    for one in ranked:
        versions.setdefault(one.key.document_id, set()).add(one.key.version)
    missing = versions.keys() - confirmed
    query = sa.select(documents.c.id, documents.c.served_version).where(
        visible_to(principal), documents.c.id.in_(missing)
    )
    return any(
        row.served_version is not None and row.served_version not in versions[row.id]
        for row in connection.execute(query)
    )


def _found(row: sa.RowMapping, scored: ScoredKey) -> FoundPassage:
    return FoundPassage(
        document=_document(row),
        version=scored.key.version,
        ordinal=scored.key.ordinal,
        span=Span(row["start"], row["end"]),
        text=row["passage_text"],
        heading_path=tuple(row["heading_path"]),
        score=scored.score,
        lexical=scored.lexical,
        dense=scored.dense,
        late=scored.late,
        vectors=scored.vectors,
    )


def _document(row: sa.RowMapping) -> Document:
    values: dict[str, Any] = {name: row[name] for name in Document.__slots__}
    return Document(**values)
