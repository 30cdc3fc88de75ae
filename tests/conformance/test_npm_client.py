"""The released client for JavaScript, run by node, drives the server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conformance import npm_client
from tests.dialects.served import QUESTION, READER, Served, stook

SCRIPT = (npm_client.HERE / "drive.mjs").read_text()
CALLS = re.findall(r'^  "(.+)": async', SCRIPT, re.MULTILINE)


@pytest.fixture(scope="module")
def ended(served: Served, data_dir: Path, searchers: dict[str, str]) -> dict[str, str | None]:
    """What each call of the script ended with."""
    stook("application", "create", "Handbook", "--id", "npm-handbook", data_dir=data_dir)
    return npm_client.drive(served.url, searchers[READER], QUESTION, "npm-handbook")


@pytest.mark.parametrize("call", CALLS)
def test_call(ended: dict[str, str | None], call: str) -> None:
    assert ended[call] is None, ended[call]


def test_all_methods_of_chat_are_called() -> None:
    source = npm_client.installed() / "node_modules/@gleanwork/api-client/src/sdk/clientchat.ts"
    methods = re.findall(r"^  async (\w+)\(", source.read_text(), re.MULTILINE)
    assert len(methods) == 11
    assert {f"client.chat.{method}" for method in methods} <= set(CALLS)


def test_the_lock_file_names_no_registry() -> None:
    lock = (npm_client.HERE / "package-lock.json").read_text()
    assert "resolved" not in lock and lock.count("integrity") == lock.count('"node_modules/')
