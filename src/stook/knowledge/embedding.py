"""Embeds texts off the event loop, questions before bulk work.

The same text gets the same bytes, whatever else is embedded with it: texts are never padded, a
batch holds only texts of equally many tokens, and the encoder computes each row by itself.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import threading
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

import numpy as np

from stook.knowledge import encoder
from stook.knowledge.encoder import Encoder, Tokens
from stook.knowledge.index import Vectors
from stook.settings import Settings

BATCH_TOKENS = 1024  # memory grows with the batch, speed hardly does
BULK_TEXTS = 64  # calls with more texts than this yield to smaller ones after each batch


@dataclass(order=True)
class _Job:
    """Texts waiting for their vectors; small ones first, then in the order of arrival."""

    bulk: bool
    number: int
    texts: Sequence[str] = field(compare=False)
    done: Future[Vectors] = field(compare=False, default_factory=Future)
    batches: list[list[int]] = field(compare=False, default_factory=list)
    tokens: list[Tokens] = field(compare=False, default_factory=list)
    vectors: Vectors | None = field(compare=False, default=None)


class Embedder:
    """Turns texts into vectors of length 1; made by ``load_embedder``."""

    def __init__(self, encoder: Encoder) -> None:
        self.dimensions = encoder.dimensions
        self._encoder = encoder
        self._numbers = itertools.count()
        self._jobs: list[_Job] = []
        self._waiting = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="embedder", daemon=True)
        self._thread.start()

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts, shape (texts, dimensions)."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        job = _Job(len(texts) > BULK_TEXTS, next(self._numbers), texts)
        with self._waiting:
            heapq.heappush(self._jobs, job)
            self._waiting.notify()
        return await asyncio.wrap_future(job.done)

    def close(self) -> None:
        """Stop after the batch that is being computed; what still waits is cancelled."""
        with self._waiting:
            self._closed = True
            self._waiting.notify()
        self._thread.join()
        for job in self._jobs:
            job.done.cancel()

    def _work(self) -> None:
        while True:
            with self._waiting:
                self._waiting.wait_for(lambda: self._jobs or self._closed)
                if self._closed:
                    return
                job = heapq.heappop(self._jobs)
            if not job.done.cancelled() and not self._advance(job):
                with self._waiting:
                    heapq.heappush(self._jobs, job)

    def _advance(self, job: _Job) -> bool:
        """Compute the next batch of a job; True when it was the last."""
        try:
            if job.vectors is None:
                job.tokens = self._encoder.tokens(job.texts)
                job.batches = _batches(job.tokens)
                job.vectors = np.empty((len(job.texts), self.dimensions), dtype=np.float32)
            batch = job.batches.pop()
            job.vectors[batch] = self._encoder.encode([job.tokens[place] for place in batch])
        except Exception as error:
            job.done.set_exception(error)
            return True
        if not job.batches:
            job.done.set_result(job.vectors)
        return not job.batches


def load_embedder(settings: Settings) -> Embedder:
    """The encoder that the settings name; raises SettingsError if it cannot be used."""
    if settings.embedding_model is not None:
        return Embedder(encoder.load_from(settings.embedding_model, settings.embedding_threads))
    return Embedder(encoder.load_default(settings.embedding_threads))


def _batches(tokens: Sequence[Tokens]) -> list[list[int]]:
    """Places of texts, grouped by their number of tokens."""
    by_length: defaultdict[int, list[int]] = defaultdict(list)
    for place, ids in enumerate(tokens):
        by_length[len(ids)].append(place)
    return [
        places[start : start + size]
        for length, places in sorted(by_length.items())
        for size in [max(1, BATCH_TOKENS // length)]
        for start in range(0, len(places), size)
    ]
