"""The index stays small however often documents come and go, and leaves readers what they read."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from stook.knowledge.index import lance, upkeep
from stook.knowledge.index.lance import LanceIndex, open_index
from stook.knowledge.index.protocol import IndexedPassage, IndexFilter, PassageIndex, PassageKey

DIMENSIONS = 16
DOCUMENTS = [f"doc-{number}" for number in range(60)]
ROUNDS = 5
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[PassageIndex]:
    opened = await open_index(str(tmp_path / "index"), DIMENSIONS)
    yield opened
    await opened.close()


def passage(document: str) -> IndexedPassage:
    vector = np.full((1, DIMENSIONS), DIMENSIONS**-0.5, np.float32)
    return IndexedPassage(PassageKey(document, 1, 0), 1, "made", f"word {document}", vector)


async def push_and_delete(index: PassageIndex, batch: int = 20) -> None:
    for start in range(0, len(DOCUMENTS), batch):
        await index.add([passage(name) for name in DOCUMENTS[start : start + batch]])
    for start in range(0, len(DOCUMENTS), batch):
        await index.remove(dict.fromkeys(DOCUMENTS[start : start + batch]))


def size(folder: Path) -> tuple[int, int]:
    """How many files there are, and their bytes."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return len(files), sum(path.stat().st_size for path in files)


async def test_disk_and_files_stay_level_over_rounds_of_pushing_and_deleting(
    index: PassageIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "KEPT_VERSIONS", timedelta(0))
    sizes = []
    for _ in range(ROUNDS):
        await push_and_delete(index)
        for _ in range(2):  # the second removes what the first replaced
            await index.tidy()
        sizes.append(size(tmp_path / "index"))
    (files, disk), (last_files, last_disk) = sizes[0], sizes[-1]
    assert last_files <= files + 4
    assert last_disk <= 1.1 * disk


async def test_many_small_writes_are_compacted_without_being_asked(
    index: PassageIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "KEPT_VERSIONS", timedelta(0))
    monkeypatch.setattr(upkeep, "MOST_COMMITS", 10)
    await index.add([passage(name) for name in DOCUMENTS])
    counts = []
    for _ in range(4):
        for name in DOCUMENTS[:12]:
            await index.remove({name: None})
            await index.add([passage(name)])
        counts.append(size(tmp_path / "index")[0])
    assert max(counts) <= counts[0] + 120  # 48 further rounds of four commits leave 400 without
    assert await index.count() == len(DOCUMENTS)


async def test_an_index_at_rest_is_left_alone(
    index: PassageIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "KEPT_VERSIONS", timedelta(0))
    await push_and_delete(index)
    for _ in range(3):
        await index.tidy()
    done: list[object] = []
    monkeypatch.setattr(upkeep, "retry", done.append)
    await index.tidy()
    assert done == []


READER = """
import asyncio, sys
import lancedb

async def main(location):
    connection = await lancedb.connect_async(location)
    table = await connection.open_table("passages")
    await table.checkout(await table.version())
    print("open", flush=True)
    sys.stdin.readline()
    found = await table.query().nearest_to_text("word").limit(1000).to_arrow()
    print(found.num_rows, len(set((await table.query().to_arrow())["document_id"].to_pylist())))

asyncio.run(main(sys.argv[1]))
"""


def reading(location: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", READER, str(location)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


async def test_a_reader_of_an_older_version_in_another_process_is_left_its_files(
    index: PassageIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "KEPT_VERSIONS", timedelta(minutes=5))  # however slow the machine
    await index.add([passage(name) for name in DOCUMENTS])
    reader = reading(tmp_path / "index")
    assert reader.stdout is not None
    assert await asyncio.to_thread(reader.stdout.readline) == "open\n"
    for _ in range(2):
        await push_and_delete(index)
        await index.optimize()
    assert await index.count() == 0
    said, _ = await asyncio.to_thread(reader.communicate, "go on\n", timeout=60)
    assert said.split() == [str(len(DOCUMENTS))] * 2


def test_a_version_may_be_read_for_a_while_after_it_was_superseded() -> None:
    """However long before that it was made."""
    made = [NOW - ago * upkeep.KEPT_VERSIONS for ago in (600, 30, 0.8, 0.2)]
    assert upkeep.oldest_read(made, NOW) == made[1]
    assert upkeep.oldest_read(made[2:], NOW) < made[2]


async def test_what_is_cached_of_an_index_is_bounded(tmp_path: Path) -> None:
    opened = await open_index(str(tmp_path / "index"), DIMENSIONS, cache_mib=1)
    assert isinstance(opened, LanceIndex)
    anywhere, vector = IndexFilter(), passage("x").vectors[0]
    for _ in range(3):
        await push_and_delete(opened)
        await opened.search(["word"], vector, anywhere, 10)
    assert opened.cached_bytes <= 1.25 * 2**20
    await opened.close()


async def test_caches_begin_anew_after_many_commits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They would keep parts of every version that was read until they are full."""
    monkeypatch.setattr(lance, "MOST_COMMITS", 10)
    opened = await open_index(str(tmp_path / "index"), DIMENSIONS)
    assert isinstance(opened, LanceIndex)
    anywhere, vector = IndexFilter(), passage("x").vectors[0]
    cached = []
    for _ in range(8):
        await push_and_delete(opened)
        await opened.search(["word"], vector, anywhere, 10)
        cached.append(opened.cached_bytes)
        await opened.tidy()
    assert max(cached[4:]) <= 1.5 * max(cached[:4])
    await opened.add([passage("doc-1")])
    assert [hit.key.document_id for hit in await opened.search(["word"], vector, anywhere, 10)] == [
        "doc-1"
    ]
    await opened.close()


async def test_a_query_whose_version_was_removed_is_run_again() -> None:
    said = iter([RuntimeError("lance error: Not found: passages.lance/data/1.lance")])

    async def query() -> str:
        for error in said:
            raise error
        return "found"

    assert await upkeep.retry(query) == "found"
