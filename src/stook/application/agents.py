"""The agents that every server has: ask, search, summarise. Each is what Stook does anyway."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from stook.answering.outcome import Outcome
from stook.answering.pieces import TextDelta
from stook.application import documents
from stook.application.asking import checked_question, local_time
from stook.application.search.finding import Search, search
from stook.conversation.events import Answer, Ask, Effort, Event, Finished, Turn
from stook.conversation.turns.runner import Stream
from stook.errors import InvalidRequest, NotFound
from stook.identity.principals import Principal
from stook.runtime import Runtime
from stook.understanding import locales
from stook.understanding.question import Author

RESULTS = 10
LONGEST_SUMMARY = 1000  # characters


@dataclass(frozen=True, slots=True)
class Run:
    """What an agent is given: fields of a form, or messages (oldest first)."""

    runtime: Runtime
    principal: Principal
    fields: Mapping[str, Any] = field(default_factory=dict)
    messages: Sequence[Turn] = ()
    timezone_offset: int | None = None
    locale: str = "en"
    label: Mapping[str, Any] | None = None  # of a run that its client may come back to

    def of_form(self, name: str) -> Any:
        """What a field says; whatever its name, where it is the form's only text."""
        texts = [value for value in self.fields.values() if isinstance(value, str)]
        return self.fields.get(name, texts[0] if len(texts) == 1 else None)

    def text(self, name: str) -> str:
        """A field's text, or else the last message; raises InvalidRequest."""
        value = self.of_form(name)
        if value is None and self.messages:
            value = self.messages[-1].text
        if not isinstance(value, str) or not value.strip():
            raise InvalidRequest(f"input.{name}: this agent needs it, as text that is not empty.")
        return value.strip()


Start = Callable[[Run], Awaitable[Stream]]


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent; ``start`` raises InvalidRequest before anything runs."""

    id: str
    name: str
    description: str
    fields: Mapping[str, str]  # of its form: name and description
    required: tuple[str, ...]
    takes_messages: bool
    start: Start


def named_like(name: str | None) -> list[Agent]:
    """Agents whose names hold a text; case does not matter."""
    return [agent for agent in AGENTS if (name or "").strip().lower() in agent.name.lower()]


def by_id(agent_id: str) -> Agent:
    """Raises NotFound."""
    for agent in AGENTS:
        if agent.id == agent_id:
            return agent
    raise NotFound("There is no such agent; search for agents lists those there are.")


# --- what they do ------------------------------------------------------------------------------


async def _ask(run: Run) -> Stream:
    return _answered(run, Effort.QUICK)


async def _research(run: Run) -> Stream:
    return _answered(run, Effort.DEEP)


def _answered(run: Run, effort: Effort) -> Stream:
    question = checked_question(run.text("question"), run.runtime.settings)
    from_form = run.of_form("question") is not None
    history = tuple(run.messages if from_form else run.messages[:-1])
    if not from_form and run.messages[-1].author is not Author.USER:
        raise InvalidRequest("messages: the last one must be the user's.")
    ask = Ask(
        principal=run.principal,
        question=question,
        now=local_time(run.timezone_offset),
        locale=run.locale,
        history=history,
        effort=effort,
        suggest=False,
    )
    turns = run.runtime.turns
    return turns.start(ask, run.label) if run.label else Stream("", {}, turns.answer(ask))


async def _search(run: Run) -> Stream:
    query = checked_question(run.text("query"), run.runtime.settings)
    runtime = run.runtime

    async def found() -> str:
        results = await search(runtime, run.principal, Search(query))
        shown = [each.document for each in results.documents[:RESULTS]]
        lines = [f"- [{document.title}]({document.url})" for document in shown]
        return "\n".join(lines) or locales.nothing_found(run.locale)

    return Stream("", {}, _said(found))


async def _summarize(run: Run) -> Stream:
    name = run.text("document")
    query = run.text("query") if run.fields.get("query") else ""
    runtime = run.runtime
    if name not in await documents.named(runtime, run.principal, [name]):
        raise NotFound(documents.NO_SUCH_DOCUMENT)

    async def summarised() -> str:
        found = await documents.summary(runtime, run.principal, [name], LONGEST_SUMMARY, query)
        return found or locales.no_sentences(run.locale)

    return Stream("", {}, _said(summarised))


async def _said(work: Callable[[], Awaitable[str]]) -> AsyncGenerator[Event, None]:
    """The events of an answer that comes in one piece."""
    began = time.perf_counter()
    text = await work()
    yield TextDelta(text)
    answer = Answer(
        text=text,
        citations=(),
        suggestions=(),
        outcome=Outcome.ANSWERED,
        chat_id="",
        chat_number=0,
        turn_id=str(uuid.uuid4()),
        question_id="",
        message_id=str(uuid.uuid4()),
        created_at=datetime.now(UTC),
        milliseconds=round((time.perf_counter() - began) * 1000),
        timings={},
    )
    yield Finished(answer)


AGENTS = (
    Agent(
        id="ask-your-documents",
        name="Ask your documents",
        description="Answers questions from the documents that you may see, and cites them.",
        fields={"question": "What to answer; or send messages."},
        required=(),
        takes_messages=True,
        start=_ask,
    ),
    Agent(
        id="search-your-documents",
        name="Search your documents",
        description="Lists the documents that fit a query best, with their addresses.",
        fields={"query": "What to search for."},
        required=("query",),
        takes_messages=False,
        start=_search,
    ),
    Agent(
        id="summarize-a-document",
        name="Summarize a document",
        description="Gives the sentences of a document that say most of what it says.",
        fields={
            "document": "Its id or address.",
            "query": "What the summary should be about; may be left out.",
        },
        required=("document",),
        takes_messages=False,
        start=_summarize,
    ),
    Agent(
        id="research-your-documents",
        name="Research your documents",
        description="Takes a question apart, searches for each part in several words, reads whole "
        "documents where that is needed, and puts the answers together.",
        fields={"question": "What to answer; or send messages."},
        required=(),
        takes_messages=True,
        start=_research,
    ),
)
