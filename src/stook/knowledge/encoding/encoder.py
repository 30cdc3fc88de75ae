"""A sentence encoder: texts to vectors, by a transformer in an ONNX file on the CPU.

The default is all-MiniLM-L6-v2, whose graph was made when Stook was built (``build_hooks``). An
operator may name a directory that holds another: ``model.onnx``, ``tokenizer.json`` and, if its
vectors are not the mean over tokens, ``1_Pooling/config.json`` as sentence-transformers writes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import WordPiece

from stook.errors import SettingsError
from stook.knowledge.encoding.runtime import ort
from stook.knowledge.index.protocol import TokenBits, Vectors

DEFAULT_FINGERPRINT = "8199be6f699a395f"  # of the weights, whatever graph holds them
DEFAULT_DIMENSIONS = 384
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
DATA = Path(__file__).parent / "data"
GRAPH = DATA / "minilm.onnx"
VOCABULARY = DATA / "vocab.txt"
FINGERPRINT = 16  # hexadecimal digits
KNOWN_PIECE = 3
MAX_TOKENS = 256  # what follows in a longer text is not seen

Tokens = list[int]


class TextEncoder(Protocol):
    """What turns texts into vectors of length 1; see ``Encoder``."""

    @property
    def dimensions(self) -> int: ...

    @property
    def fingerprint(self) -> str: ...

    def tokens(self, texts: Sequence[str]) -> list[Tokens]: ...

    def encode_tokens(self, batch: Sequence[Tokens]) -> tuple[Vectors, Sequence[TokenBits]]: ...

    def known_share(self, text: str) -> float: ...


@dataclass(frozen=True, slots=True)
class Encoder:
    """Tokenizer and model. ``encode`` blocks; it may be called from several threads at once.

    Encoders of one ``fingerprint`` give comparable vectors.
    """

    tokenizer: Tokenizer
    session: ort.InferenceSession
    first_token: bool  # pool by taking the first token's vector instead of the mean
    dimensions: int
    fingerprint: str

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Token ids of each text, cut to ``MAX_TOKENS``."""
        return [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))]

    def encode(self, batch: Sequence[Tokens]) -> Vectors:
        """Vectors of length 1, shape (texts, dimensions); all texts have equally many tokens.

        Without padding every operator works row by row, so the same text gets the same bytes
        in any company.
        """
        return self.encode_tokens(batch)[0]

    def encode_tokens(self, batch: Sequence[Tokens]) -> tuple[Vectors, Sequence[TokenBits]]:
        """The same, and of each text the signs of its tokens' vectors."""
        ids = np.array(batch, dtype=np.int64)
        hidden = self.session.run(None, self._inputs(ids))[0]
        pooled = hidden[:, 0] if self.first_token else hidden.mean(axis=1)
        length = np.sqrt(np.square(pooled).sum(axis=1, keepdims=True))
        vectors = np.asarray(pooled / np.maximum(length, 1e-12), dtype=np.float32)
        return vectors, list(np.packbits(hidden > 0, axis=2))

    def known_share(self, text: str) -> float:
        """The part of a text's letters in pieces of ``KNOWN_PIECE`` letters or more (0 to 1).

        A language that the vocabulary was not made for falls apart into single letters, or into
        nothing known at all; a text without letters counts as known.
        """
        unknown = self.tokenizer.token_to_id("[UNK]")
        encoding = self.tokenizer.encode(text)
        letters = known = 0
        for token, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
            length = sum(map(str.isalpha, text[start:end]))
            letters += length
            known += length if length >= KNOWN_PIECE and token != unknown else 0
        return known / letters if letters else 1.0

    def _inputs(self, ids: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
        known = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        return {given.name: known[given.name] for given in self.session.get_inputs()}


def load_default() -> Encoder:
    """all-MiniLM-L6-v2; raises SettingsError if a file is not the one it should be."""
    vocabulary = checked(VOCABULARY, VOCABULARY_SHA256).decode().splitlines()
    graph = checked(GRAPH, GRAPH.with_suffix(".onnx.sha256").read_text().strip())
    tokenizer = _word_piece(vocabulary)
    return Encoder(tokenizer, _session(graph), False, DEFAULT_DIMENSIONS, DEFAULT_FINGERPRINT)


def load_from(directory: Path) -> Encoder:
    """An operator's own model; raises SettingsError if it cannot be used."""
    try:
        words, model = (
            (directory / name).read_bytes() for name in ("tokenizer.json", "model.onnx")
        )
        tokenizer, session = Tokenizer.from_str(words.decode()), _session(model)
        mark = hashlib.sha256(model + words).hexdigest()[:FINGERPRINT]
        encoder = Encoder(_cut(tokenizer), session, _pools_first_token(directory), 0, mark)
        dimensions = encoder.encode(encoder.tokens(["dimensions"])).shape[1]
    except Exception as error:
        reason = str(error).split("\n", 1)[0][:300]
        raise SettingsError(
            f"STOOK_EMBEDDING_MODEL: {directory} does not hold a usable model.onnx and "
            f"tokenizer.json: {reason}"
        ) from error
    return replace(encoder, dimensions=dimensions)


def checked(path: Path, sha256: str) -> bytes:
    """Read a file; raises SettingsError if it is missing or another one."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{path} is missing; install Stook again.") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise SettingsError(f"{path} is not the file that Stook was made with; install it again.")
    return data


def _session(model: bytes) -> ort.InferenceSession:
    return ort.InferenceSession(model, session_options(), providers=["CPUExecutionProvider"])


def session_options() -> ort.SessionOptions:
    """How models are run."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1  # several batches run at once instead, which scales better
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return options


def _word_piece(vocabulary: Sequence[str]) -> Tokenizer:
    """The tokenizer of uncased BERT, which all-MiniLM-L6-v2 shares."""
    ids = {token: number for number, token in enumerate(vocabulary)}
    tokenizer = Tokenizer(WordPiece(ids, unk_token="[UNK]", max_input_chars_per_word=100))  # noqa: S106
    settable: Any = tokenizer
    settable.normalizer = normalizers.BertNormalizer(lowercase=True)
    settable.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    settable.post_processor = processors.BertProcessing(
        ("[SEP]", ids["[SEP]"]), ("[CLS]", ids["[CLS]"])
    )
    return _cut(tokenizer)


def _cut(tokenizer: Tokenizer) -> Tokenizer:
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def _pools_first_token(directory: Path) -> bool:
    config = directory / "1_Pooling" / "config.json"
    if not config.exists():
        return False
    return bool(json.loads(config.read_text()).get("pooling_mode_cls_token", False))
