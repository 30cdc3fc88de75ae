"""Text from a real model over real HTTP: streamed, counted, tried again, given up."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from stook.errors import Unavailable
from stook.models.language_models import LanguageModels, open_models
from stook.models.local import LocalServer
from stook.models.prompts import Exchange, Prompt, Usage
from stook.settings import Settings

# What no model has told within so few tokens, and nothing is left to chance: whatever the
# processor, all of them are written.
TOKENS = 8
PROMPT = Prompt(
    "You are helpful.", "Tell a long story about a lighthouse.", TOKENS, temperature=0.0
)


@contextlib.asynccontextmanager
async def opened(**settings: object) -> AsyncIterator[LanguageModels]:
    models = open_models(Settings(model_retries=0, **settings))  # type: ignore[arg-type]
    assert models is not None
    try:
        yield models
    finally:
        await models.close()


def reached(server: LocalServer) -> dict[str, object]:
    return {"model_base_url": server.base_url, "model_api_key": server.key}


async def pieces_of(models: LanguageModels, prompt: Prompt) -> tuple[list[str], Usage]:
    """The pieces of text, and the usage, which comes last."""
    async with contextlib.aclosing(models.stream(prompt)) as stream:
        pieces = [piece async for piece in stream]
    *texts, usage = pieces
    assert isinstance(usage, Usage)
    assert all(isinstance(text, str) for text in texts)
    return [str(text) for text in texts], usage


@pytest.fixture
def nobody() -> str:
    """An address at which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


async def test_text_comes_token_by_token_and_is_counted(local_server: LocalServer) -> None:
    async with opened(model="openai:smollm2", **reached(local_server)) as models:
        texts, usage = await pieces_of(models, PROMPT)
    assert len(texts) >= 4
    assert usage.model == "SmolLM2-135M-Instruct.Q4_1"
    assert usage.output_tokens == TOKENS
    assert usage.input_tokens > 10


async def test_a_server_that_speaks_as_anthropic_does(local_server: LocalServer) -> None:
    address = local_server.base_url.removesuffix("/v1")
    settings = {"model_base_url": address, "model_api_key": local_server.key}
    async with opened(model="anthropic:smollm2", **settings) as models:
        texts, usage = await pieces_of(models, PROMPT)
    async with opened(model="openai:smollm2", **reached(local_server)) as models:
        same, counted = await pieces_of(models, PROMPT)
    assert len(texts) >= 4
    assert "".join(texts) == "".join(same)
    assert (usage.output_tokens, usage.input_tokens) == (TOKENS, counted.input_tokens)


async def test_a_server_that_speaks_as_ollama_does(local_server: LocalServer) -> None:
    async with opened(model="ollama:smollm2", **reached(local_server)) as models:
        texts, _ = await pieces_of(models, PROMPT)
    assert "".join(texts).strip()


async def test_the_model_of_this_process() -> None:
    async with opened(model="local:smollm2", model_threads=1) as models:
        texts, _ = await pieces_of(models, PROMPT)
        again, _ = await pieces_of(models, PROMPT)
    assert texts == again  # no chance is taken with local models
    assert "".join(texts).strip()


async def test_what_was_said_before_is_sent_along(local_server: LocalServer) -> None:
    before = (Exchange("My name is Ottilie.", "Hello Ottilie."),)
    longer = Prompt(PROMPT.system, PROMPT.user, 1, before)
    async with opened(model="openai:smollm2", **reached(local_server)) as models:
        _, alone = await pieces_of(models, Prompt(PROMPT.system, PROMPT.user, 1))
        _, usage = await pieces_of(models, longer)
    assert usage.input_tokens > alone.input_tokens + 8


async def test_where_one_fails_the_next_one_writes(nobody: str) -> None:
    chain = "openai:away,ollama:away,local:smollm2"
    settings = {"model_base_url": nobody, "model_api_key": "any", "model_threads": 1}
    async with opened(model=chain, **settings) as models:
        texts, usage = await pieces_of(models, PROMPT)
    assert "".join(texts).strip()
    assert usage.model == "SmolLM2-135M-Instruct.Q4_1"


async def test_where_all_fail_that_is_said(nobody: str) -> None:
    for chain in ("openai:away", "openai:away,openai:away-too"):
        async with opened(model=chain, model_base_url=nobody, model_api_key="any") as models:
            with pytest.raises(Unavailable, match="No language model could be reached"):
                await pieces_of(models, PROMPT)


async def test_a_wrong_key_is_no_answer(local_server: LocalServer) -> None:
    wrong = {"model_base_url": local_server.base_url, "model_api_key": "wrong"}
    async with opened(model="openai:smollm2", **wrong) as models:
        with pytest.raises(Unavailable):
            await models.write(PROMPT, seconds=60)


async def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        settings = {"model_base_url": address, "model_timeout_seconds": 0.2}
        async with opened(model="openai:silent", **settings) as models:
            with pytest.raises(Unavailable):
                await models.write(PROMPT, seconds=60)


async def test_a_caller_waits_only_so_long() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        async with opened(model="openai:silent", model_base_url=address) as models:
            with pytest.raises(TimeoutError):
                await models.write(PROMPT, seconds=0.2)


@pytest.mark.parametrize(
    ("model", "wished", "sent"),
    [("openai:any", 1.5, 1.5), ("openai:any", None, None), ("anthropic:any", 1.5, 1.0)],
)
async def test_a_temperature_is_passed_on(
    model: str, wished: float | None, sent: float | None
) -> None:
    """The server hangs up, once it has read what it is asked."""
    read: list[dict[str, object]] = []

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length:")[1].split("\r\n")[0])
        read.append(json.loads(await reader.readexactly(length)))
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        async with opened(model=model, model_base_url=address, model_api_key="any") as models:
            with pytest.raises(Unavailable):
                await models.write(replace(PROMPT, temperature=wished), seconds=60)
    assert [each.get("temperature") for each in read] == [sent]


async def test_a_prompt_that_is_too_long_is_no_answer(local_server: LocalServer) -> None:
    endless = Prompt("", "word " * 20_000, max_tokens=1)
    async with opened(model="openai:smollm2", **reached(local_server)) as models:
        with pytest.raises(Unavailable):
            await models.write(endless, seconds=120)


async def test_leaving_early_stops_the_model(local_server: LocalServer) -> None:
    long = Prompt("", "Count from one to one thousand.", max_tokens=2000)
    async with opened(model="openai:smollm2", **reached(local_server)) as models:
        async with contextlib.aclosing(models.stream(long)) as stream:
            async for _ in stream:
                break
        texts, _ = await pieces_of(models, Prompt("", "Hello", max_tokens=2))  # it is free again
    assert texts
