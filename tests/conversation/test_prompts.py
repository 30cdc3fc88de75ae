"""Prompts around questions: answered as the bare question is, or from the passages in them."""

from __future__ import annotations

import pytest

from stook.conversation.chats import disclosure
from stook.conversation.events import Turn
from stook.conversation.given import is_given
from stook.runtime import Runtime
from stook.understanding.question import Author
from tests.conversation.corpus import ANN, HANDBOOK, answer_to, ask
from tests.understanding.test_prompt_parts import BARE, WITH_PASSAGES

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUESTIONS = (
    "How many vacation days do I get?",
    "What are the core hours?",
    "Which laptops can I choose from?",
)
OURS = """The Quillon desk closes at 17:45 on weekdays. On Saturdays it closes at 13:20.

A lost Quillon card costs 12 euro. The desk prints a new one at once."""


@pytest.mark.parametrize("form", BARE)
async def test_answered_as_the_bare_question(handbook: Runtime, form: str) -> None:
    for question in QUESTIONS:
        bare = await answer_to(handbook, ask(question))
        prompted = await answer_to(handbook, ask(form.format(q=question)))
        assert not bare.refused
        assert prompted.text == bare.text


@pytest.mark.parametrize("form", WITH_PASSAGES)
async def test_answered_from_the_passages_and_cited_as_the_callers(
    handbook: Runtime, form: str
) -> None:
    question = "How much does a lost Quillon card cost?"
    assert (await answer_to(handbook, ask(question))).refused
    answer = await answer_to(handbook, ask(form.format(q=question, p=OURS)))
    assert "12 euro" in answer.text
    for citation in answer.citations:
        assert is_given(citation.document)
        assert citation.snippet.text in OURS


async def test_passages_that_do_not_answer_leave_it_to_the_documents(handbook: Runtime) -> None:
    prompt = f"Context: {OURS}\n\nQuestion: {QUESTIONS[0]}"
    answer = await answer_to(handbook, ask(prompt))
    assert answer.text == (await answer_to(handbook, ask(QUESTIONS[0]))).text
    assert not any(is_given(citation.document) for citation in answer.citations)
    unknown = await answer_to(handbook, ask(f"Context: {OURS}\n\nQuestion: Who won in 1931?"))
    assert unknown.refused


async def test_passages_of_the_handbook_in_a_prompt(handbook: Runtime) -> None:
    page = (HANDBOOK / "time-off" / "vacation.md").read_text()
    prompt = f"Use ONLY the following documents to answer. {page} Question: {QUESTIONS[0]}"
    answer = await answer_to(handbook, ask(prompt))
    assert not answer.refused and "27" in answer.text


async def test_a_follow_up_on_a_prompt(handbook: Runtime) -> None:
    form = "You are an HR assistant. Be concise. {}"
    first = "What are the company holidays this year?"
    said = (Turn(Author.USER, form.format(first)), Turn(Author.ASSISTANT, "They are many."))
    asked = ask(form.format("What about this month?"), history=said)
    assert "November" in (await answer_to(handbook, asked)).text


async def test_a_saved_answer_from_ones_own_passages_can_be_read_again(handbook: Runtime) -> None:
    prompt = f"Context: {OURS}\n\nQuestion: How much does a lost Quillon card cost?"
    first = await answer_to(handbook, ask(prompt, ANN, save=True))
    again = ask("And when does the desk close?", ANN, chat_id=first.chat_id, save=True)
    await answer_to(handbook, again)
    held = await handbook.database.read(disclosure.history, ANN, first.chat_id)
    assert held[1].text == first.text
    assert held[0].text == prompt


async def test_passages_beside_the_question_are_answered_from(handbook: Runtime) -> None:
    asked = ask("How much does a lost Quillon card cost?", passages=(OURS,))
    answer = await answer_to(handbook, asked)
    assert "12 euro" in answer.text
    assert all(is_given(citation.document) for citation in answer.citations)
    usual = await answer_to(handbook, ask(QUESTIONS[0], passages=(OURS,)))
    assert usual.text == (await answer_to(handbook, ask(QUESTIONS[0]))).text
