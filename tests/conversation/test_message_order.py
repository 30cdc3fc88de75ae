"""Conversations of real questions and answers, sent along in either order."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
import pytest_asyncio

from stook.dialects.glean.requests.chat import ChatMessage
from stook.dialects.glean.requests.history import arrange
from stook.dialects.glean.requests.message_order import find_order
from stook.identity.principals import EVERYONE
from stook.knowledge.retrieval.provenance import share_taken
from stook.runtime import Runtime
from tests.conversation.corpus import (
    answer_to,
    ask,
    questions,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAIRS = 40


@dataclass
class Library:
    """What the handbook answers to its questions, and which passages they find."""

    runtime: Runtime
    answered: list[tuple[str, str]] = field(default_factory=list)
    found: dict[tuple[str, str], float] = field(default_factory=dict)

    async def taken(self, answer: str, question: str) -> float:
        """The share, which is asked for more than once."""
        if (answer, question) not in self.found:
            share = await share_taken(self.runtime.searcher, EVERYONE, answer, question)
            self.found[answer, question] = share
        return self.found[answer, question]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def library(handbook: Runtime) -> Library:
    """The handbook, and its own answers to forty questions that stand alone."""
    alone = [
        row["question"]
        for row in questions("handbook.jsonl")
        if row["answerable"] and not row["history"] and not row["ask_as"]
    ]
    made = Library(handbook)
    for question in alone:
        answer = await answer_to(handbook, ask(question))
        if not answer.refused and len(made.answered) < PAIRS:
            made.answered.append((question, answer.text))
    return made


def message(author: str, text: str) -> ChatMessage:
    return ChatMessage.model_validate({"author": author, "fragments": [{"text": text}]})


user, stook = functools.partial(message, "USER"), functools.partial(message, "GLEAN_AI")


async def question_in(library: Library, messages: Sequence[ChatMessage]) -> str:
    order = await find_order(messages, (), "", library.taken)
    return arrange(messages, (), order).question


async def test_two_questions_oldest_first(library: Library) -> None:
    for (first, _), (second, _) in _pairs(library):
        assert await question_in(library, [user(first), user(second)]) == second


@pytest.mark.parametrize("newest_first", [False, True])
async def test_a_question_its_answer_and_another_question(
    library: Library, newest_first: bool
) -> None:
    wrong = []
    for (first, answer), (second, _) in _pairs(library):
        messages = [user(first), stook(answer), user(second)]
        asked = messages[::-1] if newest_first else messages
        if await question_in(library, asked) != second:
            wrong.append((first, second))
    assert not wrong


@pytest.mark.parametrize("newest_first", [False, True])
async def test_five_messages(library: Library, newest_first: bool) -> None:
    wrong = []
    others = [*library.answered[7:], *library.answered[:7]]
    for ((first, one), (second, two)), (third, _) in zip(_pairs(library), others, strict=False):
        messages = [user(first), stook(one), user(second), stook(two), user(third)]
        asked = messages[::-1] if newest_first else messages
        if await question_in(library, asked) != third:
            wrong.append((first, second, third))
    assert not wrong


def _pairs(library: Library) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """Each with one on another subject; neighbours in the file may ask for the same."""
    found = list(zip(library.answered, [*library.answered[3:], *library.answered[:3]], strict=True))
    assert len(found) == PAIRS
    return found
