"""How many of the documents found have which value of a field."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from stook.application.search.times import period
from stook.knowledge.retrieval.facets import BUILT_IN, Bucket, Facet, facets, properties_of
from stook.knowledge.store.conditions import LAST_UPDATED, Relation
from stook.knowledge.store.documents import Document

__all__ = ["BUILT_IN", "Bucket", "Facet", "facets", "last_updated", "properties_of"]

PERIODS = ("past_week", "past_month", "past_year")


def last_updated(documents: Sequence[Document], now: datetime) -> Facet:
    """Count the documents changed in the last week, month and year, each within the next."""
    changed = [at for each in documents if (at := each.updated_at or each.created_at) is not None]
    counted = [Bucket(name, sum(at >= _start(name, now) for at in changed)) for name in PERIODS]
    return Facet(LAST_UPDATED, tuple(each for each in counted if each.count), more=False)


def _start(name: str, now: datetime) -> int:
    found = period(name, Relation.EQUALS, now)
    return (found.start if found else None) or 0
