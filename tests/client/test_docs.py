"""The examples of docs/sdk run, and its pages leave nothing out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stook import client
from stook.client import errors, sync
from tests.dialects.served import Served

PAGES = sorted((Path(__file__).parents[2] / "docs" / "sdk").glob("*.md"))
TEXT = "\n".join(page.read_text() for page in PAGES)
KINDS = (
    sync.Stook,
    sync.Chat,
    sync.Documents,
    sync.OwnChatCalls,
    sync.Thread,
    sync.ChatStream,
)
LINK = re.compile(r"\]\(([\w.-]+)\)")


def _run(page: Path) -> str:
    """Run the examples of a page, one after the other, as one program; returns the program."""
    blocks = re.findall(r"^```python\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    program = "\n".join(blocks)
    exec(compile(program, str(page), "exec"), {"__name__": "__main__"})
    return program


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_examples_run(
    page: Path,
    served: Served,
    reader_token: str,
    application: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("STOOK_URL", served.url)
    monkeypatch.setenv("STOOK_TOKEN", reader_token)
    program = _run(page)
    assert "print(" in program
    said = capsys.readouterr().out
    assert said.strip()
    if application in program:
        assert "We launch in May." in said and "Onboarding" in said


def test_every_verb_is_documented() -> None:
    verbs = {
        name
        for kind in (
            sync.Stook,
            sync.Chat,
            sync.Documents,
            sync.OwnChatCalls,
            sync.Thread,
            sync.ChatStream,
        )
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
