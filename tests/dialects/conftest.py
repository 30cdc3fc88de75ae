"""One server for all tests of the dialects and of the server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from stook.identity import tokens
from stook.identity.principals import Scope
from tests.dialects.served import (
    INSIDER,
    READER,
    Credentials,
    Served,
    index_handbook,
    make_people,
    opened,
    serve,
)
from tests.dialects.tracker import push, tickets


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the handbook, and the secret document, indexed."""
    made = tmp_path_factory.mktemp("served")
    index_handbook(made, tmp_path_factory.mktemp("secrets"))
    return made


@pytest.fixture(scope="session")
def people(data_dir: Path) -> Credentials:
    return make_people(data_dir)


@pytest.fixture(scope="session")
def served(data_dir: Path, people: Credentials) -> Iterator[Served]:
    with serve(data_dir, STOOK_LOG_FORMAT="json") as running:
        yield running


@pytest.fixture
def stranger(served: Served) -> Iterator[httpx.Client]:
    with served.client() as client:
        yield client


@pytest.fixture
def reader(served: Served, people: Credentials) -> Iterator[httpx.Client]:
    with served.client(people.reader) as client:
        yield client


@pytest.fixture
def insider(served: Served, people: Credentials) -> Iterator[httpx.Client]:
    with served.client(people.insider) as client:
        yield client


@pytest.fixture(scope="session")
def tracker(data_dir: Path) -> None:
    """The tickets of ``tracker``, indexed."""
    asyncio.run(push(data_dir, tickets()))


@pytest.fixture(scope="session")
def searchers(data_dir: Path, people: Credentials) -> dict[str, str]:
    """Tokens of the reader and the insider for everything but administration, by address."""
    scopes = set(Scope) - {Scope.ADMIN, Scope.INDEXING}
    with opened(data_dir) as database:
        return {
            email: database.write_now(tokens.create, "search", scopes, email).secret
            for email in (READER, INSIDER)
        }


@pytest.fixture
def asker(served: Served, searchers: dict[str, str], tracker: None) -> Iterator[httpx.Client]:
    """The reader, allowed to search; sees the open tickets."""
    with served.client(searchers[READER]) as client:
        yield client


@pytest.fixture
def knower(served: Served, searchers: dict[str, str], tracker: None) -> Iterator[httpx.Client]:
    """The insider, allowed to search; sees all tickets."""
    with served.client(searchers[INSIDER]) as client:
        yield client


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests that need a server together, so that one server does for all of them."""
    for item in items:
        if "served" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group(f"served by {item.path.parent.name}"))
