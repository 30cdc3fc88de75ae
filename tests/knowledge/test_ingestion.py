"""Ingestion over a real database, encoder and index, also where it is cut off half way."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import structlog

from stook.errors import Conflict, NotFound
from stook.identity import users
from stook.identity.permissions import EVERYONE_MAY_READ, ORGANISATION, Permissions, Subject
from stook.identity.principals import EVERYONE, Principal
from stook.knowledge.encoding.embedding import Embedder, load_embedder
from stook.knowledge.index.lance import open_index
from stook.knowledge.index.protocol import Encoded, PassageIndex, PassageKey
from stook.knowledge.ingestion import backlog, former_jobs, worker
from stook.knowledge.ingestion.indexing import BATCH_DOCUMENTS, BATCHES_AT_ONCE, Ingestion
from stook.knowledge.ingestion.worker import start_worker
from stook.knowledge.retrieval.retriever import Searcher
from stook.knowledge.store import repository
from stook.knowledge.store.documents import Filters, SourceDocument
from stook.knowledge.store.repository import Change
from stook.settings import Settings
from stook.storage.claims import Claims, open_claims
from stook.storage.database import Database, open_database
from stook.storage.tables import document_texts, documents, passages

ADA = Principal(email="ada@example.com")


@dataclass(frozen=True)
class Parts:
    """What a worker needs, and what tests look into."""

    settings: Settings
    database: Database
    index: PassageIndex
    embedder: Embedder
    ingestion: Ingestion

    async def found(self, query: str, principal: Principal = EVERYONE) -> list[str]:
        """The external ids that a search finds."""
        searcher = Searcher(self.database, self.index, self.embedder)
        hits = await searcher.search(query, principal, Filters(), 10)
        return [hit.document.external_id for hit in hits.passages]

    async def assert_level(self) -> None:
        """The index holds the searchable passages, all of them and nothing else."""
        counts = await self.database.read(backlog.count)
        keys = await self.database.read(_served_keys)
        assert counts.pending == 0
        assert await self.index.count() == counts.passages == len(keys)
        assert (await self.index.windows(keys)).keys() == set(keys)
        assert await self.database.read(_texts) == counts.documents


@pytest.fixture(scope="module")
def embedder() -> Iterator[Embedder]:
    loaded = load_embedder(Settings(embedding_threads=1))
    yield loaded
    loaded.close()


@pytest.fixture
async def parts(database: Database, embedder: Embedder, tmp_path: Path) -> AsyncIterator[Parts]:
    url = database.engine.url.render_as_string(hide_password=False)
    settings = Settings(data_dir=tmp_path, database_url=url.replace("+psycopg", ""))
    database.write_now(users.add, "ada@example.com", "Ada")
    index = await open_index(str(tmp_path / "index"), embedder.dimensions)
    ingestion = Ingestion(settings, database, index, embedder)
    yield Parts(settings, database, index, embedder, ingestion)
    await index.close()


def document(name: str, text: str, **fields: object) -> SourceDocument:
    made = SourceDocument(
        datasource="papers",
        external_id=name,
        title=name.title(),
        url=f"https://example.com/{name}",
        mime_type="text/markdown",
        text=text,
        content_hash=hashlib.sha256(text.encode()).hexdigest(),
        permissions=EVERYONE_MAY_READ,
    )
    return replace(made, **fields)  # type: ignore[arg-type]


ONLY_ADA = Permissions(users=frozenset({Subject(ORGANISATION, "ada@example.com")}))
KITES = document("kites", "# Kites\n\nA kite needs a steady wind.")
TIDES = document("tides", "# Tides\n\nThe tide turns twice a day.")


async def test_a_stored_document_is_found_and_the_same_again_changes_nothing(parts: Parts) -> None:
    first = await parts.ingestion.store_and_index([KITES, TIDES])
    again = await parts.ingestion.store_and_index([KITES, TIDES])
    assert [one.change for one in first] == [Change.ADDED, Change.ADDED]
    assert [one.change for one in again] == [Change.NONE, Change.NONE]
    assert (await parts.found("steady wind"))[0] == "kites"
    await parts.assert_level()


async def test_a_changed_text_replaces_the_old_one(parts: Parts) -> None:
    await parts.ingestion.store_and_index([KITES, TIDES])
    changed = document("kites", "# Kites\n\nA sledge needs snow.")
    [stored] = await parts.ingestion.store_and_index([changed])
    assert (stored.change, stored.version) == (Change.CONTENT, 2)
    assert (await parts.found("sledge in the snow"))[0] == "kites"
    assert parts.database.read_now(repository.text_of, EVERYONE, KITES.id) == changed.text
    await parts.assert_level()


async def test_a_document_stays_served_while_its_next_version_is_pending(parts: Parts) -> None:
    await parts.ingestion.store_and_index([KITES])
    await parts.ingestion.store([document("kites", "Something else entirely.")])
    assert await parts.found("steady wind") == ["kites"]
    assert parts.database.read_now(repository.text_of, EVERYONE, KITES.id) == KITES.text


async def test_new_rights_are_moved_without_embedding_anything(parts: Parts) -> None:
    await parts.ingestion.store_and_index([KITES, TIDES])
    [stored] = await parts.ingestion.store([replace(KITES, permissions=ONLY_ADA)])
    assert stored.change is Change.ACCESS
    assert "kites" not in await parts.found("steady wind")  # before the index hears of it
    parts.embedder.encode, encode = _refuse, parts.embedder.encode  # type: ignore[method-assign]
    try:
        await parts.ingestion.index([KITES.id])
    finally:
        parts.embedder.encode = encode  # type: ignore[method-assign]
    assert "kites" not in await parts.found("steady wind")
    assert (await parts.found("steady wind", ADA))[0] == "kites"
    await parts.assert_level()


async def test_rights_given_before_a_crash_reach_the_index_after_it(parts: Parts) -> None:
    await parts.ingestion.store_and_index([replace(KITES, permissions=ONLY_ADA)])
    await parts.ingestion.store([KITES])
    await parts.ingestion.index_pending()
    assert await parts.found("steady wind") == ["kites"]


async def test_other_details_write_sql_only(parts: Parts) -> None:
    await parts.ingestion.store_and_index([KITES])
    [stored] = await parts.ingestion.store([replace(KITES, author="Ben Franklin")])
    assert stored.change is Change.DETAILS
    assert parts.database.read_now(backlog.count).pending == 0
    assert parts.database.read_now(repository.get, EVERYONE, KITES.url).author == "Ben Franklin"


async def test_a_withdrawn_document_is_gone_at_once_and_then_wholly(parts: Parts) -> None:
    await parts.ingestion.store_and_index([KITES, TIDES])
    await parts.database.write(repository.withdraw, [KITES.id])
    assert await parts.found("steady wind") == ["tides"]
    with pytest.raises(NotFound):
        parts.database.read_now(repository.text_of, EVERYONE, KITES.id)
    assert await parts.ingestion.withdraw("papers", ["tides", "unknown"]) == 1
    await parts.ingestion.index_pending()
    assert await parts.index.count() == 0
    assert parts.database.read_now(_rows) == (0, 0, 0)


async def test_a_document_that_comes_back_before_it_was_erased_is_found_again(
    parts: Parts,
) -> None:
    await parts.ingestion.store_and_index([KITES])
    await parts.database.write(repository.withdraw, [KITES.id])
    assert await parts.ingestion.confirm([KITES]) == [None]
    [stored] = await parts.ingestion.store_and_index([KITES])
    assert stored.change is Change.ADDED
    assert await parts.found("steady wind") == ["kites"]
    await parts.assert_level()


async def test_confirming_takes_new_rights_and_keeps_the_text(parts: Parts) -> None:
    await parts.ingestion.store_and_index([KITES])
    unread = replace(KITES, text="", permissions=ONLY_ADA)
    [confirmed] = await parts.ingestion.confirm([unread])
    assert confirmed is not None
    assert confirmed.change is Change.ACCESS
    assert parts.database.read_now(repository.text_of, ADA, KITES.id) == KITES.text
    assert await parts.ingestion.confirm([replace(unread, content_hash="other")]) == [None]


async def test_nobody_reads_the_text_of_what_they_may_not_see(parts: Parts) -> None:
    await parts.ingestion.store_and_index([replace(KITES, permissions=ONLY_ADA)])
    for query in (repository.get, repository.text_of):
        with pytest.raises(NotFound):
            parts.database.read_now(query, EVERYONE, KITES.id)
        parts.database.read_now(query, ADA, KITES.id)


async def test_what_was_cut_off_between_two_steps_is_finished_later(parts: Parts) -> None:
    """A worker that dies after the index took a version, after SQL did, before older rows went."""
    await parts.ingestion.store_and_index([KITES, TIDES])
    changed = document("kites", "# Kites\n\nKites in winter.\n\n" + "More of it. " * 300)
    await parts.ingestion.store([changed])
    steps: tuple[Any, ...] = (parts.database.write, parts.index.remove)
    for step in steps:
        owner, name = step.__self__, step.__name__
        setattr(owner, name, _die)
        with pytest.raises(_Killed):
            await parts.ingestion.index([KITES.id])
        setattr(owner, name, step)
        assert parts.database.read_now(backlog.count).pending == 1
    await parts.ingestion.index_pending()
    assert (await parts.found("kites in winter"))[0] == "kites"
    await parts.assert_level()


async def test_a_document_at_fault_does_not_hold_up_its_batch(parts: Parts) -> None:
    stored = await parts.ingestion.store([KITES, TIDES])
    encode = parts.embedder.encode

    async def encode_all_but_tides(texts: list[str]) -> object:
        if any("tide" in text for text in texts):
            raise ValueError
        return await encode(texts)

    parts.embedder.encode = encode_all_but_tides  # type: ignore[method-assign, assignment]
    done = await parts.ingestion.index([one.document_id for one in stored])
    parts.embedder.encode = encode  # type: ignore[method-assign]
    assert (done.documents, done.failed) == (1, (TIDES.id,))
    assert await parts.found("steady wind") == ["kites"]
    assert await parts.database.read(backlog.pending, 10) == [TIDES.id]
    await parts.ingestion.index_pending()
    await parts.assert_level()


async def test_reindexing_builds_the_same_from_sql_alone(parts: Parts) -> None:
    many = [document(f"page-{n}", f"# Page {n}\n\nWhat page {n} says.") for n in range(150)]
    assert len(many) > 2 * BATCH_DOCUMENTS
    await parts.ingestion.store_and_index(many)
    await parts.ingestion.withdraw("papers", ["page-7"])
    await parts.index.clear()
    done = await parts.ingestion.reindex()
    assert (done.documents, done.failed) == (149, ())
    assert (await parts.found("what page 42 says"))[0] == "page-42"
    await parts.assert_level()


async def test_an_index_pass_that_a_reindex_overtakes_serves_nothing(parts: Parts) -> None:
    """Its rows went with the old index; what SQL then serves must be in the new one."""
    await parts.ingestion.store([KITES])
    add = parts.index.add

    async def overtaken(rows: object) -> None:
        await add(rows)  # type: ignore[arg-type]
        await parts.database.write(backlog.renumber)
        await parts.index.clear()

    parts.index.add = overtaken  # type: ignore[method-assign, assignment]
    await parts.ingestion.index([KITES.id])
    parts.index.add = add  # type: ignore[method-assign]
    assert await parts.found("steady wind") == []
    await parts.ingestion.index_pending()
    assert await parts.found("steady wind") == ["kites"]
    await parts.assert_level()


async def test_two_at_once_index_a_document_once(parts: Parts) -> None:
    await parts.ingestion.store([KITES, TIDES])
    ids = [KITES.id, TIDES.id]
    done = await asyncio.gather(*(parts.ingestion.index(ids) for _ in range(4)))
    assert sum(one.documents for one in done) == 2
    await parts.assert_level()


async def test_what_is_written_is_indexed_at_once_and_the_rest_is_swept_up(parts: Parts) -> None:
    async with start_worker(parts, sweeping=False) as running:
        await parts.ingestion.store([KITES])
        running.index_soon([KITES.id])
        await _until_level(parts)
        await parts.ingestion.store([TIDES])
        await running.sweep()
        await parts.assert_level()
        with pytest.raises(Conflict):
            async with start_worker(parts):
                pass


async def test_a_worker_leaves_what_another_has_claimed_and_comes_back_to_it(parts: Parts) -> None:
    await parts.ingestion.store([KITES, TIDES])
    claimed = [KITES.id]
    assert parts.ingestion.claims.take(claimed)
    async with start_worker(parts, sweeping=False) as running:
        await running.sweep()
        assert await parts.database.read(backlog.pending, 10) == claimed
        parts.ingestion.claims.give_back(claimed)
        await _until_level(parts)
    await parts.assert_level()


async def test_more_documents_than_a_worker_remembers_are_all_indexed(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "MOST_WAITING", 8)
    monkeypatch.setattr(worker, "SWEPT_AT_ONCE", 4)
    many = [document(f"page-{n}", f"What page {n} says.") for n in range(30)]
    stored = await parts.ingestion.store(many)
    async with start_worker(parts, sweeping=False) as running:
        running.index_soon([one.document_id for one in stored])
        await running.sweep()
    await parts.assert_level()


async def test_a_worker_that_stops_leaves_the_rest_to_the_next(parts: Parts) -> None:
    many = [document(f"page-{n}", f"What page {n} says.") for n in range(300)]
    stored = await parts.ingestion.store(many)
    async with start_worker(parts, sweeping=False) as running:
        running.index_soon([one.document_id for one in stored])
        await asyncio.sleep(0)
    left = (await parts.database.read(backlog.count)).pending
    assert left >= len(many) - BATCHES_AT_ONCE * BATCH_DOCUMENTS
    async with start_worker(parts, sweeping=False) as running:
        await running.sweep()
    await parts.assert_level()


async def test_a_worker_in_the_background_finds_what_is_pending(parts: Parts) -> None:
    await parts.ingestion.store([KITES])
    async with start_worker(parts):
        await _until_level(parts)
    await parts.assert_level()


def test_the_job_database_of_an_earlier_version_is_put_aside_once(tmp_path: Path) -> None:
    jobs = tmp_path / "jobs.db"
    with contextlib.closing(sqlite3.connect(jobs)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE workflow_status (status TEXT)")
        connection.execute("INSERT INTO workflow_status VALUES ('PENDING'), ('SUCCESS')")
        connection.commit()
    with structlog.testing.capture_logs() as lines:
        for _ in range(2):
            former_jobs.put_aside(tmp_path)
    assert [line["unfinished_jobs"] for line in lines] == [1]
    names = {path.name for path in tmp_path.iterdir()}
    assert "jobs-unused.db" in names
    assert not any(name.startswith("jobs.db") for name in names)


def test_a_job_database_that_cannot_be_read_is_put_aside_too(tmp_path: Path) -> None:
    (tmp_path / "jobs.db").write_bytes(b"no database at all")
    former_jobs.put_aside(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["jobs-unused.db"]


def test_a_claim_ends_with_its_process(database_url: str) -> None:
    database = open_database(database_url)
    claims = open_claims(database)
    assert claims.take(["one"])
    holder = _holder(database_url, ["one", "two"])  # gets nothing, as one name is taken
    assert holder.recv() is False
    assert claims.take(["two"])
    claims.give_back(["one", "two"])

    holder = _holder(database_url, ["one", "two"])
    assert holder.recv() is True
    assert not claims.take(["two", "three"])
    assert claims.take(["three"])
    os.kill(holder.recv(), signal.SIGKILL)
    assert asyncio.run(_taken(claims, ["one", "two"]))
    database.close()


# --- helpers -----------------------------------------------------------------------------------


class _Killed(BaseException):
    """Stands for the end of the process at this point: nothing after it is run."""


async def _until_level(parts: Parts) -> None:
    async with asyncio.timeout(60):
        while (await parts.database.read(backlog.count)).pending:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def _die(*_: object) -> None:
    raise _Killed


async def _refuse(texts: Sequence[str]) -> Encoded:
    raise AssertionError("Nothing should be embedded.")


def _served_keys(connection: sa.Connection) -> list[PassageKey]:
    served = sa.and_(
        documents.c.id == passages.c.document_id, documents.c.served_version == passages.c.version
    )
    columns = passages.c
    rows = connection.execute(
        sa.select(columns.document_id, columns.version, columns.ordinal).join(documents, served)
    )
    return [PassageKey(*row) for row in rows]


def _texts(connection: sa.Connection) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(document_texts)) or 0


def _rows(connection: sa.Connection) -> tuple[int, ...]:
    tables = (documents, document_texts, passages)
    return tuple(
        connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables
    )


def _holder(url: str, names: list[str]) -> multiprocessing.connection.Connection:
    """A process that tells whether it got some names, then its id, and sleeps."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_hold, args=(url, names, theirs), daemon=True
    )
    process.start()
    return ours


def _hold(url: str, names: list[str], answers: multiprocessing.connection.Connection) -> None:
    claims = open_claims(open_database(url))
    taken = claims.take(names)
    answers.send(taken)
    answers.send(os.getpid())
    if taken:
        signal.pause()


async def _taken(claims: Claims, names: list[str]) -> bool:
    async with asyncio.timeout(30), claims.hold(names):
        return True
