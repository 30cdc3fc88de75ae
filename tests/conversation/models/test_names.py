"""Which models a setting names, and what it says where one cannot be used."""

from __future__ import annotations

import pytest

from stook.errors import SettingsError
from stook.models import names
from stook.models.language_models import LanguageModels, open_models
from stook.models.names import ModelName, parse
from stook.settings import Settings, load_settings

KEYS = (
    *("OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY"),
    *("GEMINI_API_KEY", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"),
)


def test_models_are_tried_in_the_order_in_which_they_are_named() -> None:
    wanted = parse("openai:gpt-5, local:/models/a b.gguf,extractive")
    assert wanted == (ModelName("openai", "gpt-5"), ModelName("local", "/models/a b.gguf"))
    assert parse("extractive") == ()
    assert open_models(Settings()) is None


@pytest.mark.parametrize("value", ["gpt-5", "openai:", "openai", "mistral:x", "openai:a,,local:b"])
def test_what_is_no_model_stops_the_start(value: str) -> None:
    with pytest.raises(SettingsError, match=r"STOOK_MODEL .*is none of extractive, openai:NAME"):
        load_settings(model=value)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(names.NEEDED, "ollama", ("pydantic_ai", "a_package_nobody_has.inner"))
    with pytest.raises(SettingsError, match=r'ollama:qwen3.* pip install "stook\[openai\]"'):
        open_models(Settings(model="ollama:qwen3"))


@pytest.mark.parametrize("name", ["openai:gpt-5", "anthropic:claude-x", "google:gemini-x"])
async def test_a_missing_key_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for key in KEYS:
        monkeypatch.delenv(key, raising=False)
    models = open_models(Settings(model=name))
    assert isinstance(models, LanguageModels)
    with pytest.raises(SettingsError, match=f"{name}.*STOOK_MODEL_API_KEY") as caught:
        await models.ready()
    assert "\n" not in caught.value.message
    await models.close()


@pytest.mark.parametrize(
    "name",
    ["openai:a", "anthropic:a", "google:a", "bedrock:a", "ollama:a", "ollama:a,anthropic:b"],
)
async def test_every_provider_can_be_opened(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "of-the-environment")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    models = open_models(Settings(model=name, model_api_key="given"))
    assert models is not None
    opened = await models.ready()
    assert "a" in opened.model_name
    await models.close()


async def test_address_and_key_belong_to_the_first_provider(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    address = "http://127.0.0.1:9/v1"
    models = open_models(
        Settings(model="openai:a,anthropic:b", model_base_url=address, model_api_key="first")
    )
    assert models is not None
    with pytest.raises(SettingsError, match="anthropic:b"):
        await models.ready()
    await models.close()


def test_a_key_is_never_shown() -> None:
    settings = Settings(model_api_key="sk-never-to-be-seen")
    assert "never-to-be-seen" not in repr(settings)
    assert "never-to-be-seen" not in settings.model_dump_json()
