"""The passage index on LanceDB: a local directory, or an object store that many nodes share.

Two tables. ``passages`` has a row for each passage, with its terms for BM25; ``windows`` has a
row for each window, with its vector. Windows are written first: a process killed in between
leaves windows without a passage, which nobody is shown, since every hit is checked against SQL.
"""

from __future__ import annotations

import asyncio
import functools
import itertools
import math
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from stook.errors import IndexOutdated
from stook.knowledge.index.lancedb_import import (
    FTS,
    Bitmap,
    BooleanQuery,
    BTree,
    FullTextOperator,
    FullTextQuery,
    IvfSq,
    MatchQuery,
    Occur,
    lancedb,
)
from stook.knowledge.index.protocol import (
    Encoded,
    IndexedPassage,
    IndexFilter,
    IndexHit,
    PassageIndex,
    PassageKey,
    Vectors,
)
from stook.knowledge.index.rows import (
    KEY,
    keys_of,
    matrix_of,
    passage_rows,
    passage_schema,
    tokens_of,
    window_rows,
    window_schema,
)
from stook.knowledge.index.upkeep import MOST_COMMITS, Upkeep, retry

MIB = 2**20
IndexConfig = FTS | BTree | Bitmap

FULL_TEXT = FTS(
    base_tokenizer="whitespace",
    stem=False,
    remove_stop_words=False,
    ascii_folding=False,
    lower_case=False,
    max_token_length=None,
)
FILTERED: dict[str, IndexConfig] = {
    "document_id": BTree(),
    "access_set": Bitmap(),
    "datasource": Bitmap(),
}
MADE_BY = b"stook.made_by"  # in the metadata of the windows' schema
# From this many windows on, vectors are searched in partitions: PROBED_SHARE of them without a
# filter (never fewer than PROBED_AT_LEAST windows), more the fewer windows pass, as the nearest
# that pass lie further away, and all of them where less than one in 25 passes: an exact scan of
# what passes, but for the rounding of all but the nearest.
PARTITIONED_FROM = 4096
PARTITION_ROWS = 1024
PROBED_SHARE = 0.2
PROBED_AT_LEAST = 20_000  # windows
RETRAINED_AT = 2  # partitions are made anew when there are this many times as many windows
WINDOWS_FOR_PASSAGE = 4  # windows asked for each passage wanted
MOST_COUNTED = 20_000  # a term in more passages than this counts as in this many
NEXT_TO_NOTHING = 1e-6  # the weight of what must be held, but is not to rank
CACHE_MIB = 128  # parts of indexes kept in memory
METADATA_SHARE = 4  # schemas, pages and the like may take this part as much again
REMOTE_REFRESH = timedelta(seconds=1)  # how soon other nodes' writes are seen on object stores


async def open_index(
    location: str,
    dimensions: int,
    made_by: str = "",
    *,
    token_dimensions: int | None = None,
    renew: bool = False,
    cache_mib: int = CACHE_MIB,
) -> PassageIndex:
    """Open the index at a directory or object-store URI; it is made if there is none.

    ``made_by`` says what made the vectors and terms in it. An index that something else filled
    is emptied with ``renew``, and refused with IndexOutdated without. ``token_dimensions`` are
    those of the vectors of tokens, where these are others than ``dimensions``. Credentials and
    addresses of an object store come from the environment, as LanceDB reads it. ``cache_mib``
    bounds what is kept in memory of indexes.
    """
    index = LanceIndex(location, dimensions, made_by, cache_mib, token_dimensions)
    await index.open(renew=renew)
    return index


