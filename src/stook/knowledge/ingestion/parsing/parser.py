"""Reads a file into canonical text: plain formats here, all others in worker processes."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from stook.errors import UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion.parsing import canonical, encodings, front_matter, kinds, speech
from stook.knowledge.ingestion.parsing.options import Options
from stook.knowledge.ingestion.parsing.parsed import Facts, ParsedDocument, Read
from stook.knowledge.ingestion.parsing.pool import WorkerPool

if TYPE_CHECKING:  # the workers import this package and must start quickly
    from stook.settings import Settings

UNPACKED_MIB = 1024  # an archive that says it unpacks to more is not opened


class Parser:
    """Reads files; any number of calls may wait at once, for ``workers`` processes.

    The workers start when they are first needed, and belong to no event loop.
    """

    def __init__(self, settings: Settings, workers: int | None = None) -> None:
        self._most_bytes = settings.max_file_mib * 2**20
        self._workers = WorkerPool(
            workers or max(1, min(os.cpu_count() or 1, 4)),
            settings.parse_timeout_seconds,
            settings.parse_memory_mib,
            Options(UNPACKED_MIB * 2**20, settings.ocr_languages),
        )

    async def parse(self, path: Path, name: str, mime_type: str | None = None) -> ParsedDocument:
        """The document in a file. ``name`` and ``mime_type`` help to tell its format.

        Raises UnreadableDocument.
        """
        content = await asyncio.to_thread(_content, path, self._most_bytes)
        return await self.parse_bytes(content, name, mime_type)

    async def parse_bytes(
        self, content: bytes, name: str, mime_type: str | None = None
    ) -> ParsedDocument:
        """The document in some bytes, as ``parse`` gives it. Raises UnreadableDocument."""
        if len(content) > self._most_bytes:
            raise UnreadableDocument(UnreadableReason.TOO_LARGE)
        if not content.strip():
            raise UnreadableDocument(UnreadableReason.EMPTY)
        kind = kinds.detect(content, name, mime_type)
        if kind in kinds.IN_PROCESS:
            return await asyncio.to_thread(read_text, content, kind, name)
        return await self._workers.read(content, kind, name)

    async def close(self) -> None:
        """End the workers."""
        await asyncio.to_thread(self._workers.close)


def _content(path: Path, most: int) -> bytes:
    try:
        if not path.is_file():
            raise UnreadableDocument(UnreadableReason.MISSING)
        if path.stat().st_size > most:
            raise UnreadableDocument(UnreadableReason.TOO_LARGE)
        return path.read_bytes()
    except OSError as error:
        raise UnreadableDocument(UnreadableReason.MISSING, error.strerror or "") from error


def read_text(content: bytes, kind: str, name: str) -> ParsedDocument:
    """Markdown or plain text, kept as it is but for what makes it canonical."""
    decoded = encodings.decode(content)
    text = canonical.tidy(decoded.text)
    facts = Facts()
    if kind == kinds.MARKDOWN:
        facts, text = front_matter.split(text)
        text = canonical.without_images(text)
    else:
        text = speech.cut(text)
    return canonical.document(Read(text, facts, decoded.notes), name, kind)
