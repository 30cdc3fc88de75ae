"""A server of its own, with one person and no documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from stook.identity import users
from stook.storage.database import open_database
from stook.storage.schema import upgrade
from tests.dialects.served import Served, make_token, serve

PERSON = "rita@alderbrook.example"
ORIGIN = "https://intranet.alderbrook.example"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def token(data_dir: Path) -> str:
    database = open_database(f"sqlite:///{data_dir / 'stook.db'}")
    upgrade(database)
    database.write_now(users.add, PERSON, "Rita")
    secret = make_token(database, PERSON)
    database.close()
    return secret


@pytest.fixture(scope="module")
def served(data_dir: Path, token: str) -> Iterator[Served]:
    settings = {
        "STOOK_LOG_FORMAT": "json",
        "STOOK_MAX_REQUEST_MIB": "1",
        "STOOK_ALLOWED_ORIGINS": f"{ORIGIN}, http://localhost:5173",
    }
    with serve(data_dir, **settings) as running:
        yield running


@pytest.fixture
def client(served: Served, token: str) -> Iterator[httpx.Client]:
    with served.client(token) as opened:
        yield opened
