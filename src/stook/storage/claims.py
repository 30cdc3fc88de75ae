"""Claims: at most one worker holds a name at a time, over all processes on one database.

A claim ends with the process that holds it, however that process ends: with SQLite it is a lock
on a byte of a file beside the database, with PostgreSQL an advisory lock of a session.
"""

from __future__ import annotations

import abc
import asyncio
import contextlib
import fcntl
import hashlib
import os
import threading
import weakref
from collections.abc import AsyncIterator, Collection
from pathlib import Path

import sqlalchemy as sa

from stook.storage.database import Database

FIRST_WAIT_SECONDS = 0.01
LONGEST_WAIT_SECONDS = 0.5


class Claims(abc.ABC):
    """Takes and gives back names; every method may be called from any thread."""

    def __init__(self) -> None:
        self._held: set[str] = set()
        self._lock = threading.Lock()

    @contextlib.asynccontextmanager
    async def hold(self, names: Collection[str]) -> AsyncIterator[None]:
        """Wait until all these names are free, and keep them for the block."""
        wait = FIRST_WAIT_SECONDS
        while not await self._take_soon(names):
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT_SECONDS)
        try:
            yield
        finally:
            await asyncio.shield(asyncio.to_thread(self.give_back, names))

    @contextlib.asynccontextmanager
    async def hold_free(self, names: Collection[str]) -> AsyncIterator[frozenset[str]]:
        """Keep those of these names that are free now for the block; gives which they are."""
        taking = asyncio.ensure_future(asyncio.to_thread(self.take_free, names))
        try:
            yield await asyncio.shield(taking)
        finally:
            taken = await taking
            await asyncio.shield(asyncio.to_thread(self.give_back, taken))

    async def _take_soon(self, names: Collection[str]) -> bool:
        """``take`` off the event loop; what a cancelled caller took is given back."""
        taking = asyncio.ensure_future(asyncio.to_thread(self.take, names))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            if await taking:
                await asyncio.to_thread(self.give_back, names)
            raise

    def take(self, names: Collection[str]) -> bool:
        """Take all of these names, or none."""
        with self._lock:
            wanted = set(names)
            taken = self._take_free(wanted)
            if taken == wanted:
                return True
            self._give_back(taken)
            return False

    def take_free(self, names: Collection[str]) -> frozenset[str]:
        """Take those of these names that nobody holds; gives which they are."""
        with self._lock:
            return frozenset(self._take_free(set(names)))

    def give_back(self, names: Collection[str]) -> None:
        """Give back names that were taken."""
        with self._lock:
            self._give_back(set(names))

    def _take_free(self, names: set[str]) -> set[str]:
        taken = self._take_outside(names - self._held)
        self._held |= taken
        return taken

    def _give_back(self, names: set[str]) -> None:
        self._held -= names
        self._give_back_outside(names)

    @abc.abstractmethod
    def _take_outside(self, names: set[str]) -> set[str]:
        """Take those of these names that no other process holds."""

    @abc.abstractmethod
    def _give_back_outside(self, names: set[str]) -> None:
        """Give back names that were taken."""


class _FileClaims(Claims):
    """A name is one byte of a file, locked with POSIX record locks."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        weakref.finalize(self, os.close, self._file)

    def _take_outside(self, names: set[str]) -> set[str]:
        return {name for name in names if self._lock_byte(name)}

    def _lock_byte(self, name: str) -> bool:
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _number(name))
        except OSError:
            return False
        return True

    def _give_back_outside(self, names: set[str]) -> None:
        for name in names:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, _number(name))


class _AdvisoryClaims(Claims):
    """A name is an advisory lock of one session, which is kept for all of them."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__()
        self._engine = engine
        self._session: sa.Connection | None = None
        sa.event.listen(engine, "engine_disposed", self._end_session)

    def _take_outside(self, names: set[str]) -> set[str]:
        by_key = {_number(name): name for name in names}
        return {by_key[key] for key in self._call("pg_try_advisory_lock", sorted(by_key))}

    def _give_back_outside(self, names: set[str]) -> None:
        self._call("pg_advisory_unlock", sorted(map(_number, names)))

    def _call(self, function: str, keys: list[int]) -> list[int]:
        """The keys for which the function said yes; a lost session loses its locks."""
        statement = sa.text(
            f"SELECT key FROM unnest(CAST(:keys AS bigint[])) AS key WHERE {function}(key)"  # noqa: S608
        )
        try:
            return list(self._open_session().scalars(statement, {"keys": keys}))
        except sa.exc.DBAPIError:
            self._end_session()
            raise

    def _open_session(self) -> sa.Connection:
        if self._session is None:
            self._session = self._engine.connect()
            self._session.execution_options(isolation_level="AUTOCOMMIT")
            self._session.detach()
        return self._session

    def _end_session(self, *_: object) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()


def _number(name: str) -> int:
    """A number below 2^62: a byte's place in a file, or an advisory lock's key."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) >> 2


# Closing any descriptor of a file gives up all record locks that the process has on it, so one
# file is opened only once.
_by_path: weakref.WeakValueDictionary[str, _FileClaims] = weakref.WeakValueDictionary()
_opening = threading.Lock()


def open_claims(database: Database) -> Claims:
    """The claims of a database; those of an SQLite file are shared by the whole process."""
    url = database.engine.url
    if database.engine.dialect.name != "sqlite":
        return _AdvisoryClaims(database.engine)
    path = str(Path(f"{url.database}-claims").resolve())
    with _opening:
        claims = _by_path.get(path)
        if claims is None:
            claims = _by_path[path] = _FileClaims(Path(path))
        return claims
