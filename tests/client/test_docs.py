"""The examples of docs/sdk run, and its pages leave nothing out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from stook import client
from stook.client import errors, sync
from tests.client.misbehaving import Connection, Misbehaving, says
from tests.dialects.served import Served

PAGES = sorted((Path(__file__).parents[2] / "docs" / "sdk").glob("*.md"))
TEXT = "\n".join(page.read_text() for page in PAGES)
LINK = re.compile(r"\]\(([\w.-]+)\)")

# Pages about calls that this server does not have yet; they run against the API's description.
OTHER_SERVER = {"files.md"}
HERE = [page for page in PAGES if page.name not in OTHER_SERVER]
THERE = [page for page in PAGES if page.name in OTHER_SERVER]

FILE = {"id": "FILE_1", "name": "plan.txt", "metadata": {"status": "PROCESSED"}}
ANSWER = {"author": "GLEAN_AI", "messageType": "CONTENT", "fragments": [{"text": "In May."}]}
ANSWERS: dict[str, Any] = {
    "uploadchatfiles": {"files": [FILE]},
    "getchatfiles": {"files": {"FILE_1": FILE}},
    "deletechatfiles": b"",
    "FILE_1": b"We launch in May. " * 100,
    "getchatapplication": {"application": {"id": "onboarding", "name": "Onboarding"}},
    "chat": {"messages": [ANSWER]},
}


def _run(page: Path) -> str:
    """Run the examples of a page, one after the other, as one program; returns the program."""
    blocks = re.findall(r"^```python\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    program = "\n".join(blocks)
    exec(compile(program, str(page), "exec"), {"__name__": "__main__"})
    return program


@pytest.mark.parametrize("page", HERE, ids=lambda page: page.stem)
def test_examples_run(
    page: Path,
    served: Served,
    reader_token: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("STOOK_URL", served.url)
    monkeypatch.setenv("STOOK_TOKEN", reader_token)
    assert "print(" in _run(page)
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("page", THERE, ids=lambda page: page.stem)
def test_examples_run_against_the_api_as_it_is_described(
    page: Path,
    rogue: Misbehaving,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def answer(connection: Connection) -> None:
        says(ANSWERS[rogue.requests[-1].path.rpartition("/")[2]])(connection)

    rogue.will(answer)
    monkeypatch.setenv("STOOK_URL", rogue.url)
    monkeypatch.setenv("STOOK_TOKEN", "stook_any")
    _run(page)
    assert capsys.readouterr().out.strip()
    asked = next(each for each in rogue.requests if each.path.endswith("/chat"))
    assert json.loads(asked.body)["messages"][0]["uploadedFileIds"] == ["FILE_1"]


def test_every_verb_is_documented() -> None:
    verbs = {
        name
        for kind in (sync.Stook, sync.Chat, sync.Documents, sync.Thread, sync.ChatStream)
        for name in vars(kind)
        if not name.startswith("_")
    }
    assert {verb for verb in verbs if not re.search(rf"\b{verb}\b", TEXT)} == set()


def test_every_error_is_documented() -> None:
    names = {name for name in client.__all__ if hasattr(errors, name)}
    assert {name for name in names if f"`{name}`" not in TEXT} == set()


def test_links_lead_somewhere() -> None:
    names = {page.name for page in PAGES}
    assert names
    assert set(LINK.findall(TEXT)) <= names
    assert names - {"README.md"} <= set(LINK.findall((PAGES[0].parent / "README.md").read_text()))
