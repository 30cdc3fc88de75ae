"""From a question and a viewer to ranked passages that this viewer may see.

A search is four steps. *Recall* asks the index, which is told the permission sets that pass
(worked out in SQL for each question). *Fuse* ranks what came back. *Rerank* looks closer at the
best. *Confirm* checks every passage against SQL, where its text is read in the same query: what
SQL does not confirm is dropped and replaced by the next best.
"""

from __future__ import annotations

import asyncio
import enum
import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from stook.identity.principals import Viewer
from stook.knowledge.encoding.embedding import Embedder
from stook.knowledge.index.protocol import IndexFilter, IndexHit, PassageIndex, PassageKey, Vectors
from stook.knowledge.retrieval import exact_phrases, fusion, spelling
from stook.knowledge.retrieval.exact_match import ExactMatches, exact_matches
from stook.knowledge.retrieval.exact_phrases import ExactPhrase
from stook.knowledge.retrieval.fusion import RankedHit
from stook.knowledge.retrieval.near_duplicates import Duplicates, deduplicate
from stook.knowledge.retrieval.query import (
    ContextQuery,
    QueryModel,
    QueryTerm,
    encode_query,
    weigh_terms,
)
from stook.knowledge.retrieval.recall import CANDIDATES, recall, recall_exact
from stook.knowledge.retrieval.rerank import rerank
from stook.knowledge.retrieval.visible import allowed_for, confirmed, was_replaced
from stook.knowledge.store.documents import Filters, FoundPassage
from stook.knowledge.text import analysis
from stook.storage.database import Database

MOST_UNSEEN = 4  # terms that are looked for in all that the asker may see
LOOKED_UP = 12  # words of a question, before the dictionary is read
CONFIRMED_AT_ONCE = 20  # hits whose text is read from SQL in one query
DEEPER = 4  # times as many candidates, where too few of them may be shown
MOST_READ = 1000  # passages that one search reads, however many are asked for

Condense = Callable[[list[FoundPassage]], list[FoundPassage]]


