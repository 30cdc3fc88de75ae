"""What Stook keeps is its owner's alone: what it makes, and what lies there from earlier."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from stook.settings import Settings
from stook.storage.privacy import keep_private


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def make(path: Path, mode: int = 0o644) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    path.chmod(mode)
    return path


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def open_to_others(directory: Path) -> list[str]:
    return [str(path) for path in (directory, *directory.rglob("*")) if mode_of(path) & 0o077]


def test_what_lies_there_from_earlier_is_put_right(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for name in ("stook.db", "stook.db-wal", "stook.db-shm", "stook.db-claims", "jobs.db"):
        make(data / name, 0o664)
    make(data / "index" / "passages.lance" / "data" / "0.lance")
    make(data / "files" / "aa", 0o444)
    keep_private(Settings(data_dir=data))
    assert open_to_others(data) == []
    assert (mode_of(data), mode_of(data / "index")) == (0o700, 0o700)
    assert (mode_of(data / "jobs.db"), mode_of(data / "files" / "aa")) == (0o600, 0o400)


def test_so_is_what_lies_elsewhere(tmp_path: Path) -> None:
    place = tmp_path / "my [place]"
    settings = Settings(
        data_dir=tmp_path / "data",
        database_url=f"sqlite:///{make(place / 'own.db')}",
        index_uri=str(make(place / "index" / "a").parent),
        blob_uri=f"file://{str(make(place / 'blobs' / 'b').parent).replace(' ', '%20')}",
    )
    wal = make(place / "own.db-wal")
    other = make(place / "other.txt")
    keep_private(settings)
    assert [mode_of(path) for path in (place / "own.db", wal)] == [0o600, 0o600]
    assert open_to_others(place / "index") == open_to_others(place / "blobs") == []
    assert mode_of(other) == 0o644 and mode_of(place) & 0o077  # neither is Stook's


def test_what_is_made_later_is_private(tmp_path: Path) -> None:
    keep_private(Settings(data_dir=tmp_path / "a" / "data"))
    (tmp_path / "a" / "data" / "index").mkdir()
    (tmp_path / "a" / "data" / "index" / "new").write_text("x")
    assert open_to_others(tmp_path / "a" / "data") == []


def test_links_and_what_many_share_are_left_as_they_are(tmp_path: Path) -> None:
    data, shared = tmp_path / "data", tmp_path / "shared"
    target = make(tmp_path / "elsewhere" / "file")
    directory = tmp_path / "elsewhere"
    (data / "index").mkdir(parents=True)
    (data / "index" / "file").symlink_to(target)
    (data / "index" / "directory").symlink_to(directory)
    (data / "index" / "nowhere").symlink_to(tmp_path / "nowhere")
    before = mode_of(directory)
    keep_private(Settings(data_dir=data))
    assert (mode_of(target), mode_of(directory)) == (0o644, before)
    shared.mkdir()
    shared.chmod(0o1777)
    keep_private(Settings(data_dir=shared))
    assert mode_of(shared) == 0o1777


def test_a_link_to_the_data_directory_is_followed(tmp_path: Path) -> None:
    make(tmp_path / "real" / "stook.db")
    (tmp_path / "data").symlink_to(tmp_path / "real")
    keep_private(Settings(data_dir=tmp_path / "data"))
    assert open_to_others(tmp_path / "real") == []
