"""The engine with a real language model, and with models that cannot be reached."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from stook.answering.base import Noted
from stook.answering.pieces import Cited, TextDelta
from stook.conversation.chats import repository
from stook.conversation.engine import Engine
from stook.conversation.events import Failed, Reading, Searching, Turn
from stook.conversation.turns.runner import Turns
from stook.errors import TimedOut, Unavailable
from stook.evaluation.asking import Asker
from stook.evaluation.questions import Question
from stook.knowledge.store import repository as documents
from stook.models.language_models import open_models
from stook.models.local import LocalServer
from stook.runtime import Runtime
from stook.settings import Settings
from stook.understanding.content import content_terms
from stook.understanding.followup import asked_before, context_queries, stand_alone
from stook.understanding.locales import cut, extracted, refusal
from stook.understanding.question import Author, Past
from stook.understanding.rewriting import rewritten
from tests.conversation.corpus import ANN, TODAY, answer_in, answer_to, ask, events_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUESTION = "What is the daily travel allowance?"
SMALL = {"model_context_characters": 500, "model_max_tokens": 16, "model_retries": 0}


def with_models(runtime: Runtime, **settings: Any) -> Runtime:
    """The runtime with an engine that has language models."""
    configured = Settings(**{"data_dir": runtime.settings.data_dir, **SMALL, **settings})
    models = open_models(configured)
    engine = Engine(configured, runtime.database, runtime.searcher, models)
    turns = Turns(runtime.database, engine.answer, keep_seconds=60, lease_seconds=60)
    return replace(runtime, settings=configured, engine=engine, turns=turns)


def served(runtime: Runtime, server: LocalServer, **settings: Any) -> Runtime:
    reached = {"model_base_url": server.base_url, "model_api_key": server.key}
    return with_models(runtime, **{"model": "openai:smollm2", **reached, **settings})


@pytest.fixture
def unreachable(handbook: Runtime) -> Runtime:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
    return with_models(
        handbook, model="openai:a,openai:b,extractive", model_base_url=address, model_api_key="x"
    )


@pytest_asyncio.fixture(loop_scope="session")
async def silent(handbook: Runtime) -> AsyncIterator[Runtime]:
    """A model that takes requests and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        yield with_models(handbook, model="openai:a", model_base_url=address)


async def test_an_answer_is_streamed_and_what_it_took_is_kept(
    handbook: Runtime, local_server: LocalServer
) -> None:
    runtime = served(handbook, local_server, unsupported_statements="flag")
    events = await events_of(runtime, ask(QUESTION, ANN, save=True))
    answer = answer_in(events)
    deltas = [event.text for event in events if isinstance(event, TextDelta)]
    assert len(deltas) >= 3
    assert "".join(deltas) == answer.text
    assert tuple(e.citation for e in events if isinstance(e, Cited)) == answer.citations
    details: Mapping[str, Any] = answer.noted.known()
    assert details["answered_by"] == "SmolLM2-135M-Instruct.Q4_1"
    assert 0 < details["output_tokens"] <= 16
    assert details["input_tokens"] > 100
    assert 0 <= details["supported"] <= details["statements"]
    history = await handbook.database.read(repository.history, ANN.email, answer.chat_id)
    assert history[-1].details["output_tokens"] == answer.noted.output_tokens
    assert history[-1].details["supported_share"] == answer.noted.supported_share


async def test_an_evaluation_counts_a_model_s_statements(
    handbook: Runtime, local_server: LocalServer
) -> None:
    runtime = served(handbook, local_server, unsupported_statements="flag")
    asker = Asker(runtime)
    judged = (await asker.ask(Question(id="allowance", question=QUESTION))).answer
    assert judged is not None
    assert 0 <= judged.supported <= judged.statements
    assert judged.statements > 0


async def test_whatever_a_model_writes_every_statement_shown_is_cited(
    handbook: Runtime, local_server: LocalServer
) -> None:
    runtime = served(handbook, local_server)
    answer = await answer_to(runtime, ask(QUESTION))
    assert answer.citations
    read = ""
    for citation in answer.citations:
        text = await handbook.database.read(documents.text_of, ANN, citation.document.id)
        span = citation.snippet.span
        assert text[span.start : span.end] == citation.snippet.text
        read += f"{citation.document.title}\n{text}\n"
    covered = {
        place
        for citation in answer.citations
        for place in range(citation.answer_range.start, citation.answer_range.end)
    }
    said = answer.text
    for note in (extracted("en"), cut("en")):
        said = said.removesuffix(f"\n\n*{note}*")
    bare = "".join(letter for place, letter in enumerate(said) if place not in covered)
    # Where the model says nothing of use, the documents' words follow the name of their place.
    places = re.findall(r"\*\*([^*]+):\*\*", bare)
    assert all(name in read for place in places for name in place.split(" › "))
    assert not re.sub(r"\*\*[^*]+:\*\*", "", bare).split()


async def test_without_a_model_in_reach_the_documents_speak(
    handbook: Runtime, unreachable: Runtime
) -> None:
    plain = await answer_to(handbook, ask(QUESTION))
    answer = await answer_to(unreachable, ask(QUESTION))
    assert answer.text == f"{plain.text}\n\n*{extracted('en')}*"
    assert answer.citations == plain.citations
    assert answer.noted == Noted(answered_by="extractive")
    assert plain.noted == Noted()


async def test_in_the_language_of_the_asker(unreachable: Runtime) -> None:
    answer = await answer_to(unreachable, ask(QUESTION, locale="de-DE"))
    assert "Kein Sprachmodell hat geantwortet" in answer.text


