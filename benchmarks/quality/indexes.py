"""Data directories with an indexed corpus each, kept between runs."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.quality.sets import CORPORA, Corpus
from stook.knowledge import (
    analysis,
    blocks,
    chunking,
    context,
    directory_access,
    lance_index,
    sentences,
)
from stook.knowledge.collecting import Collector
from stook.knowledge.embedding import INDEX_FORMAT, Embedder
from stook.knowledge.index import Vectors
from stook.knowledge.ingestion import Ingestion, Pipeline
from stook.knowledge.parsing.parser import Parser
from stook.runtime import Runtime, open_runtime
from stook.settings import Settings

# What passages, windows and terms are made by: a change in one of these makes an index anew.
MAKERS = (analysis, blocks, chunking, context, lance_index, sentences)
BATCH = 64  # documents stored at a time
MARK = "made-by"


class KeptVectors:
    """An embedder that remembers every vector in a file, for all corpora together."""

    def __init__(self, embedder: Embedder, path: Path) -> None:
        self.dimensions = embedder.dimensions
        self.fingerprint = embedder.fingerprint
        self._embedder = embedder
        self._file = sqlite3.connect(path, timeout=60, check_same_thread=False)
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute(
            "CREATE TABLE IF NOT EXISTS vectors (name BLOB PRIMARY KEY, vector BLOB)"
        )

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts, shape (texts, dimensions)."""
        names = [hashlib.sha256(f"{self.fingerprint}\0{text}".encode()).digest() for text in texts]
        held = self._held(names)
        missing = {name: text for name, text in zip(names, texts, strict=True) if name not in held}
        made = await self._embedder.embed(list(missing.values()))
        rows = [(name, row.tobytes()) for name, row in zip(missing, made, strict=True)]
        with self._file:
            self._file.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)
        held.update(rows)
        return np.stack([np.frombuffer(held[name], np.float32) for name in names])

    def _held(self, names: Sequence[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        for name in names:
            row = self._file.execute("SELECT vector FROM vectors WHERE name = ?", [name]).fetchone()
            if row is not None:
                found[name] = row[0]
        return found

    def close(self) -> None:
        """Close the file."""
        self._file.close()


async def prepared(name: str, cache: Path) -> Path:
    """The data directory of an indexed corpus, made where it is missing or out of date.

    It is made aside and then moved, so that several processes may ask for it at once.
    """
    directory = cache / name
    mark = _mark()
    if not _is_current(directory, mark):
        making = cache / f"{name}.{os.getpid()}"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        async with open_runtime(Settings(data_dir=making)) as runtime:
            await _fill(runtime, CORPORA[name], cache)
        (making / MARK).write_text(mark)
        shutil.rmtree(directory, ignore_errors=True)
        making.rename(directory)
    return directory


def _is_current(directory: Path, mark: str) -> bool:
    held = directory / MARK
    return held.is_file() and held.read_text() == mark


def _mark() -> str:
    digest = hashlib.sha256(str(INDEX_FORMAT).encode())
    for module in MAKERS:
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()


async def _fill(runtime: Runtime, corpus: Corpus, cache: Path) -> None:
    vectors = KeptVectors(runtime.embedder, cache / "vectors.db")
    taking_in = Ingestion(runtime.settings, runtime.database, runtime.index, vectors)
    try:
        documents = corpus.documents()
        for start in range(0, len(documents), BATCH):
            await taking_in.store_and_index(documents[start : start + BATCH])
        for datasource, path in corpus.directories:
            await _collect(runtime, taking_in, datasource, path)
        await taking_in.optimize()
    finally:
        vectors.close()


async def _collect(runtime: Runtime, taking_in: Ingestion, datasource: str, path: Path) -> None:
    """What ``stook index PATH --datasource NAME`` does."""
    found = directory_access.find(path, datasource, [])
    access = await runtime.database.write(directory_access.apply, found, path, datasource)
    parser = Parser(runtime.settings)
    try:
        async with Pipeline(taking_in.index) as pipeline:
            collector = Collector(
                runtime.settings, runtime.database, taking_in, pipeline, parser, datasource
            )
            await collector.directory(path, access)
    finally:
        await parser.close()


if __name__ == "__main__":
    import sys

    for corpus in sys.argv[2:] or CORPORA:
        asyncio.run(prepared(corpus, Path(sys.argv[1])))
