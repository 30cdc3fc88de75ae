"""The settings in force as administrators see them: where each comes from, and no secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from stook.application.administration.effective_settings import (
    EffectiveSetting,
    Origin,
    effective_settings,
)
from stook.settings import load_settings

WORD = "sesame"


def in_force(**overrides: object) -> dict[str, EffectiveSetting]:
    return {each.name: each for each in effective_settings(load_settings(**overrides))}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "stook.toml").write_text('log_level = "warning"\nmodel = "openai:a"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STOOK_MODEL", "openai:b")


def test_each_setting_tells_where_it_comes_from() -> None:
    held = in_force(data_dir="/here")
    found = {name: (held[f"STOOK_{name}"].value, held[f"STOOK_{name}"].origin) for name in (
        "DATA_DIR", "MODEL", "LOG_LEVEL", "MAX_FILE_MIB")}  # fmt: skip
    assert found == {
        "DATA_DIR": ("/here", Origin.COMMAND_LINE),
        "MODEL": ("openai:b", Origin.ENVIRONMENT),
        "LOG_LEVEL": ("warning", Origin.FILE),
        "MAX_FILE_MIB": ("64", Origin.DEFAULT),
    }


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"postgresql://stook:{WORD}@db:5432/stook", "postgresql://…@db:5432/stook"),
        (f"postgresql://stook:{WORD}/{WORD}@{WORD}@db/stook", "postgresql://…@db/stook"),
        (f"postgresql://db/stook?user=stook&password={WORD}", "postgresql://db/stook?…"),
        (f"postgresql://db/stook?password={WORD}@{WORD}", "postgresql://…"),
        (f"postgresql://stook:{WORD}?@db/stook", "postgresql://…"),
        ("sqlite:///data/stook.db", "sqlite:///data/stook.db"),
    ],
)
def test_an_address_shows_no_login(url: str, shown: str) -> None:
    assert in_force(database_url=url)["STOOK_DATABASE_URL"].value == shown


def test_a_key_is_set_or_not() -> None:
    assert in_force()["STOOK_MODEL_API_KEY"].value == ""
    assert in_force(model_api_key=WORD)["STOOK_MODEL_API_KEY"].value == "set"
