"""What the tables on LanceDB hold, as Arrow: a row for each passage, and one for each window."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa

from stook.knowledge.index.protocol import IndexedPassage, PassageKey, TokenBits, Vectors

KEY = ("document_id", "version", "ordinal")
_KEY_FIELDS = (
    pa.field("document_id", pa.string(), nullable=False),
    pa.field("version", pa.int32(), nullable=False),
    pa.field("ordinal", pa.int32(), nullable=False),
    pa.field("access_set", pa.int64(), nullable=False),
    pa.field("datasource", pa.string(), nullable=False),
)


def keys_of(table: pa.Table) -> Iterable[PassageKey]:
    """The keys of rows, in order."""
    columns = (table[name].to_pylist() for name in KEY)
    return itertools.starmap(PassageKey, zip(*columns, strict=True))


def matrix_of(column: pa.ChunkedArray, dimensions: int) -> Vectors:
    """A column of vectors as an array of shape (rows, dimensions)."""
    flat = column.combine_chunks().flatten().to_numpy(zero_copy_only=False)
    return np.asarray(flat, dtype=np.float32).reshape(-1, dimensions)


def tokens_of(column: pa.ChunkedArray, dimensions: int) -> list[TokenBits]:
    """A column of packed tokens, each as an array of shape (tokens, dimensions / 8)."""
    width = -(-dimensions // 8)
    return [np.frombuffer(packed, np.uint8).reshape(-1, width) for packed in column.to_pylist()]


def passage_schema() -> pa.Schema:
    """The columns of the table of passages."""
    return pa.schema([*_KEY_FIELDS, pa.field("terms", pa.string(), nullable=False)])


def window_schema(dimensions: int) -> pa.Schema:
    """The columns of the table of windows."""
    vector = pa.field("vector", pa.list_(pa.float32(), dimensions), nullable=False)
    window = pa.field("window", pa.int32(), nullable=False)
    return pa.schema(
        [*_KEY_FIELDS, window, vector, pa.field("tokens", pa.binary(), nullable=False)]
    )


def _key_columns(rows: Sequence[IndexedPassage]) -> list[list[object]]:
    return [
        [row.key.document_id for row in rows],
        [row.key.version for row in rows],
        [row.key.ordinal for row in rows],
        [row.access_set for row in rows],
        [row.datasource for row in rows],
    ]


def passage_rows(passages: Sequence[IndexedPassage]) -> pa.Table:
    """A row for each passage."""
    columns = [*_key_columns(passages), [passage.terms for passage in passages]]
    schema = passage_schema()
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema)


def window_rows(passages: Sequence[IndexedPassage], dimensions: int) -> pa.Table:
    """A row for each window of the passages."""
    repeated = [passage for passage in passages for _ in passage.vectors]
    numbers = [number for passage in passages for number in range(len(passage.vectors))]
    flat = np.concatenate([passage.vectors for passage in passages]).astype(np.float32).ravel()
    schema = window_schema(dimensions)
    columns = [
        pa.array(column, field.type)
        for column, field in zip([*_key_columns(repeated), numbers], schema, strict=False)
    ]
    columns.append(pa.FixedSizeListArray.from_arrays(pa.array(flat), dimensions))
    columns.append(
        pa.array([bits for passage in passages for bits in _packed(passage)], pa.binary())
    )
    return pa.table(columns, schema)


def _packed(passage: IndexedPassage) -> list[bytes]:
    return [bits.tobytes() for bits in passage.tokens] or [b""] * len(passage.vectors)
