"""Blobs: whole or not at all, by safe names only."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from stook.errors import NotFound, SettingsError, Unavailable
from stook.storage.blobs import FORGOTTEN_SECONDS, PARTIAL, Blobs, open_blobs


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return open_blobs(f"file://{tmp_path}/my%20blobs")


async def pieces(*given: bytes) -> AsyncIterator[bytes]:
    for piece in given:
        yield piece


async def content(blobs: Blobs, name: str) -> bytes:
    return b"".join([piece async for piece in blobs.read(name)])


async def test_what_is_put_is_read_until_deleted(blobs: Blobs, tmp_path: Path) -> None:
    large = os.urandom(700_000)
    assert await blobs.put("one", pieces(large, b"end")) == len(large) + 3
    assert await content(blobs, "one") == large + b"end"
    await blobs.put("one", pieces())
    assert await content(blobs, "one") == b""
    (path,) = (tmp_path / "my blobs").iterdir()
    assert path.stat().st_mode & 0o077 == 0 and path.parent.stat().st_mode & 0o077 == 0
    await blobs.delete("one")
    await blobs.delete("one")
    with pytest.raises(NotFound):
        await content(blobs, "one")


async def test_broken_off_leaves_nothing(blobs: Blobs, tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"begun"
        raise ZeroDivisionError

    await blobs.put("one", pieces(b"before"))
    with pytest.raises(ZeroDivisionError):
        await blobs.put("one", broken())
    assert await content(blobs, "one") == b"before"
    assert len(list((tmp_path / "my blobs").iterdir())) == 1


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "a.b", "a\0b", "x" * 101, "é"])
async def test_other_names_are_of_nothing(blobs: Blobs, name: str) -> None:
    for work in (content(blobs, name), blobs.delete(name), blobs.put(name, pieces(b"x"))):
        with pytest.raises(NotFound):
            await work


async def test_names_by_age_and_remains_of_dead_processes(blobs: Blobs, tmp_path: Path) -> None:
    assert await blobs.names(0) == []
    await blobs.put("old", pieces(b"x"))
    await blobs.put("new", pieces(b"x"))
    ago = time.time() - FORGOTTEN_SECONDS - 1
    folder = tmp_path / "my blobs"
    for name, then in (("old", ago), (f"dead{PARTIAL}", ago), (f"live{PARTIAL}", time.time())):
        (folder / name).touch()
        os.utime(folder / name, (then, then))
    assert await blobs.names(60) == ["old"]
    assert sorted(path.name for path in folder.iterdir()) == [f"live{PARTIAL}", "new", "old"]


async def test_disk_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable):
        await open_blobs(str(tmp_path / "file")).put("one", pieces(b"x"))


@pytest.mark.parametrize("location", ["s3://bucket", "file://host/path", "http://x/y"])
def test_other_places_are_refused(location: str) -> None:
    with pytest.raises(SettingsError, match="blob_uri"):
        open_blobs(location)
