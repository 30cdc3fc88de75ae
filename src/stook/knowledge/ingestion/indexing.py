"""How a document becomes searchable, and stops being so.

1. ``store``: one SQL write takes the documents in. They are acknowledged, and pending.
2. ``index``: their passages are cut and embedded, and added to the index.
3. One SQL write makes that version the one that is searched.
4. Older versions leave the index, and then the database.

Every step may be repeated and may be cut off anywhere: ``backlog`` says from SQL alone what is
left. A claim keeps two workers from indexing one document at the same time. A batch shares one
index commit and one SQL write; several batches are on their way at once, so that the encoder
never waits for the database.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import (
    AsyncIterator,
    Callable,
    Collection,
    Coroutine,
    Iterable,
    Sequence,
)
from dataclasses import dataclass, replace

import sqlalchemy as sa
import structlog

from stook.knowledge.encoding.embedding import Embedder
from stook.knowledge.index.protocol import (
    Encoded,
    IndexedPassage,
    PassageIndex,
    PassageKey,
    Vectors,
)
from stook.knowledge.ingestion import backlog
from stook.knowledge.ingestion.backlog import Backlog, PendingText
from stook.knowledge.ingestion.cutting import Cut, cut
from stook.knowledge.questions.making import MadeQuestion
from stook.knowledge.store import repository
from stook.knowledge.store.documents import SourceDocument, document_id
from stook.knowledge.store.repository import Stored
from stook.settings import Settings
from stook.storage.claims import Claims, open_claims
from stook.storage.database import Database

BATCH_DOCUMENTS = 64
BATCH_CHARACTERS = 400_000  # about one encoder minute on two slow cores
BATCHES_AT_ONCE = 3  # one in the encoder, one before it, one behind it

# Of a question made from a document, to what answers it: the least cosine, and how much nearer
# another part of the document may be.
NEAR_ENOUGH, NEARLY = 0.35, 0.2
MOST_RIVALS = 8  # other processes that store the same new documents at the same moment
OPTIMIZE_CLAIM = "optimize the index"

Progress = Callable[["Indexed"], None]
IndexBatch = Callable[[Sequence[str]], Coroutine[None, None, "Indexed"]]
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Indexed:
    """What became of a batch: documents done, their passages, and documents that failed."""

    documents: int = 0
    passages: int = 0
    failed: tuple[str, ...] = ()

    def __add__(self, other: Indexed) -> Indexed:
        return Indexed(
            self.documents + other.documents,
            self.passages + other.passages,
            self.failed + other.failed,
        )


@dataclass(frozen=True, slots=True)
class _Cut:
    """A text, cut."""

    text: PendingText
    made: Cut


class Pipeline:
    """Indexes batches, a few at once, so that the encoder always has one waiting.

    An async context manager: leaving it waits for what is on its way; then ``total`` is what
    was done.
    """

    def __init__(self, index: IndexBatch, progress: Progress | None = None) -> None:
        self._index = index
        self._progress = progress
        self._running: set[asyncio.Task[Indexed]] = set()
        self.total = Indexed()

    async def __aenter__(self) -> Pipeline:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            while self._running and kind is None:
                await self._collect()
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    async def put(self, document_ids: Sequence[str]) -> None:
        """Have a batch indexed; waits while enough are on their way."""
        if len(self._running) >= BATCHES_AT_ONCE:
            await self._collect()
        self._running.add(asyncio.ensure_future(self._index(document_ids)))

    async def _collect(self) -> None:
        done, self._running = await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            self.total += task.result()
            if self._progress is not None:
                self._progress(task.result())


class Ingestion:
    """Takes documents in and keeps the search index level with SQL."""

    def __init__(
        self, settings: Settings, database: Database, index: PassageIndex, embedder: Embedder
    ) -> None:
        self._settings = settings
        self._database = database
        self._index = index
        self._embedder = embedder
        self._claims = open_claims(database)

    @property
    def claims(self) -> Claims:
        return self._claims

    async def store(self, documents: Sequence[SourceDocument]) -> list[Stored]:
        """Take documents in durably; datasources that are new are made."""
        return await self._write_again(_store, documents)

    async def confirm(self, documents: Sequence[SourceDocument]) -> list[Stored | None]:
        """``repository.confirm``, for documents whose bytes are those already stored."""
        return await self._database.write(repository.confirm, documents)

    async def store_and_index(self, documents: Sequence[SourceDocument]) -> list[Stored]:
        """Take documents in and return when they are searchable."""
        stored = await self.store(documents)
        await self.index([one.document_id for one in stored if one.changed])
        return stored

    async def withdraw(self, datasource: str, external_ids: Iterable[str]) -> int:
        """Take documents away from everybody at once, then remove them; how many there were."""
        return await self.withdraw_ids([document_id(datasource, name) for name in external_ids])

    async def withdraw_ids(self, document_ids: Iterable[str]) -> int:
        """``withdraw``, for documents named by their ids."""
        gone = await self._database.write(repository.withdraw, list(document_ids))
        await self.index(gone)
        return len(gone)

    async def index(self, document_ids: Sequence[str]) -> Indexed:
        """Bring the index level with SQL for these documents, whatever is pending of them.

        A document that cannot be indexed does not hold up the others: it is reported, and
        stays pending.
        """
        if not document_ids:
            return Indexed()
        async with self._claims.hold(document_ids):
            return await self._catch_up(document_ids)

    async def index_unclaimed(self, document_ids: Sequence[str]) -> tuple[Indexed, list[str]]:
        """``index``, without waiting for others: gives what was done, and whom others claim."""
        async with self._claims.hold_free(document_ids) as free:
            done = await self._catch_up(free)
        return done, [name for name in document_ids if name not in free]

    async def index_pending(self, progress: Progress | None = None) -> Indexed:
        """Bring the index level with SQL for everything that is pending now."""
        async with Pipeline(self.index, progress) as pipeline:
            async for ids in self._pending_batches():
                await pipeline.put(ids)
        return pipeline.total

    async def reindex(self, progress: Progress | None = None) -> Indexed:
        """Build the index anew from SQL alone; until done, searches see what is built so far."""
        await self._database.write(backlog.renumber)
        await self._index.clear()
        done = await self.index_pending(progress)
        await self.optimize()
        return done

    async def optimize(self) -> None:
        """Bring the index into its best shape, unless another process is at it."""
        async with self._claims.hold_free([OPTIMIZE_CLAIM]) as taken:
            if taken:
                await self._index.optimize()

    async def tidy(self) -> None:
        """Let the index tidy itself up where that is due, unless another process is at it."""
        async with self._claims.hold_free([OPTIMIZE_CLAIM]) as taken:
            if taken:
                await self._index.tidy()

    async def _catch_up(self, document_ids: Collection[str]) -> Indexed:
        """Do whatever is pending of documents that are claimed."""
        work = await self._database.read(backlog.load, document_ids)
        await self._remove_withdrawn(work)
        await self._move_access(work)
        await self._forget_superseded(work)
        done = Indexed()
        for batch in _batches(work.texts):
            done += await self._index_or_divide(batch)
        return done

    async def _pending_batches(self) -> AsyncIterator[list[str]]:
        last = ""
        while ids := await self._database.read(backlog.pending, BATCH_DOCUMENTS, after=last):
            yield ids
            last = ids[-1]

    async def _remove_withdrawn(self, work: Backlog) -> None:
        if work.withdrawn:
            await self._index.remove(dict.fromkeys(work.withdrawn))
            await self._database.write(backlog.erase, work.withdrawn)

    async def _move_access(self, work: Backlog) -> None:
        if work.access_sets:
            await self._index.set_access(dict(work.access_sets))
            await self._database.write(backlog.moved, work.access_sets)

    async def _forget_superseded(self, work: Backlog) -> None:
        if work.superseded:
            await self._forget_older(dict(work.superseded))

    async def _index_or_divide(self, texts: Sequence[PendingText]) -> Indexed:
        """Index a batch; where that fails, each document by itself, to find the one at fault."""
        try:
            return await self._index_texts(texts)
        except Exception as error:
            if len(texts) == 1:
                log.warning(
                    "document not indexed",
                    document=texts[0].document_id,
                    error=type(error).__name__,
                )
                return Indexed(failed=(texts[0].document_id,))
        done = Indexed()
        for text in texts:
            done += await self._index_or_divide([text])
        return done

    async def _index_texts(self, texts: Sequence[PendingText]) -> Indexed:
        cuts = await asyncio.to_thread(_cut_all, texts)
        windows = [window for each in cuts for window in each.made.windows]
        asked = [one.question for each in cuts for one in each.made.questions]
        if windows:
            encoded = await self._embedder.encode([*windows, *asked])
            await self._index.add(_rows(cuts, encoded))
            cuts = await asyncio.to_thread(_with_answered, cuts, encoded.vectors)
        served = await self._database.write(_serve, cuts)
        await self._forget_older({cut.text.document_id: cut.text.version for cut in served})
        return Indexed(len(cuts), sum(len(each.made.passages) for each in served))

    async def _forget_older(self, versions: dict[str, int]) -> None:
        """The first version of a document has no older ones."""
        later = {key: version for key, version in versions.items() if version > 1}
        if later:
            await self._index.remove(dict[str, int | None](later))
            await self._database.write(backlog.forget_older, later)

    async def _write_again(self, query: Callable[..., list[Stored]], *args: object) -> list[Stored]:
        """Several may have seen that a document is new; all but the first try again."""
        for _ in range(MOST_RIVALS):
            with contextlib.suppress(sa.exc.IntegrityError):
                return await self._database.write(query, *args)
        return await self._database.write(query, *args)


def _store(connection: sa.Connection, documents: Sequence[SourceDocument]) -> list[Stored]:
    for name in sorted({document.datasource for document in documents}):
        repository.ensure_datasource(connection, name)
    return repository.store(connection, documents)


def _serve(connection: sa.Connection, cuts: Sequence[_Cut]) -> list[_Cut]:
    return [
        each
        for each in cuts
        if backlog.serve(connection, each.text, each.made.passages, each.made.questions)
    ]


def _batches(texts: Sequence[PendingText]) -> Iterable[list[PendingText]]:
    """Runs of texts that are not too long together."""
    batch: list[PendingText] = []
    characters = 0
    for text in texts:
        if batch and characters + len(text.text) > BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
        batch.append(text)
        characters += len(text.text)
    if batch:
        yield batch


def _cut_all(texts: Sequence[PendingText]) -> list[_Cut]:
    return [_Cut(each, cut(each.text, each.title, each.places)) for each in texts]


def _with_answered(cuts: Sequence[_Cut], vectors: Vectors) -> list[_Cut]:
    """The cuts with those of their questions that are answered where they should be.

    A question is asked of its own document: what is nearest to it, or nearly so, has to be a
    window of the passages that it was made of. ``vectors`` are of all windows, then of all
    questions.
    """
    first, asked = 0, sum(len(each.made.windows) for each in cuts)
    found = []
    for each in cuts:
        made = each.made
        own = vectors[first : first + len(made.windows)]
        near = vectors[asked : asked + len(made.questions)] @ own.T
        first, asked = first + len(made.windows), asked + len(made.questions)
        kept = (
            one
            for one, cosines in zip(made.questions, near, strict=True)
            if _is_answered(made, one, cosines)
        )
        found.append(replace(each, made=replace(made, questions=tuple(kept))))
    return found


def _is_answered(made: Cut, one: MadeQuestion, cosines: Vectors) -> bool:
    spans = (window for passage in made.passages for window in passage.chunk.windows)
    inside = [
        cosine
        for span, cosine in zip(spans, cosines.tolist(), strict=True)
        if span.start < one.answer.end and one.answer.start < span.end
    ]
    nearest = max(inside, default=0.0)
    return nearest >= NEAR_ENOUGH and nearest >= float(cosines.max()) - NEARLY


def _rows(cuts: Sequence[_Cut], encoded: Encoded) -> list[IndexedPassage]:
    """The index rows; what was encoded are the windows, in the order of the cuts."""
    rows, first = [], 0
    for each in cuts:
        text = each.text
        for passage, terms in zip(each.made.passages, each.made.terms, strict=True):
            windows = slice(first, first + len(passage.chunk.windows))
            first = windows.stop
            key = PassageKey(text.document_id, text.version, passage.chunk.ordinal)
            vectors, tokens = encoded.vectors[windows], encoded.tokens[windows]
            rows.append(
                IndexedPassage(key, text.access_set, text.datasource, terms, vectors, tokens)
            )
    return rows
