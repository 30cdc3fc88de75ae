"""Opens one model by its name, through pydantic-ai. Imports a provider's library only then."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from stook.errors import SettingsError
from stook.models.names import ModelName

if TYPE_CHECKING:
    from pydantic_ai.models import Model
    from pydantic_ai.settings import ModelSettings

OLLAMA = "http://127.0.0.1:11434/v1"


def open_model(
    model: ModelName, base_url: str | None, key: str | None, common: ModelSettings
) -> Model:
    """A model of any provider but ``local``.

    Without ``base_url`` and ``key`` the provider's own environment variables count. Raises
    SettingsError where something is missing.
    """
    from pydantic_ai.exceptions import UserError

    try:
        return _OPENERS[model.provider](model.name, base_url, key, common)
    except (UserError, ValueError) as error:
        raise SettingsError(
            f"STOOK_MODEL names {model}, which cannot be used: {_first_sentence(error)} "
            "STOOK_MODEL_API_KEY or the provider's own variable gives the key."
        ) from error


def _first_sentence(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0].rstrip(".") + "."


def compatible(name: str, base_url: str, key: str | None, common: ModelSettings) -> Model:
    """A model behind any OpenAI-compatible server."""
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.profiles.openai import OpenAIModelProfile
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

    provider = OpenAICompatibleProvider("openai-compatible", base_url=base_url, api_key=key)
    # Most such servers put a model's chat template together as text.
    # Thoughts are told apart here (see ``thoughts``): tags come in any pieces.
    profile = OpenAIModelProfile(
        may_tokenize_special_tokens_in_content=True, thinking_tags=("\0", "\0")
    )
    return OpenAIChatModel(name, provider=provider, profile=profile, settings=common)


def _openai(name: str, base_url: str | None, key: str | None, common: ModelSettings) -> Model:
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    if base_url:
        return compatible(name, base_url, key, common)
    return OpenAIChatModel(name, provider=OpenAIProvider(api_key=key), settings=common)


def _ollama(name: str, base_url: str | None, key: str | None, common: ModelSettings) -> Model:
    from pydantic_ai.models.ollama import OllamaModel
    from pydantic_ai.providers.ollama import OllamaProvider

    provider = OllamaProvider(
        base_url=base_url or os.environ.get("OLLAMA_BASE_URL", OLLAMA), api_key=key
    )
    return OllamaModel(name, provider=provider, settings=common)


def _anthropic(name: str, base_url: str | None, key: str | None, common: ModelSettings) -> Model:
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    provider = AnthropicProvider(api_key=key, base_url=base_url)
    return AnthropicModel(name, provider=provider, settings=common)


def _google(name: str, base_url: str | None, key: str | None, common: ModelSettings) -> Model:
    from google.genai.types import HttpRetryOptions
    from pydantic_ai.models.google import GoogleModel
    from pydantic_ai.providers.google import GoogleProvider

    retries = HttpRetryOptions(attempts=common.pop("max_retries", 0) + 1)
    provider = GoogleProvider(api_key=key, base_url=base_url, retry_options=retries)
    return GoogleModel(name, provider=provider, settings=common)


def _bedrock(name: str, base_url: str | None, key: str | None, common: ModelSettings) -> Model:
    from pydantic_ai.models.bedrock import BedrockConverseModel
    from pydantic_ai.providers.bedrock import BedrockProvider

    common.pop("max_retries", None)  # its library tries again by itself
    if key:
        provider = BedrockProvider(api_key=key, base_url=base_url)
    else:
        provider = BedrockProvider(base_url=base_url)
    return BedrockConverseModel(name, provider=provider, settings=common)


_OPENERS = {
    "openai": _openai,
    "ollama": _ollama,
    "anthropic": _anthropic,
    "google": _google,
    "bedrock": _bedrock,
}
