"""Puts aside the job database that earlier versions kept beside the SQL database.

A job named documents to index. SQL says by itself which those are, so that nothing is taken over.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import structlog

NAME, UNUSED = "jobs.db", "jobs-unused.db"
UNFINISHED = "SELECT count(*) FROM workflow_status WHERE status IN ('PENDING', 'ENQUEUED')"
log = structlog.get_logger(__name__)


def put_aside(data_dir: Path) -> None:
    """Rename the database of jobs, where there is one, and log how many had not ended."""
    if not (data_dir / NAME).exists():
        return
    unfinished = _unfinished(data_dir / NAME)
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):  # another process was faster
            (data_dir / (NAME + suffix)).rename(data_dir / (UNUSED + suffix))
    log.info("the former job database is not used and may be deleted", unfinished_jobs=unfinished)


def _unfinished(path: Path) -> int | None:
    """How many jobs had not ended; None where the file does not tell."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as jobs:
            return int(jobs.execute(UNFINISHED).fetchone()[0])
    except sqlite3.Error:
        return None
