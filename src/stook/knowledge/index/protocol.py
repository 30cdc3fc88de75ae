"""The protocol behind which the search index stands.

The index holds nothing that cannot be rebuilt from SQL. It stores, for each passage, its terms
(for BM25), the vectors of its windows (for dense search), and the few columns that a filter
needs. It never decides what somebody may see: the searcher tells it which access sets pass, and
checks every hit against SQL afterwards.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
TokenBits = NDArray[np.uint8]  # the signs of token vectors, shape (tokens, dimensions / 8)


@dataclass(frozen=True, slots=True)
class Encoded:
    """Texts as the encoder sees them: ``vectors`` has shape (texts, dimensions); ``tokens`` has
    an entry for each text."""

    vectors: Vectors
    tokens: tuple[TokenBits, ...]


@dataclass(frozen=True, slots=True)
class PassageKey:
    """One passage of one version of a document."""

    document_id: str
    version: int
    ordinal: int


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """What the index stores of a passage.

    ``terms`` is analysed text (see ``analysis``), separated by single spaces. ``vectors`` has
    shape (windows, dimensions), at least one row, each row of length 1; ``tokens`` has an entry
    for each window, or none at all.
    """

    key: PassageKey
    access_set: int
    datasource: str
    terms: str
    vectors: Vectors
    tokens: tuple[TokenBits, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexFilter:
    """Which passages may be hits; None means that the column does not restrict.

    ``other_access_sets`` may name all others that there are, so that an index can filter by the
    shorter of the two lists; None says nothing.
    """

    access_sets: Collection[int] | None = None
    other_access_sets: Collection[int] | None = None
    datasources: Collection[str] | None = None
    not_datasources: Collection[str] = ()
    documents: Collection[str] | None = None
    not_documents: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class IndexHit:
    """A passage found, with its raw scores.

    ``lexical`` is its BM25 score (0.0 where no term of the query matched, or where it ranked
    below the limit); ``dense`` is the product of the vector asked for and that of its best window
    (None where it ranked below the limit of the dense search). ``terms`` are those it was added
    with, where ``lexical`` is above 0.
    """

    key: PassageKey
    lexical: float
    dense: float | None
    terms: str = ""


class PassageIndex(Protocol):
    """A search index. Every method may be called from several tasks at once."""

    async def add(self, passages: Sequence[IndexedPassage]) -> None:
        """Make passages searchable; adding a key again replaces it. Searchable on return."""

    async def remove(self, keep: dict[str, int | None]) -> None:
        """For each document id, drop the passages of all versions but the one given (None: all)."""

    async def set_access(self, access_sets: dict[str, int]) -> None:
        """Move all passages of each document id to another access set."""

    async def search(
        self,
        terms: Sequence[str] | Mapping[str, float],
        vector: Vectors,
        where: IndexFilter,
        limit: int,
    ) -> list[IndexHit]:
        """The union of the best ``limit`` by BM25 and the best ``limit`` by cosine, unordered.

        ``terms`` may have weights, 1 is usual. ``vector`` has shape (dimensions,); empty
        ``terms`` search densely only.
        """

    async def holding(
        self, all_of: Sequence[str], terms: Mapping[str, float], where: IndexFilter, limit: int
    ) -> list[IndexHit]:
        """The best ``limit`` passages by BM25 for ``terms``, of those that hold all of ``all_of``.

        One of the two must not be empty. ``dense`` is None in all of them.
        """

    async def windows(self, keys: Sequence[PassageKey]) -> dict[PassageKey, Encoded]:
        """The windows of passages as they were added; keys that it does not hold are left out."""

    async def document_frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many passages each term occurs, whoever may see them; for IDF."""

    async def count(self) -> int:
        """How many passages the index holds, stale versions included."""

    async def optimize(self) -> None:
        """Bring indexes up to date and compact; searches and writes go on meanwhile."""

    async def tidy(self) -> None:
        """``optimize`` where it is due; cheap where nothing was changed."""

    async def clear(self) -> None:
        """Drop everything."""

    async def close(self) -> None:
        """Release files and threads."""
