"""What a durable write costs: alone, grouped with others, and with or without SQLAlchemy.

    python -m benchmarks.storage

The same row is inserted (or read) in every way, each for a moment, in turns, so that the ratios
hold on a machine that does other things too.
"""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa

from benchmarks.tables import show
from stook.storage.database import Database, open_database
from stook.storage.schema import upgrade
from stook.storage.tables import groups

SECONDS = 0.25  # for each way in each turn
TURNS = 3
GROUP = 64
INSERT = "INSERT INTO groups (realm, name, created_at) VALUES ('', ?, 0)"
SELECT = "SELECT realm, name, created_at FROM groups WHERE realm = '' AND name = ?"
Way = Callable[[], int]  # does some operations and says how many


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "stook.db"
        database = open_database(f"sqlite:///{path}")
        upgrade(database)
        database.write_now(_insert, "known")
        try:
            _compare("Durable writes to SQLite", "writes/s", _writes(database, path))
            _compare("Reads from SQLite", "reads/s", _reads(database, path))
        finally:
            database.close()


def _compare(title: str, unit: str, ways: dict[str, Way]) -> None:
    """Measure every way in turns and print the median rates, the first way's being 1."""
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(TURNS):
        for name, way in ways.items():
            rates[name].append(_rate(way))
    medians = {name: sorted(values)[TURNS // 2] for name, values in rates.items()}
    first = next(iter(medians.values()))
    rows = [(name, f"{rate:,.0f}", f"{rate / first:.2f}") for name, rate in medians.items()]
    show(title, ("way", unit, "ratio"), rows)


def _rate(way: Way) -> float:
    way()  # what is done once only is not measured
    done, started = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - started) < SECONDS:
        done += way()
    return done / elapsed


def _writes(database: Database, path: Path) -> dict[str, Way]:
    names = map(str, itertools.count())
    bare = _bare(path)
    loop = asyncio.new_event_loop()

    def together(callers: int) -> Way:
        async def write_all() -> None:
            some = itertools.islice(names, callers)
            await asyncio.gather(*(database.write(_insert, name) for name in some))

        return lambda: (loop.run_until_complete(write_all()), callers)[1]

    return {
        "sqlite3, a commit for each write": lambda: _bare_writes(bare, names, 1),
        "SQLAlchemy Core, a commit for each write": lambda: _core_writes(database, names, 1),
        "Database.write, 1 caller": together(1),
        "Database.write, 16 callers at once": together(16),
        "Database.write, 64 callers at once": together(GROUP),
        "SQLAlchemy Core, 64 writes behind savepoints a commit": lambda: _core_writes(
            database, names, GROUP
        ),
        "sqlite3, 64 writes behind savepoints a commit": lambda: _bare_writes(bare, names, GROUP),
    }


def _reads(database: Database, path: Path) -> dict[str, Way]:
    bare = _bare(path)
    loop = asyncio.new_event_loop()

    async def read_all() -> None:
        await asyncio.gather(*(database.read(_find, "known") for _ in range(GROUP)))

    return {
        "sqlite3": lambda: len(bare.execute(SELECT, ("known",)).fetchall()),
        "Database.read_now": lambda: len(database.read_now(_find, "known")),
        "Database.read, 64 callers at once": lambda: (loop.run_until_complete(read_all()), GROUP)[
            1
        ],
    }


def _bare(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA busy_timeout=10000")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _bare_writes(connection: sqlite3.Connection, names: Iterator[str], count: int) -> int:
    connection.execute("BEGIN IMMEDIATE")
    for name in itertools.islice(names, count):
        connection.execute("SAVEPOINT one")
        connection.execute(INSERT, (name,))
        connection.execute("RELEASE one")
    connection.execute("COMMIT")
    return count


def _core_writes(database: Database, names: Iterator[str], count: int) -> int:
    with database.begin_now() as connection:
        for name in itertools.islice(names, count):
            with connection.begin_nested():
                _insert(connection, name)
    return count


def _insert(connection: sa.Connection, name: str) -> None:
    connection.execute(sa.insert(groups).values(realm="", name=name, created_at=0))


def _find(connection: sa.Connection, name: str) -> list[sa.Row[tuple[str, str, int]]]:
    columns = groups.c
    query = sa.select(columns.realm, columns.name, columns.created_at)
    return list(connection.execute(query.where(columns.realm == "", columns.name == name)))


if __name__ == "__main__":
    main()
