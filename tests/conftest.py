"""Fixtures for tests that need the SQL database: each runs on SQLite and on PostgreSQL.

What needs a server, the encoder or a database server is marked ``whole``, by the fixtures that it
uses or by hand; `make test-fast` runs the others.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
import structlog
from psycopg import sql

from stook.knowledge.encoding import encoder
from stook.storage.database import Database, open_database
from stook.storage.schema import upgrade
from tests.postgres import URL_VARIABLE, NoServer, running_server

NOT_RUN = "the PostgreSQL part did not run"
NO_BROWSER = "the browser part did not run"
# What takes seconds to start: whatever uses one of these is no part of `make test-fast`.
WHOLE = {"served", "data_dir", "embedder", "runtime", "handbook", "local_server", "postgres_server"}
# Taken out of the environment, because Stook refuses STOOK_ variables that are no setting.
_named_server = os.environ.pop(URL_VARIABLE, None)


def pytest_configure_node(node: object) -> None:
    """Tell pytest-xdist's workers which server was named."""
    node.workerinput[URL_VARIABLE] = _named_server  # type: ignore[attr-defined]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs more than this process and its files."""
    for item in items:
        if isinstance(item, pytest.Function) and (
            WHOLE & set(item.fixturenames) or "postgresql" in _parameters(item)
        ):
            item.add_marker("whole")


def _parameters(item: pytest.Function) -> list[object]:
    return list(item.callspec.params.values()) if hasattr(item, "callspec") else []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in the last lines that a part did not run."""
    reasons = {str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", ())}
    said = [each for each in reasons if NOT_RUN in each or NO_BROWSER in each]
    for reason in sorted(said):
        terminalreporter.write_line(reason.removeprefix("Skipped: "), red=True, bold=True)


@pytest.fixture(autouse=True)
def _logging_of_its_own() -> Iterator[None]:
    """Undo the logging that a command run in this process sets up: its stderr is closed by then."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture(autouse=True, scope="session")
def _one_encoder() -> Iterator[None]:
    """Leave the second encoder out, as most installations do; its own tests ask for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STOOK_MULTILINGUAL", "off")
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_encoder_in_a_hurry(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test of `make test-fast` that opens the encoder: it has to be marked ``whole``."""
    with pytest.MonkeyPatch.context() as patch:
        if request.config.getoption("markexpr") == "not whole":
            for name in ("load_default", "load_from"):
                patch.setattr(encoder, name, _refuse)
        yield


def _refuse(*_: object) -> encoder.Encoder:
    raise AssertionError("This test opens the encoder: mark it `whole`.")


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a server; skips where there is none. Each worker of pytest-xdist has its own."""
    worker_input = getattr(request.config, "workerinput", {URL_VARIABLE: _named_server})
    try:
        with running_server(worker_input[URL_VARIABLE]) as url:
            yield url
    except NoServer as error:
        pytest.skip(f"{NOT_RUN}: {error}")


@pytest.fixture(scope="session")
def _postgres_template(postgres_server: str) -> Iterator[sa.URL]:
    with _new_database(postgres_server, "template0") as url:
        _upgrade(url.render_as_string(hide_password=False))
        yield url


@pytest.fixture
def postgres_url(postgres_server: str, _postgres_template: sa.URL) -> Iterator[str]:
    """A fresh PostgreSQL database at the newest schema."""
    with _new_database(postgres_server, str(_postgres_template.database)) as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """A PostgreSQL database with nothing in it."""
    with _new_database(postgres_server, "template0") as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "stook.db"
    _upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite database at the newest schema."""
    path = tmp_path / "stook.db"
    shutil.copyfile(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database at the newest schema, of each kind in turn."""
    kind = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(kind))


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """A SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest) -> str:
    """A database with nothing in it, of each kind in turn."""
    kind = "empty_sqlite_url" if request.param == "sqlite" else "empty_postgres_url"
    return str(request.getfixturevalue(kind))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The opened database of ``database_url``."""
    opened = open_database(database_url)
    yield opened
    opened.close()


def _upgrade(url: str) -> None:
    database = open_database(url)
    try:
        upgrade(database)
    finally:
        database.close()


@contextlib.contextmanager
def _new_database(server: str, template: str) -> Iterator[sa.URL]:
    name = f"stook_test_{uuid.uuid4().hex}"
    made, copied = sql.Identifier(name), sql.Identifier(template)
    _execute(server, sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(made, copied))
    try:
        yield sa.make_url(server).set(database=name)
    finally:
        _execute(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(made))


def _execute(url: str, statement: sql.Composed) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
