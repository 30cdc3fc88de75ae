"""Clients that need an environment of their own are installed once, below the project's."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

INSTALL_PATIENCE = 600  # seconds


@contextlib.contextmanager
def only_once(home: Path) -> Iterator[bool]:
    """Whether ``home`` has still to be filled; no other process fills it meanwhile."""
    home.parent.mkdir(exist_ok=True)
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        complete = home / "complete"
        is_missing = not complete.exists()
        yield is_missing
        if is_missing:
            complete.touch()
