"""Filtered dense search against an exact scan, at every selectivity."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from stook.knowledge.index.lance import open_index
from stook.knowledge.index.protocol import IndexedPassage, IndexFilter, PassageKey, Vectors

pytestmark = pytest.mark.whole

PASSAGES = 20_000
WINDOWS = 3
DIMENSIONS = 384
TOPICS = 300
ACCESS_SETS = 2_000
QUESTIONS = 12
SELECTIVITIES = (1.0, 0.5, 0.2, 0.05, 0.01, 0.005, 0.001)


def made_vectors(rng: np.random.Generator) -> Vectors:
    """Clustered as texts are: topics of very different size, passages near one, windows near it."""
    centres = rng.standard_normal((TOPICS, DIMENSIONS), dtype=np.float32)
    sizes = 1 / np.arange(1, TOPICS + 1)
    topics = rng.choice(TOPICS, PASSAGES, p=sizes / sizes.sum())
    passages = centres[topics] + 1.1 * rng.standard_normal((PASSAGES, DIMENSIONS), np.float32)
    spread = rng.standard_normal((PASSAGES, WINDOWS, DIMENSIONS), np.float32)
    windows = passages[:, None] + 0.8 * spread
    return windows / np.linalg.norm(windows, axis=2, keepdims=True)


def made_access(rng: np.random.Generator) -> np.ndarray:
    """Zipf: a few sets hold most passages, most sets hold very few."""
    weights = 1 / np.arange(1, ACCESS_SETS + 1)
    return rng.choice(ACCESS_SETS, PASSAGES, p=weights / weights.sum())


def sets_for(rng: np.random.Generator, access: np.ndarray, share: float) -> set[int]:
    """Access sets that together hold about this share of the passages."""
    counts = np.bincount(access, minlength=ACCESS_SETS)
    chosen: set[int] = set()
    held = 0
    for number in rng.permutation(ACCESS_SETS):
        if counts[number] and held + counts[number] <= max(share * PASSAGES, 10):
            chosen.add(int(number))
            held += int(counts[number])
    return chosen


def rows(vectors: Vectors, access: np.ndarray) -> Iterator[list[IndexedPassage]]:
    for start in range(0, PASSAGES, 5_000):
        yield [
            IndexedPassage(
                PassageKey(f"doc_{place // 10}", 1, place % 10),
                int(access[place]),
                "made",
                f"p{place}",
                vectors[place],
            )
            for place in range(start, min(start + 5_000, PASSAGES))
        ]


def exact(question: Vectors, vectors: Vectors, passes: np.ndarray) -> set[PassageKey]:
    best = (vectors @ question).max(axis=1)
    best[~passes] = -2
    places = np.argsort(-best)[: min(10, int(passes.sum()))]
    return {PassageKey(f"doc_{place // 10}", 1, int(place % 10)) for place in places}


@pytest.mark.timeout(240)
async def test_filtered_recall_at_ten_is_that_of_an_exact_scan(tmp_path):
    rng = np.random.default_rng(7)
    vectors, access = made_vectors(rng), made_access(rng)
    index = await open_index(str(tmp_path), DIMENSIONS)
    for some in rows(vectors, access):
        await index.add(some)
    recalls: dict[float, float] = {}
    for share in SELECTIVITIES:
        allowed = set(range(ACCESS_SETS)) if share == 1.0 else sets_for(rng, access, share)
        passes = np.isin(access, list(allowed))
        where = IndexFilter(
            access_sets=allowed, other_access_sets=set(range(ACCESS_SETS)) - allowed
        )
        found = wanted = 0
        for _ in range(QUESTIONS):
            near = vectors[rng.integers(PASSAGES), 0]
            question = near + 0.04 * rng.standard_normal(DIMENSIONS, np.float32)
            question /= np.linalg.norm(question)
            hits = await index.search((), question, where, 50)
            assert all(passes[int(h.key.document_id[4:]) * 10 + h.key.ordinal] for h in hits)
            best = sorted(hits, key=lambda hit: -(hit.dense or 0.0))[:10]
            truth = exact(question, vectors, passes)
            found += len(truth & {hit.key for hit in best})
            wanted += len(truth)
        recalls[share] = found / wanted
    await index.close()
    assert min(recalls.values()) >= 0.99, recalls
    assert int(np.isin(access, list(sets_for(rng, access, 0.001))).sum()) >= 10
