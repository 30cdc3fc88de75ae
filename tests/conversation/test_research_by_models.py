"""Deep questions answered by a language model: steps, citations, budget, and models that fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from stook.answering.base import Noted
from stook.answering.pieces import Cited
from stook.answering.pieces import TextDelta as Delta
from stook.conversation.engine import Engine
from stook.conversation.events import Effort, Event, Reading, Searching
from stook.knowledge.store import repository as documents
from stook.models.language_models import open_models
from stook.models.local import LocalServer
from stook.runtime import Runtime
from stook.settings import Settings
from stook.understanding.languages import ENGLISH
from tests.conversation.corpus import ANN, answer_in, ask, events_of
from tests.conversation.test_language_model import cut_off, served, unreachable
from tests.conversation.test_research import SlowSearcher, queries

__all__ = ["unreachable"]  # a fixture

pytestmark = pytest.mark.asyncio(loop_scope="session")

LUNCH = "What is there for lunch in Boston, Toronto and Porto?"
STEPS = [LUNCH, *(f"What is there for lunch in {c}?" for c in ("Boston", "Toronto", "Porto"))]


async def check_citations(runtime: Runtime, events: list[Event]) -> None:
    """That the stream is the answer, and that all that is cited stands there word for word."""
    answer = answer_in(events)
    assert "".join(event.text for event in events if isinstance(event, Delta)) == answer.text
    assert tuple(e.citation for e in events if isinstance(e, Cited)) == answer.citations
    for citation in answer.citations:
        text = await runtime.database.read(documents.text_of, ANN, citation.document.id)
        span = citation.snippet.span
        assert text[span.start : span.end] == citation.snippet.text
        assert 0 <= citation.answer_range.start < citation.answer_range.end <= len(answer.text)


async def test_steps_are_shown_before_the_model_writes(
    handbook: Runtime, local_server: LocalServer
) -> None:
    runtime = served(handbook, local_server, unsupported_statements="flag")
    events = await events_of(runtime, ask(LUNCH, effort=Effort.DEEP))
    assert queries(events) == STEPS
    steps = [place for place, e in enumerate(events) if isinstance(e, Searching | Reading)]
    assert max(steps) < min(place for place, e in enumerate(events) if isinstance(e, Delta))
    details: Mapping[str, Any] = answer_in(events).noted.known()
    assert details["answered_by"] == "SmolLM2-135M-Instruct.Q4_1"
    assert 0 < details["output_tokens"] <= 16  # one call for all that was found
    assert 0 <= details["supported"] <= details["statements"]
    await check_citations(handbook, events)


async def test_whatever_a_model_makes_of_it_the_answer_is_cited(
    handbook: Runtime, local_server: LocalServer
) -> None:
    events = await events_of(served(handbook, local_server), ask(LUNCH, effort=Effort.AUTO))
    assert queries(events) == STEPS
    assert answer_in(events).citations
    await check_citations(handbook, events)


async def test_where_no_model_is_in_reach_each_part_is_answered_in_the_documents_words(
    handbook: Runtime, unreachable: Runtime
) -> None:
    asked = ask(LUNCH, effort=Effort.DEEP)
    plain = answer_in(await events_of(handbook, asked))
    events = await events_of(unreachable, asked)
    answer = answer_in(events)
    assert queries(events) == STEPS
    assert plain.text.startswith("**Boston:**") and "**Porto:**" in plain.text
    assert answer.text == f"{plain.text}\n\n*{ENGLISH.sentences.extracted}*"
    assert answer.citations == plain.citations
    assert answer.noted == Noted(answered_by="extractive")
    await check_citations(handbook, events)


async def test_a_model_that_is_lost_before_anything_is_shown(
    handbook: Runtime, local_server: LocalServer
) -> None:
    async with cut_off(local_server, 300) as address:
        runtime = served(handbook, local_server, model_base_url=address)
        events = await events_of(runtime, ask(LUNCH, effort=Effort.DEEP))
    answer = answer_in(events)
    assert all(f"**{city}:**" in answer.text for city in ("Boston", "Toronto", "Porto"))
    assert (
        answer.text.endswith(f"*{ENGLISH.sentences.extracted}*")
        and answer.text.count(ENGLISH.sentences.extracted) == 1
    )
    await check_citations(handbook, events)


async def test_the_last_fallback_keeps_to_the_limit(unreachable: Runtime) -> None:
    for limit in (60, 400, 700):
        asked = ask(LUNCH, effort=Effort.DEEP, max_characters=limit)
        answer = answer_in(await events_of(unreachable, asked))
        assert 0 < len(answer.text) <= limit


async def test_the_note_comes_once_where_parts_are_written_one_by_one(unreachable: Runtime) -> None:
    """The whole question is not answered, as nothing says who trains the falcons."""
    question = "Who trains the falcons of Ruritania, and how many days of vacation do I get?"
    question += " And what is there for lunch in Toronto?"
    answer = answer_in(await events_of(unreachable, ask(question, effort=Effort.DEEP)))
    assert answer.text.count(ENGLISH.sentences.extracted) == 1
    assert answer.text.endswith(f"*{ENGLISH.sentences.extracted}*")
    assert "27 days" in answer.text


@pytest.mark.parametrize(
    ("limits", "most"), [({"deep_searches": 2}, 2), ({"deep_seconds": 0.3}, 2)]
)
async def test_a_model_is_not_given_more_calls_or_time(
    handbook: Runtime, local_server: LocalServer, limits: dict[str, float], most: int
) -> None:
    runtime = served(handbook, local_server, unsupported_statements="flag", **limits)
    searcher = SlowSearcher(runtime.database, runtime.index, runtime.embedder)
    searcher.seconds = 0.2
    models = open_models(_reaching(runtime.settings, local_server))
    slow = replace(runtime, engine=Engine(runtime.settings, runtime.database, searcher, models))
    answer = answer_in(await events_of(slow, ask(LUNCH, effort=Effort.DEEP)))
    assert searcher.searches <= most
    assert answer.text and not answer.refused


def _reaching(settings: Settings, server: LocalServer) -> Settings:
    return settings.model_copy(update={"model_base_url": server.base_url})
