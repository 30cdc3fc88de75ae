"""Every language has the words that English has, and no others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SOURCES = Path(__file__).parents[2] / "web" / "src"
CATALOGUES = [("i18n/en.json", "i18n/de.json"), ("admin/words.en.json", "admin/words.de.json")]


@pytest.mark.parametrize(("english", "other"), CATALOGUES)
def test_a_catalogue_is_complete(english: str, other: str) -> None:
    assert list(_keys(_loaded(english))) == list(_keys(_loaded(other)))


def _loaded(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SOURCES / name).read_text(encoding="utf-8"))
    return loaded


def _keys(words: dict[str, Any], above: str = "") -> Iterator[str]:
    for name, value in words.items():
        if isinstance(value, dict):
            yield from _keys(value, f"{above}{name}.")
        else:
            yield above + name
