"""Tells failures of the database itself from mistakes in a query."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterator

import sqlalchemy as sa

from stook.errors import StookError, Unavailable

CLOSED = "The database is closed: Stook is shutting down."
_SQLITE_MESSAGES = {
    sqlite3.SQLITE_BUSY: "The database is busy with another process's write; try again shortly.",
    sqlite3.SQLITE_LOCKED: "The database is busy with another write; try again shortly.",
    sqlite3.SQLITE_READONLY: "The database file cannot be written; check its owner and mode.",
    sqlite3.SQLITE_IOERR: "The disk that holds the database reports an error.",
    sqlite3.SQLITE_CORRUPT: "The database file is damaged; restore it from a backup.",
    sqlite3.SQLITE_FULL: "The disk that holds the database is full.",
    sqlite3.SQLITE_CANTOPEN: "The database file cannot be opened; check its directory.",
    sqlite3.SQLITE_NOTADB: "The database file is not a SQLite database.",
}
_POSTGRES_MESSAGES = {  # by class of SQLSTATE
    "08": "The database cannot be reached; try again shortly.",
    "28": "The database refuses the user name or password of its URL.",
    "3D": "The database that the URL names does not exist; create it first.",
    "53": "The database has run out of space, memory or connections.",
    "55": "The database is busy with another write; try again shortly.",
    "57": "The database is shutting down or starting; try again shortly.",
}
_DETAILS = re.compile(r"\n(DETAIL|CONTEXT): .*")
_DEADLOCK_OR_SERIALIZATION = {"40001", "40P01"}


@contextlib.contextmanager
def translating() -> Iterator[None]:
    """Raise ``translated`` errors in place of those of SQLAlchemy."""
    try:
        yield
    except (sa.exc.SQLAlchemyError, sqlite3.Error) as error:
        told = translated(error)
        if told is error:
            raise
        raise told from error


def translated(error: sa.exc.SQLAlchemyError | sqlite3.Error) -> Exception:
    """Unavailable where the database is the reason, else the error itself without row values."""
    if isinstance(error, sa.exc.TimeoutError):
        return Unavailable("All connections to the database are in use; try again shortly.")
    if isinstance(error, sqlite3.Error):
        message = _sqlite_message(error)
        return Unavailable(message) if message else error
    if not isinstance(error, sa.exc.DBAPIError):
        return error
    for shown in (error, error.orig):
        _hide_values(shown)
    message = _sqlite_message(error.orig) or _postgres_message(error)
    return Unavailable(message) if message else error


def deserves_retry(error: sa.exc.DBAPIError) -> bool:
    """Whether PostgreSQL gave this transaction up in favour of another one."""
    return getattr(error.orig, "sqlstate", None) in _DEADLOCK_OR_SERIALIZATION


def check_not_aborted(connection: sa.Connection) -> None:
    """Raise where PostgreSQL would turn the commit to come into a rollback without a word.

    That is so after a statement failed outside a savepoint, even if the query went on.
    """
    status = connection.connection.driver_connection.info.transaction_status  # type: ignore[union-attr]
    if status.name == "INERROR":
        raise StookError("A statement of this write failed, so that nothing of it was stored.")


def _hide_values(error: BaseException | None) -> None:
    """Take out PostgreSQL's details, which quote rows; errors end in logs."""
    if error is not None:
        error.args = tuple(
            _DETAILS.sub("", part) if isinstance(part, str) else part for part in error.args
        )


def _sqlite_message(error: BaseException | None) -> str | None:
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else _SQLITE_MESSAGES.get(code & 0xFF)


def _postgres_message(error: sa.exc.DBAPIError) -> str | None:
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        lost = isinstance(error, sa.exc.OperationalError) and not isinstance(
            error.orig, sqlite3.Error
        )
        return _POSTGRES_MESSAGES["08"] if lost or error.connection_invalidated else None
    return _POSTGRES_MESSAGES.get(state[:2])
