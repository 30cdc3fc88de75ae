"""What a filtered hybrid search of the index costs, by how much of it somebody may see."""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time

import numpy as np

from benchmarks.tables import show
from stook.knowledge.index.lance import open_index
from stook.knowledge.index.protocol import (
    IndexedPassage,
    IndexFilter,
    PassageIndex,
    PassageKey,
    Vectors,
)

PASSAGES = 20_000  # python -m benchmarks.index 100000 for more
WINDOWS = 4
DIMENSIONS = 384
TOPICS = 400
ACCESS_SETS = 2_000
WORDS = 20_000
SEARCHES = 20
BATCH = 2_000


def main() -> None:
    """Fill an index with made passages, then search it."""
    passages = int(sys.argv[1]) if len(sys.argv) > 1 else PASSAGES
    asyncio.run(_run(passages))


async def _run(count: int) -> None:
    rng = np.random.default_rng(5)
    centres = rng.standard_normal((TOPICS, DIMENSIONS), dtype=np.float32)
    with tempfile.TemporaryDirectory() as directory:
        index = await open_index(directory, DIMENSIONS)
        started = time.perf_counter()
        for start in range(0, count, BATCH):
            await index.add(_made(rng, centres, start, min(BATCH, count - start)))
        await index.optimize()
        built = time.perf_counter() - started
        rows = [await _search(index, rng, centres, share) for share in (1.0, 0.5, 0.05, 0.005)]
        await index.close()
    title = f"Index: hybrid search over {count:,} passages, filled in {built:.0f} s"
    show(title, ["access sets that pass", "median ms", "best ms"], rows)


def _made(
    rng: np.random.Generator, centres: Vectors, start: int, count: int
) -> list[IndexedPassage]:
    near = centres[rng.integers(TOPICS, size=count)]
    passages = near + 1.1 * rng.standard_normal(near.shape, np.float32)
    windows = passages[:, None] + 0.8 * rng.standard_normal(
        (count, WINDOWS, DIMENSIONS), np.float32
    )
    windows /= np.linalg.norm(windows, axis=2, keepdims=True)
    access = rng.choice(ACCESS_SETS, count, p=_zipf(ACCESS_SETS))
    words = rng.choice(WORDS, (count, 100), p=_zipf(WORDS))
    return [
        IndexedPassage(
            PassageKey(f"doc_{(start + row) // 10}", 1, (start + row) % 10),
            int(access[row]),
            "made",
            " ".join(f"w{word}" for word in words[row]),
            windows[row],
        )
        for row in range(count)
    ]


async def _search(
    index: PassageIndex, rng: np.random.Generator, centres: Vectors, share: float
) -> list[object]:
    allowed = {int(n) for n in rng.permutation(ACCESS_SETS)[: round(share * ACCESS_SETS)]}
    where = IndexFilter(allowed, set(range(ACCESS_SETS)) - allowed)
    times = []
    for _ in range(SEARCHES):
        question = centres[rng.integers(TOPICS)] + rng.standard_normal(DIMENSIONS, np.float32)
        question /= np.linalg.norm(question)
        terms = [f"w{word}" for word in rng.choice(2_000, 5)]
        started = time.perf_counter()
        await index.search(terms, question, where, 50)
        times.append(1000 * (time.perf_counter() - started))
    return [f"{share:.1%}", statistics.median(times), min(times)]


def _zipf(size: int) -> np.ndarray:
    weights = 1 / np.arange(1, size + 1)
    shares: np.ndarray = weights / weights.sum()
    return shares


if __name__ == "__main__":
    main()
