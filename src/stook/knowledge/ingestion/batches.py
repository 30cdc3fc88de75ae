"""Portions of work: not too many things at once, and not too large together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from stook.knowledge.ingestion.indexing import BATCH_DOCUMENTS

Item = TypeVar("Item")


def in_batches(
    items: Iterable[Item], size: Callable[[Item], int], most: int
) -> Iterator[list[Item]]:
    """Lists of at most as many items as a batch may have, and at most as large together."""
    batch: list[Item] = []
    total = 0
    for item in items:
        if batch and (len(batch) == BATCH_DOCUMENTS or total + size(item) > most):
            yield batch
            batch, total = [], 0
        batch.append(item)
        total += size(item)
    if batch:
        yield batch