async def test_the_last_fallback_keeps_to_the_limit(unreachable: Runtime) -> None:
    for limit in (40, 150, 400):
        answer = await answer_to(unreachable, ask(QUESTION, max_characters=limit))
        assert 0 < len(answer.text) <= limit


async def test_what_the_documents_do_not_answer_is_not_asked_of_a_model(
    unreachable: Runtime,
) -> None:
    answer = await answer_to(unreachable, ask("Who is the king of Ruritania?"))
    assert answer.text == refusal("en", ["Ruritania"])
    assert answer.refused
    assert answer.noted == Noted()  # nobody was asked, so nobody was out of reach


async def test_the_asker_s_time_limit_holds(silent: Runtime) -> None:
    last = (await events_of(silent, ask(QUESTION, timeout_seconds=1.5)))[-1]
    assert isinstance(last, Failed)
    assert isinstance(last.error, TimedOut)


async def test_leaving_early_is_possible(silent: Runtime) -> None:
    before = asyncio.all_tasks()
    events = silent.engine.answer(ask(QUESTION))
    async for event in events:
        if isinstance(event, Reading):
            break
    await events.aclose()
    assert [event async for event in events] == []
    assert asyncio.all_tasks() <= before  # nothing goes on behind the caller's back


@contextlib.asynccontextmanager
async def cut_off(server: LocalServer, after: int) -> AsyncIterator[str]:
    """The address of a line to the model that breaks after so many bytes of its answer."""
    host, port = server.base_url.removeprefix("http://").removesuffix("/v1").split(":")

    async def forward(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, most: int
    ) -> None:
        while most > 0 and (data := await reader.read(256)):
            writer.write(data)
            await writer.drain()
            most -= len(data)
        writer.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection(host, int(port))
        sending = asyncio.create_task(forward(reader, inner_writer, 1_000_000))
        await forward(inner_reader, writer, after)
        sending.cancel()
        inner_writer.close()

    line = await asyncio.start_server(connect, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{line.sockets[0].getsockname()[1]}/v1"
    finally:
        line.close()


async def test_an_answer_that_breaks_off_is_no_answer(
    handbook: Runtime, local_server: LocalServer
) -> None:
    async with cut_off(local_server, 4000) as address:
        runtime = served(
            handbook,
            local_server,
            model_base_url=address,
            model_max_tokens=200,
            unsupported_statements="flag",
        )
        story = "Write a long story about a kite, a dog and a lighthouse, with many details."
        events = await events_of(runtime, ask(story, uses_documents=False))
    assert any(isinstance(event, TextDelta) for event in events)
    assert isinstance(events[-1], Failed)
    assert isinstance(events[-1].error, Unavailable)


async def test_an_answer_that_breaks_off_before_it_is_shown_is_given_otherwise(
    handbook: Runtime, local_server: LocalServer
) -> None:
    async with cut_off(local_server, 300) as address:
        runtime = served(handbook, local_server, model_base_url=address)
        answer = await answer_to(runtime, ask(QUESTION))
    assert answer.text.endswith(f"*{extracted('en')}*")
    assert answer.noted == Noted(answered_by="extractive")


async def test_a_model_alone_answers_without_documents(
    handbook: Runtime, local_server: LocalServer
) -> None:
    runtime = served(handbook, local_server)
    events = await events_of(runtime, ask("Say hello.", ANN, save=True, uses_documents=False))
    assert not any(isinstance(event, Searching | Reading | Cited) for event in events)
    answer = answer_in(events)
    assert answer.text
    assert answer.citations == ()
    assert answer.noted.answered_by == "SmolLM2-135M-Instruct.Q4_1"
    history = await handbook.database.read(repository.history, ANN.email, answer.chat_id)
    assert history[-1].text == answer.text


async def test_a_model_alone_that_is_out_of_reach_is_said(
    handbook: Runtime, unreachable: Runtime
) -> None:
    for runtime in (handbook, unreachable):
        last = (await events_of(runtime, ask("Say hello.", uses_documents=False)))[-1]
        assert isinstance(last, Failed)
        assert isinstance(last.error, Unavailable)


FOLLOWED = (
    Turn(Author.USER, "What are the company holidays this year?"),
    Turn(Author.ASSISTANT, "16 days."),
)


async def test_a_follow_up_is_understood_where_no_model_is_in_reach(unreachable: Runtime) -> None:
    answer = await answer_to(unreachable, ask("What about this month?", history=FOLLOWED))
    assert "Friday, November 27, 2026" in answer.text


async def test_a_follow_up_is_put_to_a_model_which_cannot_spoil_it(
    handbook: Runtime, local_server: LocalServer
) -> None:
    past = [Past(turn.author, turn.text) for turn in FOLLOWED]
    asked = ask("What about this month?")
    question = stand_alone(asked.question, past, TODAY)
    at = local_server.base_url
    settings = Settings(model="openai:smollm2", model_base_url=at, model_api_key=local_server.key)
    models = open_models(settings)
    assert models is not None
    understood = await rewritten(models, question, past, asked.now.date(), asked.locale)
    await models.close()
    assert understood.asked == question.asked
    assert understood.period == question.period
    assert content_terms(understood.text) & content_terms("company holidays")
    assert understood.context_queries == context_queries(
        asked_before(past), asked.question, understood.text
    )
    assert FOLLOWED[0].text in [one.text for one in understood.context_queries]
