"""How many of the documents found have which value of a field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from stook.knowledge.store.conditions import METADATA, PROPERTIES, document_type
from stook.knowledge.store.documents import Document

BUILT_IN = ("type", "app", "from", "container")


@dataclass(frozen=True, slots=True)
class Bucket:
    """A value and the number of documents that have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The commonest values of a field; ``more``: there are others."""

    field: str
    buckets: tuple[Bucket, ...]
    more: bool


def facets(
    documents: Sequence[Document], fields: Iterable[str], size: int, prefix: str = ""
) -> list[Facet]:
    """A facet for each field that any of the documents has a value of."""
    counted = [_facet(documents, field, size, prefix) for field in fields]
    return [facet for facet in counted if facet.buckets]


def properties_of(documents: Sequence[Document]) -> list[str]:
    """The names of the properties that the documents have, sorted."""
    return sorted({name for document in documents for name in properties(document)})


def properties(document: Document) -> dict[str, Any]:
    """What is said of a document beyond the fields that all have; the source counts most."""
    said = [document.details.get(part) for part in (METADATA, PROPERTIES)]
    return {name: value for held in said if isinstance(held, dict) for name, value in held.items()}


def owner(document: Document) -> str:
    """Whom the source names as the owner, else the author."""
    return str(document.details.get("owner") or document.author)


def values(document: Document, field: str) -> tuple[str, ...]:
    """What a document has in a field."""
    own = {
        "type": document_type(document.object_type, document.mime_type),
        "app": document.datasource,
        "datasource": document.datasource,
        "from": document.author,
        "author": document.author,
        "owner": owner(document),
        "container": document.container,
        "publisher": document.publisher,
    }
    if field in own:
        return (own[field],) if own[field] else ()
    held = properties(document).get(field)
    items = held if isinstance(held, list) else [held]
    return tuple(_text(item) for item in items if isinstance(item, str | int | float))


def _text(value: str | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _facet(documents: Sequence[Document], field: str, size: int, prefix: str) -> Facet:
    counts = Counter(value for document in documents for value in set(values(document, field)))
    chosen = [
        Bucket(value, count)
        for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if value.casefold().startswith(prefix.casefold())
    ]
    return Facet(field, tuple(chosen[:size]), len(chosen) > size)
