"""Data directories with an indexed corpus each, kept between runs."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

from benchmarks.quality.sets import CORPORA, Corpus
from stook.knowledge.encoding.embedding import INDEX_FORMAT, Embedder
from stook.knowledge.index import lance as lance_index
from stook.knowledge.index import rows as lance_rows
from stook.knowledge.index.protocol import Encoded, TokenBits
from stook.knowledge.ingestion import cutting, directory_access
from stook.knowledge.ingestion.collecting import Collector
from stook.knowledge.ingestion.indexing import Ingestion, Pipeline
from stook.knowledge.ingestion.parsing.parser import Parser
from stook.knowledge.store import passages
from stook.knowledge.text import (
    analysis,
    blocks,
    chunking,
    context,
    excerpts,
    sentences,
    units,
)
from stook.runtime import Runtime, open_runtime
from stook.settings import Settings, load_settings

# What passages, windows and terms are made by: a change in one of these makes an index anew.
MAKERS = (
    *(analysis, blocks, chunking, context, cutting, excerpts, passages, sentences, units),
    *(lance_index, lance_rows),
)
BATCH = 64  # documents stored at a time
MARK = "made-by"


class KeptEncodings:
    """An embedder that remembers what it encoded in a file, for all corpora together."""

    def __init__(self, embedder: Embedder, path: Path) -> None:
        self.dimensions = embedder.dimensions
        self.token_dimensions = embedder.token_dimensions
        self.fingerprint = embedder.fingerprint
        self._embedder = embedder
        self._file = sqlite3.connect(path, timeout=60)
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute(
            "CREATE TABLE IF NOT EXISTS encoded (name BLOB PRIMARY KEY, vector BLOB, tokens BLOB)"
        )

    async def encode(self, texts: Sequence[str]) -> Encoded:
        """The vectors of texts, and their tokens."""
        names = [hashlib.sha256(f"{self.fingerprint}\0{text}".encode()).digest() for text in texts]
        held = {name: row for name in names if (row := self._held(name)) is not None}
        missing = {name: text for name, text in zip(names, texts, strict=True) if name not in held}
        made = await self._embedder.encode(list(missing.values()))
        rows = zip(missing, made.vectors, made.tokens, strict=True)
        new = [(name, vector.tobytes(), tokens.tobytes()) for name, vector, tokens in rows]
        with self._file:
            self._file.executemany("INSERT OR IGNORE INTO encoded VALUES (?, ?, ?)", new)
        held |= {name: (vector, tokens) for name, vector, tokens in new}
        vectors = np.stack([np.frombuffer(held[name][0], np.float32) for name in names])
        return Encoded(vectors, tuple(self._bits(held[name][1]) for name in names))

    def _held(self, name: bytes) -> tuple[bytes, bytes] | None:
        query = "SELECT vector, tokens FROM encoded WHERE name = ?"
        row: tuple[bytes, bytes] | None = self._file.execute(query, [name]).fetchone()
        return row

    def _bits(self, stored: bytes) -> TokenBits:
        return np.frombuffer(stored, np.uint8).reshape(-1, self.token_dimensions // 8)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def settings_for(directory: Path, **more: Any) -> Settings:
    """Settings of an indexed corpus: as Stook is without its extras, unless said otherwise."""
    return load_settings(**{"data_dir": directory, "multilingual": "off"} | more)


async def prepared(name: str, cache: Path, **more: Any) -> Path:
    """The data directory of an indexed corpus, made where it is missing or out of date.

    It is made aside and then moved, so that several processes may ask for it at once. ``more``
    are settings that it is made with.
    """
    directory = cache / name
    if not _is_current(directory):
        making = cache / f"{name}.{os.getpid()}"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        async with open_runtime(settings_for(making, **more)) as runtime:
            await _fill(runtime, CORPORA[name], cache)
        (making / MARK).write_text(MADE_BY)
        shutil.rmtree(directory, ignore_errors=True)
        making.rename(directory)
    return directory


def _is_current(directory: Path) -> bool:
    held = directory / MARK
    return held.is_file() and held.read_text() == MADE_BY


def _made_by() -> str:
    digest = hashlib.sha256(str(INDEX_FORMAT).encode())
    for module in MAKERS:
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()


MADE_BY = _made_by()  # read at once: the files may change while this process runs


async def _fill(runtime: Runtime, corpus: Corpus, cache: Path) -> None:
    encoder = KeptEncodings(runtime.embedder, cache / "encoded.db")
    stands_in = cast("Embedder", encoder)  # all of it that taking in calls
    taking_in = Ingestion(runtime.settings, runtime.database, runtime.index, stands_in)
    try:
        documents = corpus.documents()
        for start in range(0, len(documents), BATCH):
            await taking_in.store_and_index(documents[start : start + BATCH])
        for datasource, path in corpus.directories:
            await _collect(runtime, taking_in, datasource, path)
        await taking_in.optimize()
    finally:
        encoder.close()


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
