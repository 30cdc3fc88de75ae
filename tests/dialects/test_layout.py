"""Every dialect is laid out alike, and reaches the product through the application."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

import stook.dialects

ROOT = Path(__file__).parents[2]
FOLDER = Path(stook.dialects.__file__).parent
DIALECTS = sorted(path.parent.name for path in FOLDER.glob("*/__init__.py"))
VENDORS = ("glean", "gleen", "gloo", "indexing", "platform")
NAMES = {"endpoints", "requests", "responses", "rendering", "errors"}
CONTRACT = "Dialects know the application, not what is below it"


def modules(folder: Path) -> set[str]:
    files = {path.stem for path in folder.glob("*.py")}
    return (files | {path.parent.name for path in folder.glob("*/__init__.py")}) - {"__init__"}


@pytest.mark.parametrize("name", VENDORS)
def test_a_dialect_has_the_five_names(name: str) -> None:
    assert modules(FOLDER / name) == NAMES


def test_the_contract_names_all_that_translates_a_vendor_s_api() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    [contract] = [each for each in contracts["contracts"] if each["name"] == CONTRACT]
    shared = modules(FOLDER) - set(DIALECTS)
    wanted = {f"stook.dialects.{name}" for name in {*shared, *VENDORS}}
    assert wanted <= set(contract["source_modules"])


@pytest.mark.parametrize("name", VENDORS)
def test_no_handler_runs_queries(name: str) -> None:
    """What is read or written in SQL is one service's work, not put together in a handler."""
    for path in (FOLDER / name).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            assert not (isinstance(node, ast.Attribute) and node.attr == "database"), path
