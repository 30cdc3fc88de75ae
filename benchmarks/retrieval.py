"""Ranking quality on public sets: BM25, dense and fused, nDCG@10, through the product's own index.

Reads the evaluation data beside the repository (``../shared/data``). ``xquad zh`` and ``mtrag``
run by default; ``python -m benchmarks.retrieval scifact`` takes many minutes.
"""

from __future__ import annotations

import asyncio
import json
import math
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.tables import show
from stook.knowledge import analysis, chunking, ranking, search
from stook.knowledge.embedding import Embedder, load_embedder
from stook.knowledge.index import IndexedPassage, IndexFilter, IndexHit, PassageIndex, PassageKey
from stook.knowledge.lance_index import open_index
from stook.settings import load_settings

DATA = Path(__file__).parents[2] / "shared" / "data"
SETS = {
    "mtrag rewrite": "mtrag/visible_clean_rewrite",
    "xquad zh": "xquad/beir_zh",
    "xquad en": "xquad/beir_en",
    "scifact": "scifact/visible_clean",
}
USUAL = ("mtrag rewrite", "xquad zh")
QUERIES = 200
WEIGHTS = (0.3, 0.5, 0.7)
Ranking = list[str]


def main() -> None:
    """Measure the sets that are named, or the usual ones."""
    names = sys.argv[1:] or USUAL
    if not DATA.is_dir():
        print(f"retrieval: not measured, as there is no evaluation data in {DATA}")
        return
    asyncio.run(_measure_all(names))


async def _measure_all(names: Sequence[str]) -> None:
    embedder = load_embedder(load_settings())
    rows = [[name, *await _measure(DATA / SETS[name], embedder)] for name in names]
    embedder.close()
    fused = [f"fused {weight:.1f} BM25" for weight in WEIGHTS]
    show("Retrieval: nDCG@10 × 100", ["set", "queries", "BM25", "dense", *fused], rows)


async def _measure(folder: Path, embedder: Embedder) -> list[object]:
    relevant = _relevant(folder / "qrels.tsv")
    queries = [line for line in _lines(folder / "queries.jsonl") if line["_id"] in relevant]
    queries = queries[:QUERIES]
    with tempfile.TemporaryDirectory() as directory:
        index = await open_index(directory, embedder.dimensions)
        await _fill(index, embedder, _lines(folder / "corpus.jsonl"))
        hits = [await _hits(index, embedder, query["text"]) for query in queries]
        await index.close()
    judged = [relevant[query["_id"]] for query in queries]
    rankings = [
        [_best(found, lambda hit: hit.lexical) for found in hits],
        [_best(found, lambda hit: hit.dense or -1.0) for found in hits],
        *([_fused(found, weight) for found in hits] for weight in WEIGHTS),
    ]
    scores = [100 * sum(map(_ndcg, ranking, judged)) / len(judged) for ranking in rankings]
    return [len(judged), *scores]


async def _fill(index: PassageIndex, embedder: Embedder, corpus: list[dict[str, str]]) -> None:
    for start in range(0, len(corpus), 200):
        rows = []
        for document in corpus[start : start + 200]:
            text, title = document["text"], document.get("title", "")
            for chunk in chunking.chunk(text):
                windows = [
                    chunking.window_text(text, chunk, window, title) for window in chunk.windows
                ]
                terms = " ".join(analysis.terms(chunking.lexical_text(text, chunk, title)))
                key = PassageKey(document["_id"], 1, chunk.ordinal)
                vectors = await embedder.embed(windows)
                rows.append(IndexedPassage(key, 1, "set", terms, vectors))
        await index.add(rows)
    await index.optimize()


async def _hits(index: PassageIndex, embedder: Embedder, question: str) -> list[IndexHit]:
    vector = (await embedder.embed([question]))[0]
    terms = analysis.query_terms(question)
    return await index.search(terms, vector, IndexFilter(), search.CANDIDATES)


def _best(hits: list[IndexHit], score: Callable[[IndexHit], float]) -> Ranking:
    ordered = sorted(hits, key=lambda hit: (-score(hit), hit.key.document_id))
    return list(dict.fromkeys(hit.key.document_id for hit in ordered))


def _fused(hits: list[IndexHit], weight: float) -> Ranking:
    ranked = ranking.fuse(hits, weight)
    return list(dict.fromkeys(one.key.document_id for one in ranked))


def _ndcg(ranking: Ranking, relevant: dict[str, float]) -> float:
    gained = sum(
        relevant.get(name, 0.0) / math.log2(place + 2) for place, name in enumerate(ranking[:10])
    )
    best = sorted(relevant.values(), reverse=True)[:10]
    return gained / sum(gain / math.log2(place + 2) for place, gain in enumerate(best))


def _relevant(path: Path) -> dict[str, dict[str, float]]:
    judged: dict[str, dict[str, float]] = {}
    for line in path.read_text().splitlines()[1:]:
        query, document, gain = line.split("\t")
        if float(gain) > 0:
            judged.setdefault(query, {})[document] = float(gain)
    return judged


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text().splitlines() if line]


if __name__ == "__main__":
    main()
