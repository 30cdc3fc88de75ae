"""Keeps the titles of a datasource apart: many files say the title of their model."""

from __future__ import annotations

from collections.abc import Iterable

from stook.knowledge.ingestion.parsing import kinds
from stook.knowledge.ingestion.parsing.canonical import TITLE_LENGTH, readable_name
from stook.knowledge.store.repository import Known

THREADS = frozenset({kinds.EML, kinds.MSG})  # messages of one subject belong together


class Titles:
    """The titles in use, each with the document that had it first."""

    def __init__(self, known: Iterable[Known] = ()) -> None:
        self._first: dict[str, tuple[str, str]] = {}
        for one in known:
            self._first.setdefault(one.title, (one.external_id, one.content_hash))

    def telling(
        self, title: str, external_id: str, name: str, content_hash: str, mime_type: str
    ) -> str:
        """The title of a document that was read; with its name where another has that title.

        Copies, and what has only moved, keep theirs.
        """
        first = self._first.setdefault(title, (external_id, content_hash))
        named = readable_name(name)
        if mime_type in THREADS or external_id == first[0] or content_hash == first[1]:
            return title
        if named.lower() in title.lower():
            return title
        told = f" ({named})"
        return title[: max(0, TITLE_LENGTH - len(told))] + told
