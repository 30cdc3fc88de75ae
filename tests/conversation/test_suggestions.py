"""Which of the questions kept with documents are suggested, and to whom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from stook.answering.suggestions import questions_about
from stook.conversation import asked_well, feedback
from stook.conversation.feedback import Feedback
from stook.identity import users
from stook.identity.permissions import EVERYONE_MAY_READ, Permissions, Subject
from stook.identity.principals import EVERYONE
from stook.knowledge.questions.making import Origin
from stook.knowledge.store import questions
from stook.knowledge.store.documents import SourceDocument, Span
from stook.knowledge.store.questions import KeptQuestion
from stook.runtime import Runtime, open_runtime
from stook.settings import Settings
from tests.conversation.corpus import ANN, BOB, answer_to, ask

pytestmark = pytest.mark.whole

LEAVE = """\
# Vacation

Every employee has 27 days of paid vacation a year. Carried-over vacation days expire at the end
of March of the next year.

## Requesting vacation

You must ask your team lead for vacation two weeks before it begins.

## Can I sell my vacation days?

Vacation days are never sold or paid out while you work here.
"""
SECRET = """\
# Vacation of directors

Directors have 40 days of paid vacation a year. Vacation days of directors expire after 3 years.
"""
FOR_ANN = Permissions(users=frozenset({Subject("", str(ANN.email))}))
QUESTION = "How many days of paid vacation does an employee have?"
HIDDEN = "When do vacation days of directors expire?"


@pytest.fixture
async def runtime(tmp_path: Path) -> AsyncIterator[Runtime]:
    async with open_runtime(Settings(data_dir=tmp_path)) as opened:
        for person in (ANN, BOB):
            await opened.database.write(users.add, str(person.email))
        pages = [
            page("leave", "Vacation", LEAVE),
            page("secret", "Vacation of directors", SECRET, FOR_ANN),
        ]
        await opened.ingestion.store_and_index(pages)
        yield opened


def page(name: str, title: str, text: str, who: Permissions = EVERYONE_MAY_READ) -> SourceDocument:
    return SourceDocument(
        datasource="pages",
        external_id=name,
        title=title,
        url=f"https://pages.example/{name}",
        mime_type="text/markdown",
        text=text,
        content_hash=name + str(len(text)),
        permissions=who,
    )


async def kept_of(runtime: Runtime, name: str) -> list[KeptQuestion]:
    return await runtime.database.read(questions.of_documents, ANN, [page(name, "", "").id])


async def test_questions_are_made_when_a_document_is_indexed(runtime: Runtime) -> None:
    kept = {one.question: one for one in await kept_of(runtime, "leave")}
    assert {"How do I request vacation?", "Can I sell my vacation days?"} <= kept.keys()
    one = kept["When do carried-over vacation days expire?"]
    assert "expire at the end" in LEAVE[one.answer.start : one.answer.end]
    changed = page("leave", "Vacation", "# Vacation\n\nVacation days expire in the month of May.")
    await runtime.ingestion.store_and_index([changed])
    assert [one.question for one in await kept_of(runtime, "leave")] == [
        "When do vacation days expire?"
    ]
    await runtime.ingestion.withdraw("pages", ["leave"])
    assert await kept_of(runtime, "leave") == []


async def test_at_most_one_of_each_origin_and_nothing_that_was_answered(runtime: Runtime) -> None:
    suggested = (await answer_to(runtime, ask(QUESTION, BOB))).suggestions
    origins = {one.question: one.origin for one in await kept_of(runtime, "leave")}
    assert suggested and QUESTION not in suggested
    assert len({origins[question] for question in suggested}) == len(suggested)


async def test_only_who_may_see_the_answer_is_shown_the_question(runtime: Runtime) -> None:
    assert HIDDEN in [one.question for one in await kept_of(runtime, "secret")]
    ids = [page("secret", "", "").id]
    assert await runtime.database.read(questions.of_documents, BOB, ids) == []
    for person in (ANN, BOB):
        answer = await answer_to(runtime, ask("How many days of paid vacation?", person))
        assert person is ANN or HIDDEN not in answer.suggestions
        offered = await answer_to(runtime, ask("what can you do?", person, suggest=True))
        told = any("directors" in question for question in offered.suggestions)
        assert told == (person is ANN)


async def test_what_was_asked_and_voted_up(runtime: Runtime) -> None:
    asked = "When will my carried-over vacation days expire?"
    answer = await answer_to(runtime, ask(asked, ANN, save=True))
    up = Feedback("UPVOTE", (answer.message_id,), "one")
    await runtime.database.write(feedback.record, str(BOB.email), up)
    assert asked not in [one.question for one in await kept_of(runtime, "leave")]
    await runtime.database.write(feedback.record, str(ANN.email), up)
    [one] = [one for one in await kept_of(runtime, "leave") if one.origin is Origin.ASKED]
    assert one.question == asked
    assert asked in (await answer_to(runtime, ask(QUESTION, BOB))).suggestions
    strangers = await answer_to(runtime, ask(QUESTION, EVERYONE))
    assert asked not in strangers.suggestions  # what colleagues asked is none of their business
    down = replace(up, event="DOWNVOTE", id="two")
    await runtime.database.write(feedback.record, str(ANN.email), down)
    assert Origin.ASKED not in {one.origin for one in await kept_of(runtime, "leave")}


async def test_what_was_asked_of_what_only_some_see(runtime: Runtime) -> None:
    """It is shown to those who may see what answers it, and to nobody once the chat is gone."""
    asked = "When will the vacation days of a director expire?"
    answer = await answer_to(runtime, ask(asked, ANN, save=True))
    write = runtime.database.write
    await write(lambda c: asked_well.voted(c, str(ANN.email), answer.message_id, good=True))
    ids = [page(name, "", "").id for name in ("leave", "secret")]
    assert asked in [one.question for one in await kept_of(runtime, "secret")]
    seen = await runtime.database.read(questions.of_documents, BOB, ids)
    assert asked not in [one.question for one in seen]


def test_questions_about_documents_begin_with_those_that_people_put() -> None:
    kept = [
        KeptQuestion("a", origin, f"{origin} {number}?", Span(0, 1))
        for number in range(2)
        for origin in (Origin.STATEMENT, Origin.HEADING, Origin.FAQ)
    ]
    assert questions_about(kept, 3) == ("faq 0?", "faq 1?", "heading 0?")
