"""Long lists in pages, each beginning behind the last row of the one before.

Nothing is counted off: the hundredth page costs what the first one does, and a row that comes or
goes meanwhile makes none appear twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

T = TypeVar("T")
Value = str | int
Place = tuple[Value, str]  # of the last row shown: the value that is sorted by, and the key


@dataclass(frozen=True, slots=True)
class Order:
    """Sorted by ``by``, and where that is the same by ``key``; both are never null."""

    by: sa.ColumnElement[Any]
    key: sa.ColumnElement[str]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list, and where the next one begins."""

    items: list[T]
    next: Place | None


def cut(
    connection: sa.Connection,
    query: sa.Select[Any],
    order: Order,
    after: Place | None,
    size: int,
) -> Page[sa.Row[Any]]:
    """The rows behind a place; each has a further column, ``sorted_by``."""
    if after is not None:
        value, key = after
        beyond = order.by < value if order.descending else order.by > value
        query = query.where(sa.or_(beyond, sa.and_(order.by == value, order.key > key)))
    direction = order.by.desc() if order.descending else order.by.asc()
    query = query.add_columns(order.by.label("sorted_by"), order.key.label("sorted_key"))
    rows = list(connection.execute(query.order_by(direction, order.key).limit(size + 1)))
    more = len(rows) > size
    last = rows[size - 1] if more else None
    return Page(rows[:size], (last.sorted_by, last.sorted_key) if last is not None else None)
