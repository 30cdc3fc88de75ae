"""Opens a database for reading and for writing."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import event

from stook.errors import SettingsError

POOL_SIZE = 16  # connections kept open
CONNECT_SECONDS = 10  # how long PostgreSQL may take to accept a connection
BUSY_MILLISECONDS = 30_000  # how long one process waits for another's write
# Errors end in logs, where the parameters, which may be texts of documents, must not be.
_COMMON: dict[str, Any] = {"pool_size": POOL_SIZE, "hide_parameters": True}
LARGEST_LOG_BYTES = 64 * 2**20  # what SQLite's write-ahead log may keep when it is empty


@dataclass(frozen=True, slots=True)
class Engines:
    """Connections of ``reading`` refuse to write; those of ``writing`` begin with the lock."""

    reading: sa.Engine
    writing: sa.Engine

    def dispose(self) -> None:
        """Close every connection that is not in use."""
        self.reading.dispose()
        self.writing.dispose()


def open_engines(url: str) -> Engines:
    """Connect to nothing yet; raises SettingsError where the URL cannot be used."""
    try:
        parsed = sa.make_url(url)
        backend = parsed.get_backend_name()
        if backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
            return _open_sqlite(parsed)
        if backend in ("postgresql", "postgres"):
            return _open_postgres(parsed.set(drivername="postgresql+psycopg"))
    except ModuleNotFoundError as error:
        raise SettingsError("PostgreSQL needs psycopg: pip install 'stook[postgres]'.") from error
    except (sa.exc.ArgumentError, ValueError):
        pass  # their messages would show the password
    raise SettingsError(
        "STOOK_DATABASE_URL must be sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME."
    )


def _open_postgres(url: sa.URL) -> Engines:
    patience = {"connect_timeout": CONNECT_SECONDS}
    writing = sa.create_engine(url, pool_pre_ping=True, connect_args=patience, **_COMMON)
    snapshot = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return Engines(writing.execution_options(**snapshot), writing)


def _open_sqlite(url: sa.URL) -> Engines:
    path = Path(url.database or "")
    # Nobody else on the machine may read hashes of secrets and the private signing keys.
    with contextlib.suppress(OSError):  # opening it will say why
        path.touch(mode=0o600)
    return Engines(
        _sqlite_engine(url, "BEGIN", "query_only=ON"),
        # A connection that writes takes the write lock at once, instead of failing when it
        # wants it later and another process was faster.
        _sqlite_engine(url, "BEGIN IMMEDIATE"),
    )


def _sqlite_engine(url: sa.URL, begin: str, *pragmas: str) -> sa.Engine:
    engine = sa.create_engine(url, **_COMMON)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; we do
        _configure(connection, pragmas)

    @event.listens_for(engine, "begin")
    def start(connection: sa.Connection) -> None:
        driver_connection = cast("sqlite3.Connection", connection.connection.driver_connection)
        driver_connection.execute(begin)  # many times cheaper than by way of SQLAlchemy

    return engine


def _configure(connection: sqlite3.Connection, pragmas: tuple[str, ...]) -> None:
    _pragma(connection, f"busy_timeout={BUSY_MILLISECONDS}")
    _enter_wal(connection)
    _pragma(connection, "synchronous=FULL")
    _pragma(connection, "foreign_keys=ON")
    _pragma(connection, f"journal_size_limit={LARGEST_LOG_BYTES}")
    for pragma in pragmas:
        _pragma(connection, pragma)


def _enter_wal(connection: sqlite3.Connection) -> None:
    """SQLite does not wait for a lock when it changes the journal mode, so that we must."""
    give_up_at = time.monotonic() + BUSY_MILLISECONDS / 1000
    while _pragma(connection, "journal_mode") != "wal":
        try:
            _pragma(connection, "journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.01)


def _pragma(connection: sqlite3.Connection, text: str) -> Any:
    with contextlib.closing(connection.execute(f"PRAGMA {text}")) as cursor:
        row = cursor.fetchone()
        return row[0] if row else None
