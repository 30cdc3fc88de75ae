"""Every language has the words that English has, and no others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SOURCES = Path(__file__).parents[2] / "web" / "src"
TRANSLATED = ("de", "es", "fr", "ja")
CATALOGUES = [
    *(("i18n/en.json", f"i18n/{language}.json") for language in TRANSLATED),
    ("admin/words.en.json", "admin/words.de.json"),
]
FILLED_IN = re.compile(r"\{\{\w+\}\}")


@pytest.mark.parametrize(("english", "other"), CATALOGUES)
def test_a_catalogue_is_complete(english: str, other: str) -> None:
    words, theirs = dict(_words(_loaded(english))), dict(_words(_loaded(other)))
    assert list(words) == list(theirs)
    for name, text in words.items():
        assert sorted(FILLED_IN.findall(text)) == sorted(FILLED_IN.findall(theirs[name])), name


def test_every_catalogue_is_offered_and_checked() -> None:
    offered = (SOURCES / "i18n" / "index.ts").read_text(encoding="utf-8")
    for path in (SOURCES / "i18n").glob("*.json"):
        assert path.stem == "en" or path.stem in TRANSLATED
        assert f"./{path.name}" in offered


def _loaded(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SOURCES / name).read_text(encoding="utf-8"))
    return loaded


def _words(words: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in words.items():
        if isinstance(value, dict):
            yield from _words(value, f"{above}{name}.")
        else:
            yield above + name, value