class LanceIndex:
    """``PassageIndex`` on two LanceDB tables."""

    def __init__(
        self,
        location: str,
        dimensions: int,
        made_by: str = "",
        cache_mib: int = CACHE_MIB,
        token_dimensions: int | None = None,
    ) -> None:
        self._location = location
        self._dimensions = dimensions
        self._token_dimensions = token_dimensions or dimensions
        self._made_by = made_by
        self._cache_bytes = cache_mib * MIB
        self._maintaining = asyncio.Lock()
        self._counted_version = -1
        self._counts: dict[str, int] = {}  # document frequencies at that version
        self._session: lancedb.Session
        self._connection: lancedb.AsyncConnection
        self._passages: lancedb.AsyncTable
        self._windows: lancedb.AsyncTable
        self._opened_version = 0  # of the passages, when the caches were last empty
        self._upkeep = (
            Upkeep(lambda: self._passages, "terms"),
            Upkeep(lambda: self._windows, "document_id"),
        )

    @property
    def cached_bytes(self) -> int:
        """How much of the index is kept in memory."""
        return int(self._session.size_bytes)

    async def open(self, *, renew: bool = False) -> None:
        """Open both tables, and make what is missing; see ``open_index``."""
        await self._connect()
        mark = {MADE_BY: self._made_by}
        wanted = {
            "windows": window_schema(self._dimensions).with_metadata(mark),
            "passages": passage_schema().with_metadata(mark),
        }
        if await self._is_outdated(wanted):
            if not renew:
                raise IndexOutdated
            for name in wanted:
                await self._connection.drop_table(name, ignore_missing=True)
        for name, schema in wanted.items():
            await self._connection.create_table(name, schema=schema, exist_ok=True)
        await self._open_tables()
        await self._ensure_indexes(self._passages, {"terms": FULL_TEXT, **FILTERED})
        await self._ensure_indexes(self._windows, FILTERED)

    async def _connect(self) -> None:
        """Begin with empty caches, each with a limit of its own: it has none otherwise."""
        refresh = REMOTE_REFRESH if "://" in self._location else timedelta(0)
        self._session = lancedb.Session(self._cache_bytes, self._cache_bytes // METADATA_SHARE)
        self._connection = await lancedb.connect_async(
            self._location, read_consistency_interval=refresh, session=self._session
        )

    async def _open_tables(self) -> None:
        self._windows = await self._connection.open_table("windows")
        self._passages = await self._connection.open_table("passages")
        self._opened_version = await self._passages.version()

    async def _is_outdated(self, wanted: Mapping[str, pa.Schema]) -> bool:
        for name in (await self._connection.list_tables()).tables:
            held = await (await self._connection.open_table(name)).schema()
            if name in wanted and not held.equals(wanted[name], check_metadata=True):
                return True
        return False

    async def _ensure_indexes(
        self, table: lancedb.AsyncTable, wanted: Mapping[str, IndexConfig]
    ) -> None:
        held = {column for index in await table.list_indices() for column in index.columns}
        for column, config in wanted.items():
            if column not in held:
                create = functools.partial(table.create_index, column, config=config)
                await retry(create)

    async def add(self, passages: Sequence[IndexedPassage]) -> None:
        """Make passages searchable; adding a key again replaces it."""
        if not passages:
            return
        await self._drop_existing(passages)
        await self._windows.add(window_rows(passages, self._dimensions))
        await self._passages.add(passage_rows(passages))
        await self._maintain_unless_busy(Upkeep.after_adding)

    async def _drop_existing(self, passages: Sequence[IndexedPassage]) -> None:
        ordinals: dict[tuple[str, int], list[str]] = {}
        for passage in passages:
            key = passage.key
            ordinals.setdefault((key.document_id, key.version), []).append(str(key.ordinal))
        where = " OR ".join(
            f"(document_id = {_text(document)} AND version = {version}"
            f" AND ordinal IN ({','.join(numbers)}))"
            for (document, version), numbers in ordinals.items()
        )
        for table in (self._windows, self._passages):
            if await table.count_rows(where):
                await retry(functools.partial(table.delete, where))

    async def remove(self, keep: dict[str, int | None]) -> None:
        """Drop the passages of all versions but the one given (None: of all)."""
        gone = [document for document, version in keep.items() if version is None]
        conditions = [f"document_id IN ({_texts(gone)})"] if gone else []
        conditions += [
            f"(document_id = {_text(document)} AND version <> {version})"
            for document, version in keep.items()
            if version is not None
        ]
        if conditions:
            where = " OR ".join(conditions)
            for table in (self._passages, self._windows):
                await retry(functools.partial(table.delete, where))
            await self._maintain_unless_busy(Upkeep.after_removing)

    async def set_access(self, access_sets: dict[str, int]) -> None:
        """Move all passages of each document to another access set."""
        by_set: dict[int, list[str]] = {}
        for document, number in access_sets.items():
            by_set.setdefault(number, []).append(document)
        for number, documents in by_set.items():
            where = f"document_id IN ({_texts(documents)})"
            for table in (self._windows, self._passages):
                change = functools.partial(table.update, {"access_set": number}, where=where)
                await retry(change)
        await self._maintain_unless_busy(Upkeep.after_adding)

    async def search(
        self,
        terms: Sequence[str] | Mapping[str, float],
        vector: Vectors,
        where: IndexFilter,
        limit: int,
    ) -> list[IndexHit]:
        """The union of the best by BM25 and the best by cosine."""
        condition = _condition(where)
        lexical, dense = await asyncio.gather(
            self._lexical(_weighted(terms), condition, limit),
            self._dense(vector, condition, limit),
        )
        keys = dict.fromkeys([*lexical, *dense])
        return [_hit(key, lexical.get(key), dense.get(key)) for key in keys]

    async def holding(
        self, all_of: Sequence[str], terms: Mapping[str, float], where: IndexFilter, limit: int
    ) -> list[IndexHit]:
        """The best by BM25 for ``terms`` of the passages that hold all of ``all_of``."""
        query = _weighted(terms)
        if all_of:
            needed = _match(all_of, boost=NEXT_TO_NOTHING, operator=FullTextOperator.AND)
            wanted = [(Occur.SHOULD, each) for each in _matches(terms)]
            query = BooleanQuery([(Occur.MUST, needed), *wanted])
        found = await self._lexical(query, _condition(where), limit)
        return [_hit(key, held, None) for key, held in found.items()]

    async def _lexical(
        self, words: FullTextQuery | None, condition: str | None, limit: int
    ) -> dict[PassageKey, tuple[float, str]]:
        """The scores of the best, and their terms."""
        if words is None:
            return {}
        query = self._passages.query().nearest_to_text(words)
        if condition is not None:
            query = query.where(condition)
        found = await retry(query.select([*KEY, "terms", "_score"]).limit(limit).to_arrow)
        scored = zip(found["_score"].to_pylist(), found["terms"].to_pylist(), strict=True)
        return dict(zip(keys_of(found), scored, strict=True))

    async def _dense(
        self, vector: Vectors, condition: str | None, limit: int
    ) -> dict[PassageKey, float]:
        probes = await self._probes(condition)
        wanted = WINDOWS_FOR_PASSAGE * limit
        length = float(np.linalg.norm(vector))
        # Of an array of NumPy's, Arrow asks whether it is masked, and imports numpy.ma for that.
        sought = pa.array(vector.tolist(), pa.float32())
        while True:
            query = self._windows.query().nearest_to(sought).distance_type("cosine")
            query = query.nprobes(probes).refine_factor(1)
            if condition is not None:
                query = query.where(condition)
            found = await retry(query.select([*KEY, "_distance"]).limit(wanted).to_arrow)
            best: dict[PassageKey, float] = {}
            for key, distance in zip(keys_of(found), found["_distance"].to_pylist(), strict=True):
                best.setdefault(key, length * (1.0 - distance))
            if len(best) >= limit or found.num_rows < wanted:
                return dict(itertools.islice(best.items(), limit))
            wanted *= WINDOWS_FOR_PASSAGE

    async def _probes(self, condition: str | None) -> int:
        """How many partitions are searched."""
        trained = _trained_rows(await self._windows.list_indices())
        share = max(PROBED_SHARE, PROBED_AT_LEAST / max(trained, 1))
        if condition is not None and trained:
            passing, every = await asyncio.gather(
                self._windows.count_rows(condition), self._windows.count_rows()
            )
            share /= math.sqrt(max(passing, 1) / max(every, 1))
        return max(1, math.ceil(min(1.0, share) * trained / PARTITION_ROWS))

    async def document_frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many passages each term occurs, whoever may see them."""
        version = await self._passages.version()
        if version != self._counted_version:
            self._counted_version, self._counts = version, {}
        counts = self._counts
        missing = [term for term in terms if term not in counts]
        found = await asyncio.gather(*(self._document_frequency(term) for term in missing))
        counts.update(zip(missing, found, strict=True))
        return {term: counts[term] for term in terms}

    async def _document_frequency(self, term: str) -> int:
        query = self._passages.query().nearest_to_text(term, "terms")
        found = await retry(query.select(["_score"]).limit(MOST_COUNTED).to_arrow)
        return int(found.num_rows)

    async def windows(self, keys: Sequence[PassageKey]) -> dict[PassageKey, Encoded]:
        """The windows of passages as they were added; keys that it does not hold are left out."""
        if not keys:
            return {}
        wanted = set(keys)
        ordinals = ",".join(map(str, sorted({key.ordinal for key in keys})))
        documents = _texts({key.document_id for key in keys})
        where = f"document_id IN ({documents}) AND ordinal IN ({ordinals})"
        columns = [*KEY, "window", "vector", "tokens"]
        found = await retry(self._windows.query().where(where).select(columns).to_arrow)
        rows: dict[PassageKey, list[tuple[int, int]]] = {}
        numbered = zip(keys_of(found), found["window"].to_pylist(), strict=True)
        for place, (key, window) in enumerate(numbered):
            if key in wanted:
                rows.setdefault(key, []).append((window, place))
        vectors = matrix_of(found["vector"], self._dimensions)
        tokens = tokens_of(found["tokens"], self._token_dimensions)
        places = {key: [place for _, place in sorted(held)] for key, held in rows.items()}
        return {
            key: Encoded(vectors[held], tuple(tokens[place] for place in held))
            for key, held in places.items()
        }

    async def count(self) -> int:
        """How many passages the index holds, stale versions included."""
        return int(await self._passages.count_rows())

    async def optimize(self) -> None:
        """Bring indexes up to date and compact; searches and writes go on meanwhile."""
        await self._maintain(Upkeep.optimize)

    async def tidy(self) -> None:
        """``optimize`` where it is due; cheap where nothing was changed."""
        await self._maintain(Upkeep.tidy)

    async def _maintain(self, work: Callable[[Upkeep], Awaitable[None]]) -> None:
        async with self._maintaining:
            for upkeep in self._upkeep:
                await work(upkeep)
            await self._partition()
            await self._forget()

    async def _forget(self) -> None:
        """Open the tables anew after many commits, with empty caches.

        The caches hold parts of each version that was read until they are full, whether or not
        the version is still there. Queries that run keep the tables that they began with.
        """
        if await self._passages.version() - self._opened_version >= MOST_COMMITS:
            await self._connect()
            await self._open_tables()

    async def _maintain_unless_busy(self, work: Callable[[Upkeep], Awaitable[None]]) -> None:
        if not self._maintaining.locked():  # whoever holds the lock, or the next write, sees to it
            await self._maintain(work)

    async def _partition(self) -> None:
        """Make partitions of the vectors where there are none, or far too few.

        Their size is given, not their number: LanceDB would join partitions of any smaller
        size than it has in mind to a handful of large ones as soon as it adds new rows.
        """
        rows = await self._windows.count_rows()
        held = [one for one in await self._windows.list_indices() if one.columns == ["vector"]]
        if rows < max(PARTITIONED_FROM, RETRAINED_AT * _trained_rows(held)):
            return
        config: Any = IvfSq(
            distance_type="cosine", target_partition_size=PARTITION_ROWS, max_iterations=15
        )
        create = functools.partial(
            self._windows.create_index, "vector", config=config, name=f"vector_{rows}"
        )
        await retry(create)
        for one in held:
            await retry(functools.partial(self._windows.drop_index, one.name))

    async def clear(self) -> None:
        """Drop everything."""
        for table in (self._passages, self._windows):
            await retry(functools.partial(table.delete, "true"))

    async def close(self) -> None:
        """Release files and threads."""
        opened: tuple[Any, ...] = (self._passages, self._windows, self._connection)
        for one in opened:
            one.close()


def _trained_rows(indexes: Iterable[Any]) -> int:
    """From how many windows the partitions were made, which the index's name tells; 0: none."""
    names = [index.name for index in indexes if index.columns == ["vector"]]
    return max((int(name.removeprefix("vector_")) for name in names), default=0)


def _weighted(terms: Sequence[str] | Mapping[str, float]) -> FullTextQuery | None:
    if not isinstance(terms, Mapping):
        terms = dict.fromkeys(terms, 1.0)
    queries = _matches(terms)
    if len(queries) > 1:
        return BooleanQuery([(Occur.SHOULD, query) for query in queries])
    return queries[0] if queries else None


def _hit(key: PassageKey, matched: tuple[float, str] | None, dense: float | None) -> IndexHit:
    score, terms = matched or (0.0, "")
    return IndexHit(key, score, dense, terms)


def _matches(terms: Mapping[str, float]) -> list[FullTextQuery]:
    """A query for the terms of each weight."""
    alike: dict[float, list[str]] = {}
    for term, weight in terms.items():
        alike.setdefault(weight, []).append(term)
    return [_match(some, boost=weight) for weight, some in alike.items()]


def _match(terms: Sequence[str], **how: Any) -> FullTextQuery:
    match: Any = MatchQuery  # its type is that of a dataclass without defaults
    query: FullTextQuery = match(" ".join(terms), "terms", **how)
    return query


def _condition(where: IndexFilter) -> str | None:
    parts = []
    if where.access_sets is not None:
        parts.append(_access_condition(where.access_sets, where.other_access_sets))
    if where.datasources is not None:
        parts.append(_in("datasource", [_text(name) for name in sorted(where.datasources)]))
    if where.documents is not None:
        parts.append(_in("document_id", [_text(name) for name in sorted(where.documents)]))
    if where.not_datasources:
        parts.append(f"datasource NOT IN ({_texts(where.not_datasources)})")
    if where.not_documents:
        parts.append(f"document_id NOT IN ({_texts(where.not_documents)})")
    return " AND ".join(parts) or None


def _access_condition(allowed: Collection[int], others: Collection[int] | None) -> str:
    """The shorter of two lists; sets made since both were read are larger, and do not pass."""
    if others is not None and len(others) < len(allowed):
        newest = f"access_set <= {max((*allowed, *others))}"
        denied = ",".join(map(str, sorted(others)))
        return f"{newest} AND access_set NOT IN ({denied})" if denied else newest
    return _in("access_set", [str(number) for number in sorted(allowed)])


def _in(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({','.join(values)})" if values else "false"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _texts(values: Collection[str]) -> str:
    return ",".join(_text(value) for value in sorted(values))
