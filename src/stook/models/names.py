"""The models that ``STOOK_MODEL`` names, and what each needs installed."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass

from stook.errors import SettingsError

# What must be importable for the models of a provider, all of it by the extra of that name.
NEEDED = {
    "openai": ("pydantic_ai", "openai"),
    "ollama": ("pydantic_ai", "openai"),
    "anthropic": ("pydantic_ai", "anthropic"),
    "google": ("pydantic_ai", "google.genai"),
    "bedrock": ("pydantic_ai", "boto3"),
    "local": ("pydantic_ai", "openai", "xllamacpp"),
}
EXTRAS = {"ollama": "openai"}


@dataclass(frozen=True, slots=True)
class ModelName:
    """One entry of the setting, such as ``openai:gpt-5``."""

    provider: str
    name: str

    def __str__(self) -> str:
        return f"{self.provider}:{self.name}"


def parse(setting: str) -> tuple[ModelName, ...]:
    """The language models of a setting that is well formed, in the order in which to try them."""
    entries = (entry.strip().partition(":") for entry in setting.split(","))
    return tuple(ModelName(provider, name) for provider, colon, name in entries if colon)


def check_installed(model: ModelName) -> None:
    """Raises SettingsError where a package is missing that the model needs."""
    if not all(_is_installed(module) for module in NEEDED[model.provider]):
        extra = EXTRAS.get(model.provider, model.provider)
        raise SettingsError(
            f"STOOK_MODEL names {model}, for which a package is missing: "
            f'pip install "stook[{extra}]".'
        )


def _is_installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # of the package that should hold it
        return False
