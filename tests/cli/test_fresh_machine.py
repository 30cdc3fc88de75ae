"""``stook index`` where nobody has used the libraries before, and where a stranger has."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import Stook
from tests.knowledge import files_by_code as files

# What a library unpacks into the temporary folder when it is used there first.
UNPACK = """
import contextlib, kreuzberg
with contextlib.suppress(kreuzberg.KreuzbergError):
    kreuzberg.extract_bytes_sync(b"%PDF-1.4", "application/pdf")
"""


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir(mode=0o700)
    return folder


def reads_a_pdf(stook: Stook, temporary: Path) -> bool:
    source = stook.data_dir.parent / "docs"
    source.mkdir()
    (source / "leave.pdf").write_bytes(files.pdf("Everybody has thirty days of leave."))
    done = stook("index", source, "--json", code=None, TMPDIR=str(temporary))
    return bool(done.json["added"] == 1 and not done.json["skipped"])


@pytest.mark.parametrize("umask", [0o077, 0o022])
def test_a_pdf_is_read_with_an_empty_temporary_folder(
    tmp_path: Path, temporary: Path, umask: int
) -> None:
    assert reads_a_pdf(Stook(tmp_path / "data", umask), temporary)
    assert not list(temporary.iterdir())


@pytest.mark.parametrize("umask", [0o077, 0o022])
def test_a_library_of_a_stranger_is_not_used(tmp_path: Path, temporary: Path, umask: int) -> None:
    environment = os.environ | {"TMPDIR": str(temporary)}
    subprocess.run([sys.executable, "-c", UNPACK], env=environment, check=True)
    libraries = [path for path in temporary.rglob("*") if path.is_file()]
    for library in libraries:  # of the right name and size, and it cannot be loaded
        library.write_bytes(bytes(library.stat().st_size))
    assert reads_a_pdf(Stook(tmp_path / "data", umask), temporary)
    assert all(not any(library.read_bytes()) for library in libraries)
