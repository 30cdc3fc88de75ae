"""The public face: names, twins, types, and how little is imported."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import stook
from stook import client
from stook.client import asynchronous, errors, events, sync
from stook.settings import load_settings
from tests.client.misbehaving import PATIENCE

SERVERS_OWN = ("lancedb", "onnxruntime", "fastapi", "sqlalchemy", "starlette", "pyarrow")


def test_public_names_are_sorted_and_there() -> None:
    constants_first = sorted(set(client.__all__), key=lambda name: (not name.isupper(), name))
    assert client.__all__ == constants_first
    assert all(hasattr(client, name) for name in client.__all__)
    assert stook.__all__ == ["AsyncStook", "Stook", "__version__"]
    assert (stook.Stook, stook.AsyncStook) == (client.Stook, client.AsyncStook)
    with pytest.raises(AttributeError, match="Steok"):
        _ = stook.Steok


@pytest.mark.parametrize("module", [errors, events], ids=lambda module: module.__name__)
def test_all_errors_and_events_are_public(module: ModuleType) -> None:
    own = {
        name
        for name, value in vars(module).items()
        if inspect.isclass(value) and value.__module__ == module.__name__ and name[0] != "_"
    }
    assert own <= set(client.__all__)


def test_public_names_are_documented() -> None:
    values = [getattr(client, name) for name in client.__all__]
    classes = [value for value in values if inspect.isclass(value)]
    assert [each.__name__ for each in classes if not each.__doc__] == []


@pytest.mark.parametrize(
    ("waiting", "awaiting"),
    [
        (sync.Stook, asynchronous.AsyncStook),
        (sync.Chat, asynchronous.AsyncChat),
        (sync.Documents, asynchronous.AsyncDocuments),
        (sync.OwnChatCalls, asynchronous.AsyncOwnChatCalls),
        (sync.Thread, asynchronous.AsyncThread),
        (sync.ChatStream, asynchronous.AsyncChatStream),
    ],
)
def test_twins_have_the_same_verbs(waiting: type, awaiting: type) -> None:
    names = _public(waiting)
    assert names == _public(awaiting)
    for name in names:
        ours, theirs = getattr(waiting, name), getattr(awaiting, name)
        assert ours.__doc__ == theirs.__doc__
        if callable(ours):
            assert _parameters(ours) == _parameters(theirs)
            assert _parameters(ours)[0] == "self"


def _public(kind: type) -> list[str]:
    return [name for name in dir(kind) if not name.startswith("_")]


def _parameters(method: object) -> list[str]:
    assert callable(method)
    return list(inspect.signature(method).parameters)


SEED_VERBS = (
    "create create_stream delete_all delete retrieve list retrieve_application "
    "upload_files retrieve_files delete_files"
).split()


def test_the_verbs_are_those_of_the_sdk_that_ours_mirrors() -> None:
    assert set(SEED_VERBS) <= set(_public(sync.Chat))
    with stook.Stook("t") as made:
        assert next(iter(inspect.signature(made.chat.create).parameters)) == "messages"


def _imported(statement: str) -> set[str]:
    code = f"{statement}; import sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    return set(done.stdout.split())


def test_importing_the_sdk_imports_nothing_of_the_server() -> None:
    modules = _imported("from stook import Stook, AsyncStook")
    assert {"httpx", "pydantic", "stook.client"} <= modules
    assert not modules & set(SERVERS_OWN)
    assert {name for name in modules if name.startswith("stook.")} == {
        name for name in modules if name == "stook.client" or name.startswith("stook.client.")
    }


def test_importing_stook_imports_nothing() -> None:
    modules = _imported("import stook")
    assert not modules & {"httpx", "pydantic", "stook.client", *SERVERS_OWN}


def test_a_server_may_have_the_clients_variables(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STOOK_TOKEN", "stook_x")
    monkeypatch.setenv("STOOK_URL", "http://127.0.0.1:8080")
    assert load_settings(data_dir=tmp_path).data_dir == tmp_path


PROGRAM = """
from typing import assert_type
from stook import AsyncStook, Stook
from stook.client import ChatResponse, ChatStream, ListChatsResponse, SearchResponse

def wait(client: Stook) -> None:
    assert_type(client.chat.create("?", save_chat=True), ChatResponse)
    assert_type(client.chat.create_stream("?"), ChatStream)
    assert_type(client.search("?", page_size=3), SearchResponse)
    assert_type(client.chat.delete_all(), None)

async def go(client: AsyncStook) -> None:
    assert_type(await client.chat.create("?"), ChatResponse)
    assert_type(await client.chat.list(), ListChatsResponse)
"""
WRONG = """
from stook import Stook
Stook().chat.create("?", save_chat="yes")
Stook().chat.create()
Stook().chat.create("?", savechat=True)
"""


def test_a_type_checker_knows_the_verbs(tmp_path: Path) -> None:
    right, wrong = tmp_path / "right.py", tmp_path / "wrong.py"
    right.write_text(PROGRAM)
    wrong.write_text(WRONG)
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), right, wrong],
        capture_output=True,
        text=True,
        timeout=PATIENCE * 3,
        cwd=tmp_path,
        check=False,
    )
    found = [row for row in checked.stdout.splitlines() if "error:" in row]
    assert [row.partition(": error:")[0] for row in found] == [
        "wrong.py:3",
        "wrong.py:4",
        "wrong.py:5",
    ]
