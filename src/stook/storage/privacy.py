"""Keeps what Stook stores from everybody else on the machine, whatever the umask was."""

from __future__ import annotations

import glob
import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa

from stook.settings import Settings

OTHERS = 0o077  # every right of the group and of all others
_log = logging.getLogger(__name__)


def keep_private(settings: Settings) -> None:
    """Make the data directory; it and all that lies in it is its owner's alone from now on.

    What this process makes later is private by its umask; what lies there from earlier is put
    right. Of a directory that holds other things too only what is Stook's is touched.
    """
    os.umask(OTHERS)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    _close(settings.data_dir.resolve())
    for path in map(Path.resolve, _stored(settings)):
        _close(path)
        for directory, directories, files in os.walk(path):
            for name in (*directories, *files):
                _close(Path(directory, name))


def _stored(settings: Settings) -> Iterator[Path]:
    """Databases with what SQLite keeps beside them, the index and the blobs, where local."""
    databases = [settings.data_dir / "jobs.db"]
    url = sa.make_url(settings.sql_url)
    if url.get_backend_name() == "sqlite" and url.database:
        databases.append(Path(url.database))
    for database in databases:
        yield from database.parent.glob(f"{glob.escape(database.name)}*")
    for location in (settings.index_location, settings.blob_location):
        parts = urlsplit(location)
        if parts.scheme in ("", "file"):
            yield Path(unquote(parts.path) if parts.scheme else location)


def _close(path: Path) -> None:
    """Take away the rights of others; a link, and what many share, is left as it is."""
    try:
        mode = path.lstat().st_mode
        if mode & OTHERS and not stat.S_ISLNK(mode) and not mode & stat.S_ISVTX:
            path.chmod(stat.S_IMODE(mode) & ~OTHERS)
    except FileNotFoundError:
        pass  # somebody else's work goes on meanwhile
    except PermissionError:
        _log.warning("Others on this machine may read %s: it belongs to another user.", path)
