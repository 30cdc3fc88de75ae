"""Turns that ask for nothing which documents could answer."""

from __future__ import annotations

import pytest

from stook.answering.pieces import TextDelta
from stook.conversation import applications
from stook.conversation.applications import Definition
from stook.conversation.events import Finished, Searching, Started
from stook.conversation.events import Turn as Said
from stook.identity.principals import EVERYONE
from stook.knowledge.store.documents import Filters
from stook.runtime import Runtime
from stook.understanding.languages import ENGLISH, GERMAN, SPANISH
from stook.understanding.question import Author
from tests.conversation.corpus import ANN, answer_in, answer_to, ask, events_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

VACATION = "How many vacation days do I get?"


async def test_a_greeting_is_greeted_without_a_search(handbook: Runtime) -> None:
    events = await events_of(handbook, ask("hi"))
    assert [type(event) for event in events] == [Started, TextDelta, Finished]
    answer = answer_in(events)
    assert answer.text == ENGLISH.replies.greeting
    assert not answer.refused
    assert not answer.citations


async def test_replies_are_in_the_language_of_the_turn(handbook: Runtime) -> None:
    assert (await answer_to(handbook, ask("danke schön!"))).text == GERMAN.replies.thanks
    assert (await answer_to(handbook, ask("¿quién eres?"))).text == SPANISH.replies.identity


async def test_a_reply_keeps_to_the_limit(handbook: Runtime) -> None:
    answer = await answer_to(handbook, ask("who are you?", max_characters=40))
    assert len(answer.text) <= 40


async def test_a_greeting_before_a_question_is_the_question(handbook: Runtime) -> None:
    greeted = await answer_to(handbook, ask(f"Good morning! {VACATION}"))
    assert greeted.text == (await answer_to(handbook, ask(VACATION))).text


async def test_what_can_you_do_counts_what_the_asker_sees(handbook: Runtime) -> None:
    everybody = await answer_to(handbook, ask("what can you do?", EVERYONE))
    assert "handbook" in everybody.text
    narrowed = Filters(within=Filters(datasources=frozenset({"elsewhere"})))
    nobody = await answer_to(handbook, ask("what can you do?", EVERYONE, filters=narrowed))
    assert nobody.text == ENGLISH.replies.no_documents
    assert not nobody.suggestions


async def test_what_can_you_do_offers_questions_that_are_answered(handbook: Runtime) -> None:
    answer = await answer_to(handbook, ask("what can you do?", ANN, suggest=True))
    assert len(answer.suggestions) == 3
    for question in answer.suggestions:
        assert question in answer.text
        assert not (await answer_to(handbook, ask(question, ANN))).refused


async def test_what_can_you_do_names_the_application(handbook: Runtime) -> None:
    made = await handbook.database.write(applications.create, "Lock desk", Definition())
    try:
        asked = ask("what can you do?", ANN, application_id=made.id)
        assert (await answer_to(handbook, asked)).text.startswith("This is Lock desk. ")
    finally:
        await handbook.database.write(applications.delete, made.id)


async def test_more_with_nothing_before_it(handbook: Runtime) -> None:
    greeted = (Said(Author.USER, "hi"), Said(Author.ASSISTANT, "Hello!"))
    for history in ((), greeted):
        answer = await answer_to(handbook, ask("more", history=history))
        assert answer.text == ENGLISH.replies.nothing_before


async def test_small_talk_does_not_end_a_subject(handbook: Runtime) -> None:
    history = (
        Said(Author.USER, VACATION),
        Said(Author.ASSISTANT, "Every employee has 27 days."),
        Said(Author.USER, "thanks!"),
        Said(Author.ASSISTANT, "You’re welcome."),
    )
    events = await events_of(handbook, ask("and for contractors?", history=history))
    searched = [event.query for event in events if isinstance(event, Searching)]
    assert searched == ["How many vacation days do I get for contractors?"]
