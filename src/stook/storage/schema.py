"""Brings a database to the schema that this code knows.

Any number of processes may start at once: whoever comes first applies the migrations in one
transaction, under a lock; the others wait and find them applied.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from stook.errors import StookError, Unavailable
from stook.storage import locks
from stook.storage.database import Database, open_database

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0019"  # the newest revision; known here so that a start at it does not load Alembic
LOCK_SECONDS = 60  # how long one process waits for another's migration
_SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> None:
    """Apply what is missing.

    Raises StookError where the database is newer than this code, and Unavailable where it
    cannot be opened.
    """
    try:
        if database.read_now(current_revision) != HEAD:
            with database.begin_now() as connection:
                _upgrade(connection)
    except Unavailable as error:
        where = database.engine.url.render_as_string(hide_password=True)
        raise Unavailable(f"{error.message} ({where})") from error


def is_made(url: str) -> bool:
    """Whether there is a database that Stook made, of whatever revision; makes nothing."""
    path = sa.make_url(url).database if url.startswith("sqlite:") else None
    if path is not None:
        return Path(path).is_file() and Path(path).stat().st_size > 0
    database = open_database(url)
    try:
        return database.read_now(current_revision) is not None
    finally:
        database.close()


def current_revision(connection: sa.Connection) -> str | None:
    """The revision that the database is at; None for an empty one."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return revision


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
    locks.hold(connection, "schema")
    config = _config(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    current = current_revision(connection)
    if current is not None and current not in known:
        raise StookError(
            f"The database is at revision {current}, which this version of Stook does not know: "
            "a newer version has used it. Install that version or a later one."
        )
    command.upgrade(config, "head")


def _config(connection: sa.Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
