"""Bytes of files, by name, beside the database.

One protocol for every place where blobs may be kept. A blob is there as a whole or not at all,
and once ``put`` returns it is there for good.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import unquote, urlsplit

from stook.errors import NotFound, SettingsError, Unavailable

PIECE = 256 * 1024  # bytes that are read at once
PARTIAL = ".partial"
FORGOTTEN_SECONDS = 3600  # after which what a dead process was writing is removed
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


class Blobs(Protocol):
    """Keeps bytes under names of letters, digits, hyphens and underscores."""

    async def put(self, name: str, content: AsyncIterator[bytes]) -> int:
        """Keep what ``content`` gives, durably; returns how many bytes it was."""

    def read(self, name: str) -> AsyncIterator[bytes]:
        """The bytes of a blob, in pieces; raises NotFound."""

    async def delete(self, name: str) -> None:
        """Forget a blob; one that is not there is no error."""

    async def names(self, older_than_seconds: float) -> list[str]:
        """The names of the blobs that were put at least so long ago."""


class LocalBlobs:
    """Blobs as files of one directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def put(self, name: str, content: AsyncIterator[bytes]) -> int:
        """Written beside its place, forced to disk, then moved there in one step."""
        target = self._path(name)
        partial = target.with_name(f"{target.name}.{uuid.uuid4().hex}{PARTIAL}")
        with self._unavailable_without_disk():
            file = await asyncio.to_thread(self._create, partial)
            try:
                size = 0
                async for piece in content:
                    size += await asyncio.to_thread(file.write, piece)
                await asyncio.to_thread(_move, file, partial, target)
            finally:
                file.close()
                partial.unlink(missing_ok=True)
        return size

    async def read(self, name: str) -> AsyncIterator[bytes]:
        """The bytes of a blob, in pieces; raises NotFound."""
        try:
            file = await asyncio.to_thread(self._path(name).open, "rb")
        except FileNotFoundError as error:
            raise NotFound("The bytes of this file are gone.") from error
        with file:
            while piece := await asyncio.to_thread(file.read, PIECE):
                yield piece

    async def delete(self, name: str) -> None:
        """Forget a blob; one that is not there is no error."""
        await asyncio.to_thread(self._path(name).unlink, missing_ok=True)

    async def names(self, older_than_seconds: float) -> list[str]:
        """Also removes what dead processes left half written."""
        return await asyncio.to_thread(lambda: sorted(self._listed(older_than_seconds)))

    def _listed(self, older_than_seconds: float) -> Iterator[str]:
        now = time.time()
        for path in self._directory.glob("*") if self._directory.is_dir() else ():
            with contextlib.suppress(FileNotFoundError):
                age = now - path.stat().st_mtime
                if path.suffix == PARTIAL and age > FORGOTTEN_SECONDS:
                    path.unlink()
                elif path.suffix != PARTIAL and age >= older_than_seconds:
                    yield path.name

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise NotFound("There is no such file.")
        return self._directory / name

    def _create(self, path: Path) -> IO[bytes]:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    @contextlib.contextmanager
    def _unavailable_without_disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Unavailable(f"The file cannot be kept: {error.strerror}.") from error


def _move(file: IO[bytes], partial: Path, target: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    partial.replace(target)
    directory = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def open_blobs(location: str) -> Blobs:
    """The blobs of a directory, given as a path or a file URI; raises SettingsError."""
    if "://" not in location:
        return LocalBlobs(Path(location))
    parts = urlsplit(location)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        raise SettingsError(f"blob_uri {location}: this version keeps files in a directory only.")
    return LocalBlobs(Path(unquote(parts.path)))
