"""Embeds texts off the event loop, questions before bulk work.

The same text gets the same bytes, whatever is embedded with it: texts are never padded, a batch
holds only texts of equally many tokens, and the encoder computes each of them by itself. Batches
are small, as larger ones bring no speed on a CPU; each runs on one thread, several at once.
"""

from __future__ import annotations

import asyncio
import functools
import os
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future

import numpy as np

from stook.errors import Unavailable
from stook.knowledge.encoding import encoder
from stook.knowledge.encoding.encoder import Encoder, Tokens
from stook.knowledge.index.protocol import Encoded, TokenBits, Vectors
from stook.settings import Settings

INDEX_FORMAT = 2  # to be raised when passages, windows or terms are made otherwise than before
BATCH_TOKENS = 128
BULK_TEXTS = 64  # calls with more texts than this let smaller ones overtake after each batch
BULK_TURN = 8  # … but get every eighth turn at least

NO_TOKENS = np.zeros((0, 0), dtype=np.uint8)
Step = Callable[[], None]


class Embedder:
    """Turns texts into vectors of length 1; made by ``load_embedder``."""

    def __init__(self, encoder: Encoder, threads: int) -> None:
        self.dimensions = encoder.dimensions
        self.fingerprint = encoder.fingerprint
        self._encoder = encoder
        self._queue = _Queue()
        self._open: set[_Job] = set()
        self._threads = [
            threading.Thread(target=self._queue.work, name=f"embedder-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts, shape (texts, dimensions)."""
        return (await self.encode(texts)).vectors

    async def encode(self, texts: Sequence[str]) -> Encoded:
        """The vectors of texts, and their tokens."""
        if not texts:
            return Encoded(np.zeros((0, self.dimensions), dtype=np.float32), ())
        if self._queue.closed:
            raise Unavailable("Stook is shutting down.")
        job = _Job(self._encoder, texts, self._queue)
        self._open.add(job)
        try:
            self._queue.put([job.start], bulk=job.bulk)
            return await asyncio.wrap_future(job.done)
        finally:
            self._open.discard(job)
            job.done.cancel()

    def known_share(self, text: str) -> float:
        """How much of a text is in a language that the encoder knows (0 to 1)."""
        return self._encoder.known_share(text)

    def close(self) -> None:
        """Stop after the batches that are being computed; calls that still wait fail."""
        self._queue.close()
        for thread in self._threads:
            thread.join()
        for job in list(self._open):
            job.fail(Unavailable("Stook is shutting down."))


def made_by(embedder: Embedder) -> str:
    """What an index is marked with: what was filled by something else has to be made anew."""
    return f"{INDEX_FORMAT}:{embedder.fingerprint}"


def load_embedder(settings: Settings) -> Embedder:
    """The encoder that the settings name; raises SettingsError if it cannot be used."""
    threads = settings.embedding_threads or os.cpu_count() or 1
    if settings.embedding_model is not None:
        return Embedder(encoder.load_from(settings.embedding_model), threads)
    return Embedder(encoder.load_default(), threads)


class _Job:
    """The texts of one call; its steps run on any thread."""

    def __init__(self, encoder: Encoder, texts: Sequence[str], queue: _Queue) -> None:
        self.bulk = len(texts) > BULK_TEXTS
        self.done: Future[Encoded] = Future()
        self._encoder = encoder
        self._texts = texts
        self._queue = queue
        self._vectors = np.empty((len(texts), encoder.dimensions), dtype=np.float32)
        self._token_bits: list[TokenBits] = [NO_TOKENS] * len(texts)
        self._left = 0
        self._counting = threading.Lock()

    def start(self) -> None:
        """Cut the texts into tokens, and queue a step for each batch."""
        if self.done.done():
            return
        try:
            tokens = self._encoder.tokens(self._texts)
        except Exception as error:
            self.fail(error)
            return
        batches = _batches(tokens)
        self._left = len(batches)
        steps = [
            functools.partial(self._embed, places, [tokens[place] for place in places])
            for places in batches
        ]
        self._queue.put(steps, bulk=self.bulk)

    def _embed(self, places: list[int], batch: list[Tokens]) -> None:
        if self.done.done():  # cancelled, or another batch failed
            return
        try:
            self._vectors[places], token_bits = self._encoder.encode_tokens(batch)
            for place, bits in zip(places, token_bits, strict=True):
                self._token_bits[place] = bits
        except Exception as error:
            self.fail(error)
            return
        with self._counting:
            self._left -= 1
            finished = self._left == 0
        if finished and self.done.set_running_or_notify_cancel():
            self.done.set_result(Encoded(self._vectors, tuple(self._token_bits)))

    def fail(self, error: Exception) -> None:
        with self._counting:
            if not self.done.done():
                self.done.set_exception(error)


class _Queue:
    """Steps that wait for a thread: those of small jobs first, each kind in order of arrival."""

    def __init__(self) -> None:
        self._small: deque[Step] = deque()
        self._bulk: deque[Step] = deque()
        self._changed = threading.Condition()
        self._taken = 0
        self.closed = False

    def put(self, steps: Sequence[Step], *, bulk: bool) -> None:
        with self._changed:
            (self._bulk if bulk else self._small).extend(steps)
            self._changed.notify(len(steps))

    def work(self) -> None:
        """Run steps until the queue is closed."""
        while (step := self._take()) is not None:
            step()

    def close(self) -> None:
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def _take(self) -> Step | None:
        with self._changed:
            self._changed.wait_for(lambda: self._small or self._bulk or self.closed)
            if self.closed:
                return None
            self._taken += 1
            bulk_turn = self._taken % BULK_TURN == 0
            if self._bulk and (bulk_turn or not self._small):
                return self._bulk.popleft()
            return self._small.popleft()


def _batches(tokens: Sequence[Tokens]) -> list[list[int]]:
    """Places of texts that have equally many tokens, the longest first."""
    by_length: defaultdict[int, list[int]] = defaultdict(list)
    for place, ids in enumerate(tokens):
        by_length[len(ids)].append(place)
    return [
        places[start : start + size]
        for length, places in sorted(by_length.items(), reverse=True)
        for size in [max(1, BATCH_TOKENS // length)]
        for start in range(0, len(places), size)
    ]
