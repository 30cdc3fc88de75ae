"""The passage index on LanceDB: freshness, exact BM25, rights, kills, several processes."""

from __future__ import annotations

import asyncio
import math
import os
import signal
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest

from stook.errors import IndexOutdated
from stook.knowledge.index.lance import open_index
from stook.knowledge.index.protocol import IndexedPassage, IndexFilter, PassageKey

DIMENSIONS = 8
ANYTHING = IndexFilter()


def passage(document, terms, *, version=1, ordinal=0, access=1, datasource="made", windows=2):
    rng = np.random.default_rng(sum(map(ord, f"{document}{version}{ordinal}")))
    vectors = rng.standard_normal((windows, DIMENSIONS)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    key = PassageKey(document, version, ordinal)
    return IndexedPassage(key, access, datasource, terms, vectors)


@pytest.fixture
async def index(tmp_path):
    opened = await open_index(str(tmp_path / "index"), DIMENSIONS)
    yield opened
    await opened.close()


async def lexical(index, *terms, where=ANYTHING):
    away = np.eye(1, DIMENSIONS, dtype=np.float32)[0]
    hits = await index.search(terms, away, where, 50)
    return {hit.key.document_id: hit.lexical for hit in hits if hit.lexical > 0}


async def test_passages_are_found_at_once_and_gone_at_once(index):
    one, two = passage("a", "sheaf field dry"), passage("b", "sheaf barn")
    await index.add([one, two])
    assert set(await lexical(index, "sheaf")) == {"a", "b"}
    hits = await index.search((), one.vectors[1], ANYTHING, 1)
    assert hits[0].key == one.key
    assert hits[0].dense == pytest.approx(1.0, abs=1e-5)
    await index.remove({"a": None})
    assert set(await lexical(index, "sheaf")) == {"b"}
    assert one.key not in await index.windows([one.key, two.key])
    await index.clear()
    assert await index.count() == 0


async def test_older_versions_go_and_adding_again_replaces(index):
    await index.add([passage("a", "old"), passage("a", "new", version=2)])
    await index.remove({"a": 2})
    assert await lexical(index, "old", "new") == await lexical(index, "new")
    again = passage("a", "newest", version=2, windows=1)
    await index.add([again])
    assert await index.count() == 1
    held = (await index.windows([again.key]))[again.key]
    assert held.vectors.tobytes() == again.vectors.tobytes()


async def test_filters(index):
    await index.add(
        [
            passage("a", "word", access=1, datasource="x"),
            passage("b", "word", access=2, datasource="y'"),
            passage("c", "word", access=3, datasource="x"),
        ]
    )
    cases = {
        "a": IndexFilter(access_sets={1}),
        "b": IndexFilter(datasources={"y'"}),
        "ac": IndexFilter(not_datasources={"y'"}),
        "c": IndexFilter(documents={"a", "c"}, not_documents={"a"}),
        "ab": IndexFilter(access_sets={1, 2}, other_access_sets={3}),
        "": IndexFilter(access_sets=()),
    }
    for expected, where in cases.items():
        hits = await index.search(["word"], np.eye(1, DIMENSIONS, dtype=np.float32)[0], where, 9)
        assert {hit.key.document_id for hit in hits} == set(expected)
    await index.set_access({"a": 3})
    assert set(await lexical(index, "word", where=IndexFilter(access_sets={1, 2}))) == {"b"}


async def test_a_set_made_after_the_lists_were_read_does_not_pass(index):
    await index.add([passage("a", "word", access=n) for n in (1,)])
    await index.add([passage(f"new{n}", "word", access=n) for n in (8, 9)])
    where = IndexFilter(access_sets={1, 2, 3}, other_access_sets={4})
    assert set(await lexical(index, "word", where=where)) == {"a"}


async def test_bm25_is_exact_whatever_is_filtered(index):
    rng = np.random.default_rng(3)
    words = [f"w{n}" for n in range(60)]
    texts = {f"d{n}": list(rng.choice(words, rng.integers(5, 60))) for n in range(300)}
    for start in range(0, 300, 100):
        names = [f"d{n}" for n in range(start, start + 100)]
        await index.add([passage(d, " ".join(texts[d]), access=int(d[1:]) % 5) for d in names])
    await index.optimize()
    mean = sum(map(len, texts.values())) / len(texts)

    def score(term, text):
        held = sum(term in other for other in texts.values())
        times = Counter(text)[term]
        length = 1.2 * (0.25 + 0.75 * len(text) / mean)
        return math.log(1 + (300 - held + 0.5) / (held + 0.5)) * times * 2.2 / (times + length)

    for where in (ANYTHING, IndexFilter(access_sets={2})):
        for document, found in (await lexical(index, "w3", "w40", where=where)).items():
            expected = score("w3", texts[document]) + score("w40", texts[document])
            assert found == pytest.approx(expected, rel=1e-4)
    held = sum("w3" in text for text in texts.values())
    assert await index.document_frequencies(["w3", "absent"]) == {"w3": held, "absent": 0}


async def test_an_index_that_something_else_filled_is_refused_or_renewed(tmp_path):
    location = str(tmp_path / "index")
    index = await open_index(location, DIMENSIONS, "one encoder")
    await index.add([passage("z", "word")])
    await index.close()
    for dimensions, made_by in [(DIMENSIONS, "another"), (DIMENSIONS + 1, "one encoder")]:
        with pytest.raises(IndexOutdated, match="stook reindex"):
            await open_index(location, dimensions, made_by)
    again = await open_index(location, DIMENSIONS, "one encoder", renew=True)
    assert await again.count() == 1
    await again.close()
    renewed = await open_index(location, DIMENSIONS + 1, "another", renew=True)
    assert await renewed.count() == 0
    await renewed.close()


WRITER = """
import asyncio, sys
from stook.knowledge.index.lance import open_index
from tests.knowledge.test_index import DIMENSIONS, passage

async def main(location, name, count):
    index = await open_index(location, DIMENSIONS)
    for number in range(int(count)):
        await index.add([passage(f"{name}{number}", "word")])
        print(number, flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


def writer(location, name, count):
    command = [sys.executable, "-c", WRITER, str(location), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


async def test_several_processes_write_and_see_each_other(tmp_path):
    location = tmp_path / "index"
    index = await open_index(str(location), DIMENSIONS)
    processes = [writer(location, name, 5) for name in "xy"]
    await index.add([passage("z", "word")])
    for process in processes:
        await asyncio.to_thread(process.communicate, timeout=120)
        assert process.returncode == 0
    expected = {"z", *(f"{name}{number}" for name in "xy" for number in range(5))}
    assert set(await lexical(index, "word")) == expected
    await index.close()


async def test_what_was_added_survives_a_kill(tmp_path):
    location = tmp_path / "index"
    process = writer(location, "k", 1000)
    added = [int(process.stdout.readline()) for _ in range(3)]
    os.kill(process.pid, signal.SIGKILL)
    await asyncio.to_thread(process.wait, timeout=60)
    process.stdout.close()
    index = await open_index(str(location), DIMENSIONS)
    assert {f"k{number}" for number in added} <= set(await lexical(index, "word"))
    await index.add([passage("after", "word")])
    assert "after" in await lexical(index, "word")
    await index.close()


def test_lancedb_is_imported_without_its_client_of_remote_namespaces():
    program = (
        "import sys\nfrom stook.knowledge.index import lance\n"
        "print([name for name in sys.modules if name.startswith('lance_namespace_url')])\n"
        "import lance_namespace_urllib3_client as client\n"
        "print(client.ListTablesResponse(tables=['a']).to_dict()['tables'])"
    )
    ran = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert ran.stdout.split() == [b"[]", b"['a']"]
