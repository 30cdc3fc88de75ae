"""Stops statements that nobody waits for any more."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from stook.errors import Unavailable

SECONDS = 5  # that PostgreSQL may take to hear of it
_LEFT = "Nobody waits for this any more."


class Reading:
    """One query of one caller, on the connection that it has for so long, and no longer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: Any = None
        self._left = False

    @contextlib.contextmanager
    def on(self, connection: sa.Connection) -> Iterator[None]:
        """Run on this connection; raises Unavailable where the caller has left already."""
        with self._lock:
            if self._left:
                raise Unavailable(_LEFT)
            self._connection = connection.connection.driver_connection
        try:
            yield
        finally:
            with self._lock:  # the next statement on this connection is another caller's
                self._connection = None

    def interrupt(self) -> None:
        """Stop the statement that runs, and begin no other."""
        with self._lock:
            self._left = True
            if isinstance(self._connection, sqlite3.Connection):
                self._connection.interrupt()
            elif self._connection is not None:
                self._connection.cancel_safe(timeout=SECONDS)
