"""The door to the database: commits, failures, cancellation, closing."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from stook.errors import SettingsError, StookError, Unavailable
from stook.storage import engines
from stook.storage.cancelling import Reading
from stook.storage.database import READERS, Database, open_database
from stook.storage.tables import groups
from stook.storage.writers import GROUP_LIMIT

WAIT_SECONDS = 30


def add(connection: sa.Connection, name: str) -> str:
    connection.execute(sa.insert(groups).values(realm="", name=name, created_at=0))
    return name


def add_and_fail(connection: sa.Connection, name: str) -> None:
    add(connection, name)
    raise LookupError(name)


def add_without_time(connection: sa.Connection, name: str) -> None:
    connection.execute(sa.insert(groups).values(realm="", name=name, created_at=None))


def names(connection: sa.Connection) -> list[str]:
    return list(connection.scalars(sa.select(groups.c.name).order_by(groups.c.name)))


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    opened = open_database(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Database]:
    opened = open_database(postgres_url)
    yield opened
    opened.close()


class Hold:
    """Keeps the one writer of SQLite busy, so that what comes meanwhile makes one group."""

    def __init__(self, database: Database) -> None:
        self._entered, self._released = threading.Event(), threading.Event()
        database.write_later(self._wait)
        assert self._entered.wait(WAIT_SECONDS)

    def _wait(self, connection: sa.Connection) -> None:
        self._entered.set()
        self._released.wait(WAIT_SECONDS)

    def release(self) -> None:
        self._released.set()


async def test_what_is_written_can_be_read(database: Database) -> None:
    assert await database.write(add, "staff") == "staff"
    assert await database.read(names) == ["staff"]
    assert database.write_now(add, name="board") == "board"
    assert database.read_now(names) == ["board", "staff"]


async def test_a_failed_write_leaves_nothing_and_raises_its_error(database: Database) -> None:
    with pytest.raises(LookupError, match="staff"):
        await database.write(add_and_fail, "staff")
    with pytest.raises(sa.exc.IntegrityError):
        await database.write(lambda c: [add(c, "twice"), add(c, "twice")])
    assert await database.read(names) == []


async def test_an_error_does_not_show_what_was_written(database: Database) -> None:
    name = "confidential"
    with pytest.raises(sa.exc.DBAPIError) as told:
        await database.write(add_without_time, name)
    assert name not in "".join(traceback.format_exception(told.value))


async def test_many_writes_at_once_are_all_stored(database: Database) -> None:
    wanted = [f"g{number:03}" for number in range(3 * GROUP_LIMIT)]
    assert await asyncio.gather(*(database.write(add, name) for name in wanted)) == wanted
    assert await database.read(names) == wanted


async def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises((sa.exc.DBAPIError, Unavailable)):
        await database.read(add, "lost")
    assert await database.read(names) == []


async def test_references_are_checked(database: Database) -> None:
    statement = "INSERT INTO document_texts VALUES ('nobody', 1, 'text', '[]', '[]')"
    with pytest.raises(sa.exc.IntegrityError):
        await database.write(lambda c: c.execute(sa.text(statement)).rowcount)


async def test_writes_that_wait_together_share_a_commit(sqlite: Database) -> None:
    commits: list[object] = []
    event.listen(sqlite.engine, "commit", commits.append)
    hold = Hold(sqlite)
    waiting = [asyncio.ensure_future(sqlite.write(add, f"g{n}")) for n in range(10)]
    failing = asyncio.ensure_future(sqlite.write(add_and_fail, "broken"))
    await asyncio.sleep(0)  # they are queued now
    hold.release()
    assert await asyncio.gather(*waiting) == [f"g{n}" for n in range(10)]
    with pytest.raises(LookupError):
        await failing
    assert await sqlite.read(names) == [f"g{n}" for n in range(10)]
    assert len(commits) == 2  # the hold's, and one for all


async def test_a_write_cancelled_while_it_waits_is_not_done(sqlite: Database) -> None:
    hold = Hold(sqlite)
    cancelled = asyncio.ensure_future(sqlite.write(add, "cancelled"))
    kept = asyncio.ensure_future(sqlite.write(add, "kept"))
    await asyncio.sleep(0)
    cancelled.cancel()
    await asyncio.sleep(0)
    hold.release()
    await kept
    assert await sqlite.read(names) == ["kept"]


async def test_a_write_cancelled_while_it_runs_harms_nobody(database: Database) -> None:
    entered, released = threading.Event(), threading.Event()

    def slow(connection: sa.Connection) -> None:
        add(connection, "slow")
        entered.set()
        released.wait(WAIT_SECONDS)

    running = asyncio.ensure_future(database.write(slow))
    await asyncio.to_thread(entered.wait, WAIT_SECONDS)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    released.set()
    await database.write(add, "next")
    assert "next" in await database.read(names)


COUNTING = sa.text(
    "WITH RECURSIVE endless(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM endless"
    " WHERE i < 1000000000) SELECT count(*) FROM endless"  # minutes
)
RUNNING = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"
    " AND query LIKE 'WITH RECURSIVE endless%'"
)


class Counting:
    """A query that runs for minutes; tells when its statement runs, and when it has ended."""

    def __init__(self) -> None:
        self.runs = threading.Event()
        self.ended = threading.Event()

    def __call__(self, connection: sa.Connection) -> None:
        driver = connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            driver.set_progress_handler(self.runs.set, 1000)
        try:
            connection.execute(COUNTING)
        finally:
            if isinstance(driver, sqlite3.Connection):
                driver.set_progress_handler(None, 0)
            self.ended.set()

    def wait_until_it_runs(self, database: Database) -> None:
        """Return once the statement has reached the database."""
        if database.engine.dialect.name == "sqlite":
            assert self.runs.wait(WAIT_SECONDS)
            return
        until = time.monotonic() + WAIT_SECONDS
        while not database.read_now(lambda connection: connection.scalar(RUNNING)):
            assert time.monotonic() < until
            time.sleep(0.01)


async def test_a_statement_that_nobody_waits_for_is_interrupted(database: Database) -> None:
    database.write_now(add, "others")
    counting = Counting()
    reading = asyncio.create_task(database.read(counting))
    await asyncio.to_thread(counting.wait_until_it_runs, database)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert await asyncio.to_thread(counting.ended.wait, WAIT_SECONDS)
    for _ in range(2 * READERS):  # on the same connections
        assert await database.read(names) == ["others"]


async def test_a_statement_of_a_reader_who_has_left_does_not_begin(database: Database) -> None:
    left = Reading()
    left.interrupt()
    with database.engine.connect() as connection, pytest.raises(Unavailable), left.on(connection):
        connection.execute(COUNTING)


async def test_who_loses_the_transaction_of_a_group_fails_alone(sqlite: Database) -> None:
    def vandal(connection: sa.Connection) -> None:
        connection.exec_driver_sql("ROLLBACK")

    hold = Hold(sqlite)
    before = asyncio.ensure_future(sqlite.write(add, "before"))
    broken = asyncio.ensure_future(sqlite.write(vandal))
    after = asyncio.ensure_future(sqlite.write(add, "after"))
    await asyncio.sleep(0)
    hold.release()
    assert list(await asyncio.gather(before, after)) == ["before", "after"]
    with pytest.raises(StookError, match="given up"):
        await broken
    assert await sqlite.read(names) == ["after", "before"]


async def test_a_savepoint_left_open_costs_its_own_write_only(sqlite: Database) -> None:
    def careless(connection: sa.Connection) -> None:
        connection.begin_nested()
        add(connection, "careless")

    hold = Hold(sqlite)
    before = asyncio.ensure_future(sqlite.write(add, "before"))
    broken = asyncio.ensure_future(sqlite.write(careless))
    after = asyncio.ensure_future(sqlite.write(add, "after"))
    await asyncio.sleep(0)
    hold.release()
    assert list(await asyncio.gather(before, after)) == ["before", "after"]
    with pytest.raises(StookError, match="savepoint open"):
        await broken
    assert await sqlite.read(names) == ["after", "before"]


async def test_a_failure_inside_a_savepoint_costs_its_own_write_only(sqlite: Database) -> None:
    def failing(connection: sa.Connection) -> None:
        connection.begin_nested()
        add_and_fail(connection, "failing")

    hold = Hold(sqlite)
    broken = asyncio.ensure_future(sqlite.write(failing))
    after = asyncio.ensure_future(sqlite.write(add, "after"))
    await asyncio.sleep(0)
    hold.release()
    with pytest.raises(LookupError, match="failing"):
        await broken
    assert await after == "after"
    assert await sqlite.read(names) == ["after"]


async def test_even_an_exit_does_not_end_the_writer(database: Database) -> None:
    def leave(connection: sa.Connection) -> None:
        raise SystemExit(3)

    with pytest.raises(BaseException, match="3") as told:
        await _caught(database, leave)
    assert isinstance(told.value, RuntimeError)
    await database.write(add, "alive")
    assert await database.read(names) == ["alive"]


async def _caught(database: Database, query: object) -> None:
    """SystemExit must not leave a task as itself: it would end the event loop."""
    try:
        await database.write(query)  # type: ignore[arg-type]
    except SystemExit as error:
        raise RuntimeError(str(error)) from error


async def test_closing_finishes_what_was_given_and_refuses_more(database: Database) -> None:
    entered, released = threading.Event(), threading.Event()

    def slow(connection: sa.Connection) -> None:
        entered.set()
        released.wait(WAIT_SECONDS)

    first = asyncio.ensure_future(database.write(slow))
    second = asyncio.ensure_future(database.write(add, "given before"))
    await asyncio.to_thread(entered.wait, WAIT_SECONDS)
    closing = asyncio.ensure_future(asyncio.to_thread(database.close))
    released.set()
    await asyncio.gather(first, second, closing)
    for refused in (database.write(add, "late"), database.read(names)):
        with pytest.raises(Unavailable, match="closed"):
            await refused
    with pytest.raises(Unavailable, match="closed"):
        database.read_now(names)
    database.close()
    reopened = open_database(database.engine.url.render_as_string(hide_password=False))
    assert reopened.read_now(names) == ["given before"]
    reopened.close()


def test_a_background_write_that_fails_is_logged_without_its_text(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    database.write_later(add_and_fail, "confidential")
    database.write_later(add, "stored")
    database.close()
    assert "LookupError" in caplog.text
    assert "confidential" not in caplog.text


async def test_a_busy_database_is_unavailable_and_then_works_again(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUSY_MILLISECONDS", 100)
    ours, other = open_database(sqlite_url), open_database(sqlite_url)
    with other.begin_now() as connection:
        add(connection, "theirs")
        assert await ours.read(names) == []  # readers do not wait
        with pytest.raises(Unavailable, match="busy"):
            await ours.write(add, "ours")
    assert await ours.write(add, "ours later") == "ours later"
    assert await ours.read(names) == ["ours later", "theirs"]
    ours.close()
    other.close()


INCREMENT = """
import sys
import sqlalchemy as sa
from stook.storage.database import open_database
database = open_database(sys.argv[1])
for _ in range(25):
    database.write_now(lambda c: c.execute(sa.text(
        "UPDATE groups SET created_at = (SELECT created_at + 1 FROM groups)")).rowcount)