class Retrieval(enum.StrEnum):
    """What ranks the passages. All but the last are for measuring what each part brings."""

    BM25 = "bm25"
    DENSE = "dense"
    HYBRID = "hybrid"  # both, fused, and nothing else
    QUICK = "quick"  # as full, without late interaction
    FULL = "full"  # everything that measurement has shown to help


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, best first, and the signals that tell whether it answers.

    ``query_vector`` has shape (dimensions,). ``terms`` are what was looked for, stop words left
    out; ``best_lexical`` (BM25) and ``best_dense`` (cosine) are over ``passages``, 0 if none.
    ``unseen`` are those of the terms that nothing has which the asker may see; the rarest of them,
    if they are many. ``known_share`` is the part of the question that the encoder of its tokens
    knows (0 to 1).
    """

    passages: tuple[FoundPassage, ...]
    query_vector: Vectors
    terms: tuple[QueryTerm, ...]
    best_lexical: float = 0.0
    best_dense: float = 0.0
    unseen: frozenset[str] = frozenset()
    known_share: float = 1.0

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
        viewer: Viewer,
        where: Filters,
        limit: int = 10,
        context: Sequence[ContextQuery] = (),
        phrases: Sequence[str] = (),
        duplicates: Duplicates = Duplicates.KEPT,
    ) -> Found:
        """Find the best passages; fewer than ``limit`` only if there are no more.

        ``context`` are the questions that a follow-up leans on. Passages that hold ``phrases``
        come first, if there are any; see ``exact_phrases`` for what the question has in
        quotation marks. Near-duplicates that are left out do not count.
        """
        model = await self._model(query, viewer, where, context, phrases)
        condense = functools.partial(deduplicate, terms=model.query.terms, which=duplicates)
        found = (await self._confirmed(model, limit, condense))[:limit]
        return Found(
            tuple(found),
            model.query.own_vector,
            model.terms,
            max((passage.lexical for passage in found), default=0.0),
            max((passage.dense for passage in found), default=0.0),
            await self._unseen(model, found),
            model.query.token_share,
        )

    async def corrected(self, texts: Sequence[str], viewer: Viewer) -> list[str]:
        """Correct the misspelt words of the texts (see ``spelling``)."""
        if not self._does_all:
            return list(texts)
        allowed = await self._database.read(allowed_for, viewer, Filters())
        if not spelling.is_loaded() and await self._hold_all(texts, allowed):
            return list(texts)
        words = await asyncio.to_thread(spelling.suspects, texts)
        if not words:
            return list(texts)
        found = await asyncio.gather(*(self._candidate(word, viewer, allowed) for word in words))
        best = {word: right for word, right in zip(words, found, strict=True) if right}
        return await asyncio.to_thread(spelling.correct_all, texts, best) if best else list(texts)

    async def window_vectors(self, found: Sequence[FoundPassage]) -> dict[tuple[str, int], Vectors]:
        """Read the window vectors of passages, by document id and ordinal."""
        known = {(p.document.id, p.ordinal): p.vectors for p in found if p.vectors is not None}
        unknown = [p for p in found if p.vectors is None]
        keys = [PassageKey(one.document.id, one.version, one.ordinal) for one in unknown]
        windows = await self._index.windows(keys)
        read = {(key.document_id, key.ordinal): held.vectors for key, held in windows.items()}
        return known | read

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts in one batch; returns shape (texts, dimensions)."""
        return await self._embedder.embed(texts)

    async def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Embed texts that look for others in one batch; returns shape (texts, dimensions)."""
        return await self._embedder.embed_questions(texts)

    @property
    def _does_all(self) -> bool:
        return self._retrieval in (Retrieval.QUICK, Retrieval.FULL)

    async def _model(
        self,
        question: str,
        viewer: Viewer,
        where: Filters,
        context: Sequence[ContextQuery],
        phrases: Sequence[str] = (),
    ) -> QueryModel:
        parsed = await asyncio.to_thread(exact_phrases.parse, question, phrases)
        looked_for = await asyncio.to_thread(analysis.query_terms, parsed.text)
        query, allowed, terms = await asyncio.gather(
            encode_query(self._embedder, parsed.text, context if self._does_all else ()),
            self._database.read(allowed_for, viewer, where),
            weigh_terms(self._index, looked_for),
        )
        model = QueryModel(viewer, query, terms, allowed, ExactMatches())
        if parsed.phrases and self._does_all:
            return replace(model, exact=await self._exact(model, parsed.phrases))
        return model

    async def _exact(self, model: QueryModel, phrases: Sequence[ExactPhrase]) -> ExactMatches:
        """The visible passages that hold what is asked for to the letter."""
        hits = await recall_exact(self._index, phrases, model.query.terms, model.allowed)
        ranked = fusion.combine(hits, [fusion.bm25(hits, 1.0)])
        seen = await self._database.read(confirmed, model.viewer, ranked)
        return await asyncio.to_thread(exact_matches, seen, hits, phrases)

    async def _confirmed(
        self, model: QueryModel, count: int, condense: Condense
    ) -> list[FoundPassage]:
        """At least ``count`` passages that SQL confirms, counted after ``condense``, or all.

        No more than ``MOST_READ`` are read: what is behind them is not found.

        A document that is replaced between the index's answer and SQL's is looked for again.
        """
        depth = min(max(CANDIDATES, 2 * count), MOST_READ)
        once_more = True
        while True:
            hits = await recall(self._index, model, depth)
            ranked = (await self._ranked(model, hits))[:MOST_READ]
            found: list[FoundPassage] = []
            looked_at = 0
            while len(condensed := condense(found)) < count and looked_at < len(ranked):
                part = ranked[looked_at : looked_at + CONFIRMED_AT_ONCE]
                found += await self._database.read(confirmed, model.viewer, part)
                looked_at += len(part)
            if once_more and len(found) < looked_at:
                once_more = False
                if await self._database.read(was_replaced, model.viewer, ranked, found):
                    continue
            if len(condensed) >= count or len(hits) < depth or depth == MOST_READ:
                return condensed
            depth = min(depth * DEEPER, MOST_READ)

    async def _ranked(self, model: QueryModel, hits: Sequence[IndexHit]) -> list[RankedHit]:
        """The hits as the retrieval in force ranks them."""
        match self._retrieval:
            case Retrieval.BM25:
                matched = [hit for hit in hits if hit.lexical > 0]
                return fusion.combine(matched, [fusion.bm25(matched, 1.0)])
            case Retrieval.DENSE:
                near = [hit for hit in hits if hit.dense is not None]
                return fusion.combine(near, [fusion.dense(near, 1.0)])
            case Retrieval.HYBRID:
                return fusion.combine(hits, fusion.hybrid(hits, fusion.LEXICAL_WEIGHT))
        lexical = model.lexical_weight(hits, fusion.LEXICAL_WEIGHT)
        signals = [*fusion.hybrid(hits, lexical), *model.exact.signals(hits, 1.0)]
        ranked = fusion.combine(hits, signals)
        if self._retrieval is Retrieval.QUICK:
            return ranked
        return await rerank(self._index, model, hits, ranked) or ranked

    async def _unseen(self, model: QueryModel, found: Sequence[FoundPassage]) -> frozenset[str]:
        """The rarest terms of the question that no passage has which the asker may see."""
        held = await asyncio.to_thread(_terms_of, found)
        missing = sorted(
            (one for one in model.terms if one.term not in held), key=lambda one: -one.idf
        )
        terms = [one.term for one in missing[:MOST_UNSEEN]]
        seen = await asyncio.gather(*(self._is_seen(term, model) for term in terms))
        return frozenset(term for term, known in zip(terms, seen, strict=True) if not known)

    async def _is_seen(self, term: str, model: QueryModel) -> bool:
        hits = await self._index.holding([term], {}, model.allowed, CONFIRMED_AT_ONCE)
        if not hits:
            return False
        ranked = fusion.combine(hits, [fusion.bm25(hits, 1.0)])
        return bool(await self._database.read(confirmed, model.viewer, ranked))

    async def _hold_all(self, texts: Sequence[str], allowed: IndexFilter) -> bool:
        """Whether passages hold every word, so that none is misspelt: cheaper than a dictionary."""
        words = await asyncio.to_thread(spelling.words, texts)
        if len(words) > LOOKED_UP:
            return False
        wanted = filter(None, map(analysis.terms, words))
        return all(
            await asyncio.gather(*(self._index.holding(each, {}, allowed, 1) for each in wanted))
        )

    async def _candidate(self, word: str, viewer: Viewer, allowed: IndexFilter) -> str | None:
        """The best candidate for a misspelt word; None where passages hold it as it is."""
        if await self._index.holding(analysis.terms(word), {}, allowed, 1):
            return None
        near, terms = await asyncio.to_thread(_near, word)
        hits = await self._index.holding((), terms, allowed, CANDIDATES)
        ranked = fusion.combine(hits, [fusion.bm25(hits, 1.0)])
        seen = await self._database.read(confirmed, viewer, ranked)
        return await asyncio.to_thread(spelling.best_candidate, near, [one.text for one in seen])


def _terms_of(found: Sequence[FoundPassage]) -> set[str]:
    texts = ((one.document.title, *one.heading_path, one.text) for one in found)
    return {term for parts in texts for term in analysis.terms("\n".join(parts))}


def _near(word: str) -> tuple[frozenset[str], dict[str, float]]:
    """The words that are one edit away, and their terms, all of one weight."""
    near = spelling.variants(word)
    return near, dict.fromkeys((term for each in near for term in analysis.terms(each)), 1.0)
