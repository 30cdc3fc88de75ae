"""The language models of one process: tried in order, with retries and time limits."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Iterator
from typing import TYPE_CHECKING

import structlog

from stook.errors import StookError, Unavailable
from stook.models import local, names, providers
from stook.models.names import ModelName
from stook.models.prompts import Cut, Prompt, Usage
from stook.models.thoughts import Aloud, Spoken
from stook.settings import Settings

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelMessage, ModelResponseStreamEvent
    from pydantic_ai.models import Model, StreamedResponse
    from pydantic_ai.settings import ModelSettings

HOTTEST = {"anthropic": 1.0, "bedrock": 1.0}  # temperatures; others take up to 2
WHOLE_ANSWER = 10  # times as long as the first token may take
NOT_REACHED = "No language model could be reached; try again shortly."

_ENDS = {"length": Cut.LENGTH, "content_filter": Cut.FILTER}

log = structlog.get_logger(__name__)


class LanguageModels:
    """Writes text with the models that the settings name. Opened when first needed."""

    def __init__(self, settings: Settings, wanted: tuple[ModelName, ...]) -> None:
        self.names = wanted
        self._settings = settings
        self._opening = asyncio.Lock()
        self._stack = contextlib.AsyncExitStack()
        self._each: dict[ModelName, Model] = {}
        self._may_think_aloud: dict[str, bool] = {}  # by model, where it is known
        self._model: Model | None = None  # all of them, tried in turn

    async def ready(self) -> Model:
        """Open the models, if that has not been done; raises SettingsError."""
        async with self._opening:
            if self._model is None:
                self._each = {wanted: await self._open(wanted) for wanted in self.names}
                chain = _chained(list(self._each.values()))
                self._model = await self._stack.enter_async_context(chain)
        return self._model

    async def stream(
        self, prompt: Prompt, only: ModelName | None = None
    ) -> AsyncGenerator[str | Usage]:
        """The text as it is written, piece by piece, and at the end what it took.

        Asked of ``only`` one model, or of all in turn until one begins.

        Raises Unavailable where every model fails before its first token, or one after it.
        Use it within ``contextlib.aclosing``: leaving early stops the model.
        """
        with _explained():
            from pydantic_ai.direct import model_request_stream

            chain = await self.ready()
            model = chain if only is None else self._each[only]
            limits = _limits(prompt, self.names if only is None else (only,))
            messages = _messages(prompt)
            async with model_request_stream(model, messages, model_settings=limits) as response:
                async for text in self._spoken(response, prompt.at_once):
                    yield text
                yield _usage(response)

    async def _spoken(self, response: StreamedResponse, at_once: bool) -> AsyncGenerator[str]:
        """What is meant for others; raises Unavailable where some of it turns out not to be."""
        name = response.model_name
        may = self._may_think_aloud.get(name)
        spoken = Spoken(held=not at_once if may is None else may, wary=may is None)
        try:
            async for event in response:
                for text in spoken.take(_text_of(event)):
                    yield text
        except Aloud as error:
            raise Unavailable("The language model thought aloud; ask again.") from error
        finally:
            if spoken.thinks_aloud:
                self._may_think_aloud[name] = True
        if response.finish_reason == "stop":
            self._may_think_aloud.setdefault(name, False)
        for text in spoken.finish():
            yield text

    async def write(self, prompt: Prompt, seconds: float, only: ModelName | None = None) -> str:
        """The whole text; raises Unavailable, and TimeoutError after so many seconds."""
        pieces: list[str] = []
        async with (
            asyncio.timeout(seconds),
            contextlib.aclosing(self.stream(prompt, only)) as stream,
        ):
            async for piece in stream:
                pieces += [piece] if isinstance(piece, str) else []
        return "".join(pieces)

    async def close(self) -> None:
        """Close the connections, and stop local models."""
        await self._stack.aclose()
        self._model = None

    async def _open(self, wanted: ModelName) -> Model:
        names.check_installed(wanted)
        if wanted.provider == "local":
            return await self._open_local(wanted)
        base_url, key = None, None
        if wanted.provider == self.names[0].provider:
            base_url = self._settings.model_base_url or None
            secret = self._settings.model_api_key
            key = secret.get_secret_value() if secret else None
        return providers.open_model(wanted, base_url, key, self._common())

    async def _open_local(self, wanted: ModelName) -> Model:
        found = local.weights(wanted.name)
        server = await asyncio.to_thread(local.LocalServer, found, self._settings.model_threads)
        self._stack.callback(server.close)
        common = self._common()
        common["temperature"] = 0.0
        return providers.compatible(wanted.name, server.base_url, server.key, common)

    def _common(self) -> ModelSettings:
        first = self._settings.model_timeout_seconds
        return {
            "first_event_timeout": first,
            "request_timeout": first * WHOLE_ANSWER,
            "max_retries": self._settings.model_retries,
        }


def open_models(settings: Settings) -> LanguageModels | None:
    """The models that the settings name, none of them opened yet; None where none is named."""
    wanted = names.parse(settings.model)
    for each in wanted:
        names.check_installed(each)
    return LanguageModels(settings, wanted) if wanted else None


def _chained(models: list[Model]) -> Model:
    from pydantic_ai.exceptions import AgentRunError
    from pydantic_ai.models.fallback import FallbackModel

    first, *others = models
    return FallbackModel(first, *others, fallback_on=(AgentRunError,)) if others else first


def _messages(prompt: Prompt) -> list[ModelMessage]:
    from pydantic_ai.messages import ModelRequest, ModelResponse, TextPart

    messages: list[ModelMessage] = []
    for past in prompt.before:
        messages.append(ModelRequest.user_text_prompt(past.asked, instructions=prompt.system))
        messages.append(ModelResponse(parts=[TextPart(past.answered)]))
    messages.append(ModelRequest.user_text_prompt(prompt.user, instructions=prompt.system))
    return messages


def _limits(prompt: Prompt, asked: tuple[ModelName, ...]) -> ModelSettings:
    limits: ModelSettings = {"max_tokens": prompt.max_tokens}
    if prompt.temperature is not None:
        hottest = (HOTTEST[each.provider] for each in asked if each.provider in HOTTEST)
        limits["temperature"] = min((prompt.temperature, *hottest))
    return limits


def _text_of(event: ModelResponseStreamEvent) -> str:
    """The answer's next characters; what a model thinks to itself is left out."""
    from pydantic_ai.messages import PartDeltaEvent, PartStartEvent, TextPart, TextPartDelta

    if isinstance(event, PartStartEvent) and isinstance(event.part, TextPart):
        return event.part.content
    if isinstance(event, PartDeltaEvent) and isinstance(event.delta, TextPartDelta):
        return event.delta.content_delta
    return ""


def _usage(response: StreamedResponse) -> Usage:
    used = response.usage
    ended = _ENDS.get(response.finish_reason or "")
    return Usage(response.model_name, used.input_tokens, used.output_tokens, ended)


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """What a provider's library raises becomes Unavailable; only its kind is logged, as its words
    may repeat the prompt."""
    try:
        yield
    except (StookError, TimeoutError):
        raise
    except Exception as error:
        log.warning("language_model_failed", kinds=_kinds(error))
        raise Unavailable(NOT_REACHED) from error


def _kinds(error: BaseException) -> list[str]:
    if isinstance(error, BaseExceptionGroup):
        return [kind for inner in error.exceptions for kind in _kinds(inner)]
    return [type(error).__name__]