database.close()
"""


def test_processes_that_write_at_once_lose_nothing(sqlite: Database, sqlite_url: str) -> None:
    sqlite.write_now(add, "counted")
    command = [sys.executable, "-c", INCREMENT, sqlite_url]
    writing = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait(timeout=120) for process in writing] == [0, 0, 0]
    assert sqlite.read_now(lambda c: c.scalar(sa.select(groups.c.created_at))) == 75


WRITE_FOR_EVER = """
import itertools, sys
import sqlalchemy as sa
from stook.storage.database import open_database
from stook.storage.tables import groups
database = open_database(sys.argv[1])
for number in itertools.count():
    row = sa.insert(groups).values(realm="", name=f"g{number}", created_at=0)
    database.write_now(lambda c: c.execute(row).rowcount)
    print(f"g{number}", flush=True)
"""


def test_what_was_acknowledged_survives_a_kill(database: Database, database_url: str) -> None:
    command = [sys.executable, "-c", WRITE_FOR_EVER, database_url]
    writing = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert writing.stdout is not None
    acknowledged = [writing.stdout.readline().strip() for _ in range(40)]
    writing.kill()
    acknowledged += writing.stdout.read().split()
    writing.wait(WAIT_SECONDS)
    assert acknowledged[0] == "g0"
    assert set(acknowledged) <= set(database.read_now(names))


async def test_postgres_does_not_pretend_to_have_stored_an_aborted_write(
    postgres: Database,
) -> None:
    def careless(connection: sa.Connection) -> str:
        add(connection, "once")
        try:
            add(connection, "once")
        except sa.exc.IntegrityError:
            return "all is well"
        return "unexpected"

    with pytest.raises(StookError, match="nothing of it was stored"):
        await postgres.write(careless)
    assert await postgres.read(names) == []


async def test_a_savepoint_lets_a_write_go_on(database: Database) -> None:
    def careful(connection: sa.Connection) -> str:
        add(connection, "once")
        try:
            with connection.begin_nested():
                add(connection, "once")
        except sa.exc.IntegrityError:
            return add(connection, "instead")
        return "unexpected"

    assert await database.write(careful) == "instead"
    assert await database.read(names) == ["instead", "once"]


async def test_postgres_runs_a_write_again_after_a_deadlock(postgres: Database) -> None:
    for name in ("a", "b"):
        await postgres.write(add, name)
    both_hold_one = threading.Barrier(2)

    def touch(connection: sa.Connection, first: str, second: str) -> None:
        for at, name in enumerate((first, second)):
            change = sa.update(groups).where(groups.c.name == name)
            connection.execute(change.values(created_at=groups.c.created_at + 1))
            if at == 0 and not both_hold_one.broken:
                _meet(both_hold_one)

    await asyncio.gather(postgres.write(touch, "a", "b"), postgres.write(touch, "b", "a"))
    counts = await postgres.read(lambda c: list(c.scalars(sa.select(groups.c.created_at))))
    assert counts == [2, 2]


def _meet(barrier: threading.Barrier) -> None:
    """Wait for the other, the first time only."""
    try:
        barrier.wait(WAIT_SECONDS)
        barrier.abort()
    except threading.BrokenBarrierError:
        pass


def test_a_read_sees_one_moment(postgres: Database) -> None:
    def twice(connection: sa.Connection) -> tuple[list[str], list[str]]:
        before = names(connection)
        postgres.write_now(add, "meanwhile")
        return before, names(connection)

    assert postgres.read_now(twice) == ([], [])


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/new.db")
    database.read_now(lambda c: c.scalar(sa.text("SELECT 1")))
    assert {p.stat().st_mode & 0o777 for p in tmp_path.glob("new.db*")} == {0o600}
    database.close()


@pytest.mark.parametrize(
    "url", ["", "sqlite://", "sqlite:///:memory:", "mysql://h/d", "nonsense", "postgresql://:::/"]
)
def test_a_url_that_names_no_database_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="STOOK_DATABASE_URL"):
        open_database(url)
