"""Embeds texts off the event loop, questions before bulk work.

The same text gets the same bytes, whatever is embedded with it: texts are never padded, a batch
holds only texts of equally many tokens, and the encoder computes each of them by itself. Batches
are small, as larger ones bring no speed on a CPU; each runs on one thread, several at once.

Where a second encoder is installed (see ``multilingual``), a text's vector holds those of both
side by side. A question weighs them by how much of it the first knows: its product with the
vector of a stored text is the weighted mean of both cosines.
"""

from __future__ import annotations

import asyncio
import functools
import math
import os
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future

import numpy as np

from stook.errors import Unavailable
from stook.knowledge.encoding import encoder, multilingual
from stook.knowledge.encoding.encoder import TextEncoder, Tokens
from stook.knowledge.index.protocol import Encoded, TokenBits, Vectors
from stook.settings import Settings

# Derived from the code that shapes what is stored and indexed; tests/knowledge/test_index_format.py
# says what it has to be after a change there, so that every index is made anew.
INDEX_FORMAT = 0x64053070
BATCH_TOKENS = 128
BULK_TEXTS = 64  # calls with more texts than this let smaller ones overtake after each batch
BULK_TURN = 8  # … but get every eighth turn at least

# What the first of two encoders weighs for a question that it knows; it is worth nothing where
# it knows no more than UNKNOWN_BELOW of the letters, and all of this from KNOWN_FROM on. Dense
# hit@1 on xquad, tune half, at 0 / .5 / 1 of the first: en .82 / .93 / .89, de .80 / .81 / .53,
# German questions over English .74 / .68 / .37, Chinese .77 / .69 / .21.
FIRST_WEIGHT = 0.5
UNKNOWN_BELOW, KNOWN_FROM = 0.4, 0.85  # shares of a text's letters in pieces that it knows

NO_TOKENS = np.zeros((0, 0), dtype=np.uint8)
Step = Callable[[], None]


class Embedder:
    """Turns texts into vectors; made by ``load_embedder``.

    ``dimensions`` are those of all encoders together, ``token_dimensions`` those of the first,
    whose tokens are kept.
    """

    def __init__(self, encoders: Sequence[TextEncoder], threads: int) -> None:
        self.dimensions = sum(one.dimensions for one in encoders)
        self.token_dimensions = encoders[0].dimensions
        self.fingerprint = "+".join(one.fingerprint for one in encoders)
        self.crosses_languages = len(encoders) > 1
        self._encoders = tuple(encoders)
        self._queue = _Queue()
        self._open: set[_Job] = set()
        self._threads = [
            threading.Thread(target=self._queue.work, name=f"embedder-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts, shape (texts, dimensions), each of length 1."""
        return (await self.encode(texts)).vectors

    async def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts that look for others, shape (texts, dimensions)."""
        return (await self.encode_questions(texts)).vectors

    async def encode(self, texts: Sequence[str]) -> Encoded:
        """The vectors of texts, each of length 1, and their tokens."""
        if not texts:
            return Encoded(np.zeros((0, self.dimensions), dtype=np.float32), ())
        if self._queue.closed:
            raise Unavailable("Stook is shutting down.")
        job = _Job(self._encoders, texts, self._queue)
        self._open.add(job)
        try:
            self._queue.put([job.start], bulk=job.bulk)
            return await asyncio.wrap_future(job.done)
        finally:
            self._open.discard(job)
            job.done.cancel()

    async def encode_questions(self, texts: Sequence[str]) -> Encoded:
        """The vectors of texts that look for others, and their tokens.

        The product with the vector of another text is their cosine; of two encoders, the mean
        of their cosines, weighted by how much of the text the first knows.
        """
        encoded = await self.encode(texts)
        if len(self._encoders) == 1 or not texts:
            return encoded
        first = [FIRST_WEIGHT * knows(self._encoders[0].known_share(text)) for text in texts]
        shares = np.array([(share, multilingual.SCALE * (1 - share)) for share in first])
        sizes = [one.dimensions for one in self._encoders]
        weights = np.repeat(shares, sizes, axis=1) * len(self._encoders)
        return Encoded((encoded.vectors * weights).astype(np.float32), encoded.tokens)

    def known_share(self, text: str) -> float:
        """How much of a text is in a language that one of the encoders knows (0 to 1)."""
        return max(one.known_share(text) for one in self._encoders)

    def token_share(self, text: str) -> float:
        """How much of a text is in a language that the encoder of its tokens knows (0 to 1)."""
        return self._encoders[0].known_share(text)

    def close(self) -> None:
        """Stop after the batches that are being computed; calls that still wait fail."""
        self._queue.close()
        for thread in self._threads:
            thread.join()
        for job in list(self._open):
            job.fail(Unavailable("Stook is shutting down."))


def knows(share: float) -> float:
    """How well an encoder knows a text of whose letters it knows that share (0 to 1)."""
    return min(1.0, max(0.0, (share - UNKNOWN_BELOW) / (KNOWN_FROM - UNKNOWN_BELOW)))


def made_by(embedder: Embedder) -> str:
    """What an index is marked with: what was filled by something else has to be made anew."""
    return f"{INDEX_FORMAT:x}:{embedder.fingerprint}"


def load_embedder(settings: Settings) -> Embedder:
    """The encoders that the settings name; raises SettingsError if one cannot be used."""
    threads = settings.embedding_threads or os.cpu_count() or 1
    encoders: list[TextEncoder] = []
    if settings.multilingual == "auto" and multilingual.is_installed():
        encoders.append(multilingual.load())  # in the background
    if settings.embedding_model is not None:
        encoders.insert(0, encoder.load_from(settings.embedding_model))
    else:
        encoders.insert(0, encoder.load_default())
    return Embedder(encoders, threads)


class _Job:
    """The texts of one call; its steps run on any thread."""

    def __init__(
        self, encoders: Sequence[TextEncoder], texts: Sequence[str], queue: _Queue
    ) -> None:
        self.bulk = len(texts) > BULK_TEXTS
        self.done: Future[Encoded] = Future()
        self._encoders = encoders
        self._texts = texts
        self._queue = queue
        dimensions = sum(one.dimensions for one in encoders)
        self._vectors = np.empty((len(texts), dimensions), dtype=np.float32)
        self._token_bits: list[TokenBits] = [NO_TOKENS] * len(texts)
        self._left = 0
        self._counting = threading.Lock()

    def start(self) -> None:
        """Cut the texts into tokens, and queue a step for each batch of each encoder."""
        if self.done.done():
            return
        steps: list[Step] = []
        column = 0
        try:
            for one in self._encoders:
                columns = slice(column, column := column + one.dimensions)
                steps += self._steps(one, columns)
        except Exception as error:
            self.fail(error)
            return
        self._left = len(steps)
        self._queue.put(steps, bulk=self.bulk)

    def _steps(self, encoder: TextEncoder, columns: slice) -> list[Step]:
        tokens = encoder.tokens(self._texts)
        return [
            functools.partial(
                self._embed, encoder, columns, places, [tokens[place] for place in places]
            )
            for places in _batches(tokens)
        ]

    def _embed(
        self, encoder: TextEncoder, columns: slice, places: list[int], batch: list[Tokens]
    ) -> None:
        if self.done.done():  # cancelled, or another batch failed
            return
        try:
            vectors, token_bits = encoder.encode_tokens(batch)
            self._vectors[places, columns] = vectors / math.sqrt(len(self._encoders))
            for place, bits in zip(places, token_bits, strict=False):
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
