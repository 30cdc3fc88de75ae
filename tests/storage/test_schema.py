"""Migrations: what they make, that they may run many at once, and what stops them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from stook.errors import StookError, Unavailable
from stook.storage import schema, tables
from stook.storage.database import open_database

UPGRADE = """
import sys
from stook.storage.database import open_database
from stook.storage.schema import upgrade
database = open_database(sys.argv[1])
sys.stdin.readline()  # all start at once
upgrade(database)
database.close()
"""


def described(url: str) -> dict[str, Any]:
    """Every table as the database itself describes it."""
    database = open_database(url)
    inspector = sa.inspect(database.engine)
    description = {
        name: {
            "columns": [
                (column["name"], repr(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(name)
            ],
            "key": inspector.get_pk_constraint(name),
            "foreign keys": sorted(inspector.get_foreign_keys(name), key=repr),
            "indexes": sorted(inspector.get_indexes(name), key=repr),
            "unique": sorted(inspector.get_unique_constraints(name), key=repr),
            "checks": sorted(inspector.get_check_constraints(name), key=repr),
        }
        for name in inspector.get_table_names()
    }
    database.close()
    return description


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_migrations_make_what_the_tables_say(kind: str, request: pytest.FixtureRequest) -> None:
    migrated_url = request.getfixturevalue(f"{kind}_url")
    created_url = request.getfixturevalue(f"empty_{kind}_url")
    database = open_database(created_url)
    with database.begin_now() as connection:
        tables.metadata.create_all(connection)
    database.close()
    migrated = described(migrated_url)
    del migrated["alembic_version"]
    assert migrated == described(created_url)


def test_the_newest_revision_is_the_one_named() -> None:
    scripts = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))
    assert scripts.get_current_head() == schema.HEAD


def test_many_processes_may_start_at_once(empty_database_url: str) -> None:
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", UPGRADE, empty_database_url],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in starting:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    errors = [process.communicate(timeout=120)[1] for process in starting]
    assert [process.returncode for process in starting] == [0] * len(starting), errors
    database = open_database(empty_database_url)
    assert database.read_now(schema.current_revision) == schema.HEAD
    database.close()


def test_upgrading_again_changes_nothing(database_url: str) -> None:
    before = described(database_url)
    database = open_database(database_url)
    schema.upgrade(database)
    database.close()
    assert described(database_url) == before


def test_a_newer_database_stops_the_start(database_url: str) -> None:
    database = open_database(database_url)
    with database.begin_now() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StookError, match=r"9999.*newer version"):
        schema.upgrade(database)
    database.close()


def test_a_failed_upgrade_leaves_nothing_behind(empty_database_url: str) -> None:
    database = open_database(empty_database_url)
    with database.begin_now() as connection:
        connection.execute(sa.text("CREATE TABLE messages (id TEXT)"))  # in the way of the last
    with pytest.raises((sa.exc.DBAPIError, StookError), match="messages"):
        schema.upgrade(database)
    assert sa.inspect(database.engine).get_table_names() == ["messages"]
    database.close()


def test_a_database_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/no-such-directory/stook.db")
    with pytest.raises(Unavailable, match=r"cannot be opened; .*no-such-directory"):
        schema.upgrade(database)
    database.close()


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    database = open_database("postgresql://stook:hidden@127.0.0.1:1/stook")
    with pytest.raises(Unavailable) as told:
        schema.upgrade(database)
    assert "cannot be reached" in told.value.message
    assert "127.0.0.1:1/stook" in told.value.message
    assert "hidden" not in told.value.message
    database.close()
