"""A server that misbehaves, a real one, and both clients."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from stook import AsyncStook, Stook
from stook.conversation import applications
from stook.conversation.applications import Definition
from stook.identity import tokens
from stook.identity.principals import Scope
from tests.client.misbehaving import Misbehaving, misbehaving
from tests.client.twins import Twin
from tests.dialects.served import (
    HANDBOOK,
    INSIDER,
    READER,
    SECRET,
    Credentials,
    Served,
    make_people,
    opened,
    serve,
    stook,
)

MakeTwin = Callable[..., Twin]


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STOOK_TOKEN", "STOOK_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def rogue() -> Iterator[Misbehaving]:
    with misbehaving() as server:
        yield server


@pytest.fixture(params=[Stook, AsyncStook], ids=["sync", "async"])
async def twin(request: pytest.FixtureRequest) -> AsyncIterator[MakeTwin]:
    """Makes clients of one of the two kinds; closes them in the end."""
    async with contextlib.AsyncExitStack() as opened_twins:

        def make(url: str, **options: Any) -> Twin:
            made = Twin(request.param, url, **options)
            opened_twins.push_async_callback(made.close)
            return made

        yield make


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a part of the handbook, and a secret document, indexed."""
    made, secrets = tmp_path_factory.mktemp("sdk"), tmp_path_factory.mktemp("secrets")
    (secrets / "stipend.md").write_text(SECRET)
    parts = [str(HANDBOOK / name) for name in ("holidays", "time-off")]
    stook("index", *parts, "--datasource", "handbook", data_dir=made)
    allow = ("--allow", f"user:{INSIDER}", "--allow-unknown")
    stook("index", str(secrets), "--datasource", "secrets", *allow, data_dir=made)
    return made


@pytest.fixture(scope="session")
def people(data_dir: Path) -> Credentials:
    return make_people(data_dir)


@pytest.fixture(scope="session")
def reader_token(data_dir: Path, people: Credentials) -> str:
    """A token of the reader for all that the SDK calls."""
    scopes = [Scope.CHAT, Scope.SEARCH, Scope.DOCUMENTS, Scope.DOCPERMISSIONS, Scope.SUMMARIZE]
    with opened(data_dir) as database:
        return database.write_now(tokens.create, "sdk", scopes, READER).secret


@pytest.fixture(scope="session")
def application(data_dir: Path, people: Credentials) -> str:
    """The id of the chat application that the SDK's pages speak of."""
    definition = Definition(starters=("When is my first day?",))
    with opened(data_dir) as database:
        return database.write_now(applications.create, "Onboarding", definition).id


@pytest.fixture(scope="session")
def served(data_dir: Path, people: Credentials) -> Iterator[Served]:
    with serve(data_dir, STOOK_TOKEN="not a setting") as running:
        yield running
