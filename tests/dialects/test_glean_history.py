"""Which of the messages that a client sends is the question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stook.conversation.events import Turn
from stook.dialects.glean.requests.chat import ChatMessage
from stook.dialects.glean.requests.history import Conversation, arrange
from stook.dialects.glean.requests.message_order import Order, find_order, new_session
from stook.errors import InvalidRequest
from stook.knowledge.retrieval.provenance import taken_from
from stook.understanding.question import Author

ANSWER = "All five offices are closed on Labor Day."
U1, A1, U2 = "What are the company holidays?", ANSWER, "What about this month?"
TURNS = (Turn(Author.USER, U1), Turn(Author.ASSISTANT, A1))


async def taken(answer: str, question: str) -> float:
    """Only the first question finds what the answer was taken from."""
    return taken_from(answer, [f"Holidays. {ANSWER}"] if question == U1 else [])


async def arranged(
    messages: list[ChatMessage], stored: tuple[Turn, ...] = (), session: str = ""
) -> Conversation:
    return arrange(messages, stored, await find_order(messages, stored, session, taken))


def user(text: str, **more: object) -> ChatMessage:
    return ChatMessage.model_validate({"author": "USER", "fragments": [{"text": text}], **more})


def ai(text: str, **more: object) -> ChatMessage:
    return user(text, **{"author": "GLEAN_AI", **more})


def context(text: str) -> ChatMessage:
    return user(text, messageType="CONTEXT")


@pytest.mark.parametrize(
    "messages",
    [
        pytest.param([user(U2), ai(A1), user(U1)], id="as described: newest first"),
        pytest.param([user(U1), ai(A1), user(U2)], id="oldest first"),
        pytest.param([context("Be kind."), user(U1), ai(A1), user(U2)], id="context first"),
        pytest.param(
            [user(U1, ts="2026-01-01T10:00:00Z"), ai(A1), user(U2, ts="2026-01-01T10:01:00Z")],
            id="times, oldest first",
        ),
        pytest.param(
            [user(U2, ts="1700000061.5"), ai(A1, ts="1700000060.5"), user(U1, ts="1700000000")],
            id="times in seconds, newest first",
        ),
        pytest.param([user(U2), ai(A1), user(U1), context("x")], id="context last"),
        pytest.param(
            [
                user(U2),
                user("Searching", messageType="UPDATE", author="GLEAN_AI"),
                ai(A1),
                user(U1),
            ],
            id="progress sent back",
        ),
    ],
)
async def test_question_and_history(messages: list[ChatMessage]) -> None:
    found = await arranged(messages)
    assert found.question == U2
    assert found.history == TURNS


async def test_end_that_a_user_wrote_is_the_newest() -> None:
    for messages in ([ai(A1), user(U2)], [user(U2), ai(A1)]):
        found = await arranged(messages)
        assert (found.question, found.history) == (U2, (Turn(Author.ASSISTANT, A1),))


async def test_end_that_is_not_stored_is_the_newest_and_nothing_comes_twice() -> None:
    for messages in ([user(U1), ai(A1), user(U2)], [user(U2), ai(A1), user(U1)]):
        found = await arranged(messages, TURNS)
        assert (found.question, found.history) == (U2, ())


async def test_two_user_messages_come_oldest_first() -> None:
    found = await arranged([user("Where is the canteen?"), user("When does it open?")])
    assert found.question == "When does it open?"
    found = await arranged([user("Where is the canteen?"), user("Who runs the library?")])
    assert found.question == "Who runs the library?"


async def test_no_conversation_begins_with_what_leans_on_another_question() -> None:
    assert (await arranged([user(U2), user(U1)])).question == U2
    refused = ai("I could not find an answer to this in the documents you can see.")
    assert (await arranged([user(U2), refused, user(U1)])).question == U2
    assert (await arranged([user(U1), refused, user(U2)])).question == U2


async def test_a_session_tells_its_first_question() -> None:
    third = "Who runs the library?"
    said = [user(U1), ai("x"), user("And the canteen?"), ai("y"), user(third)]
    for session, messages in (
        (new_session(U1), said),
        (new_session(f" {U1}\n"), said[::-1]),
        (new_session(U1), said[:3]),
    ):
        newest = (await arranged(messages, (), session)).question
        assert newest == (third if len(messages) == 5 else "And the canteen?")
    assert (await arranged(said, (), "cs_of_somebody_else")).question == third


def test_order_may_be_set() -> None:
    messages = [user(U1), ai(A1), user(U2)]
    assert arrange(messages).question == U2
    assert arrange(messages, (), Order.OLDEST_FIRST).question == U2
    assert arrange(messages, (), Order.NEWEST_FIRST).question == U1


def test_context_is_kept_apart_in_order() -> None:
    found = arrange([context("one"), context("two"), user(U1)])
    assert found.instructions == "one\n\ntwo"
    assert (found.question, found.history) == (U1, ())


def test_context_holds_passages_besides_what_says_how_to_answer() -> None:
    given = context("Context: The Quillon desk closes at 17:45.\nAnswer in one sentence.")
    told = context("Be brief. The desk prints a new card at once. Cite your sources.")
    found = arrange([given, told, user(U1)])
    assert found.passages[0].startswith("The Quillon desk closes at 17:45.")
    assert found.passages[1] == "The desk prints a new card at once."
    assert arrange([context("Be brief."), user(U1)]).passages == ()


def test_fragments_of_a_question_are_texts_of_their_own() -> None:
    fragments = [{"text": "Context: The desk closes at 17:45."}, {"text": "When does it close?"}]
    message = ChatMessage.model_validate({"fragments": fragments})
    assert message.text == "Context: The desk closes at 17:45.\nWhen does it close?"
    cut = [{"text": "27 days"}, {"citation": {}}, {"text": ", in Germany 30."}]
    answer = ChatMessage.model_validate({"author": "GLEAN_AI", "fragments": cut})
    assert answer.text == "27 days, in Germany 30."


def test_context_after_the_newest_question() -> None:
    assert arrange([user(U1), context("Be brief.")]).question == U1


def test_fragments_are_joined() -> None:
    message = ChatMessage.model_validate(
        {"fragments": [{"text": "What are "}, {"citation": {}}, {"text": "the holidays?"}]}
    )
    assert arrange([message]).question == "What are the holidays?"


@pytest.mark.parametrize("messages", [[], [ai(A1)], [context("x")], [ai(A1), context("x")]])
def test_without_a_user_there_is_no_question(messages: list[ChatMessage]) -> None:
    with pytest.raises(InvalidRequest, match="USER"):
        arrange(messages)


KINDS = st.sampled_from(["CONTENT", "CONTEXT", "UPDATE", "ERROR"])
AUTHORS = st.sampled_from(["USER", "GLEAN_AI"])
TIMES = st.none() | st.sampled_from(["1", "x", "2026-01-01T00:00:00Z", "nan", "1e999"])
MESSAGES = st.builds(
    lambda author, kind, text, ts: user(text, author=author, messageType=kind, ts=ts),
    AUTHORS,
    KINDS,
    st.text(max_size=20),
    TIMES,
)


@given(st.lists(MESSAGES, max_size=6))
async def test_any_messages_are_arranged_or_refused(messages: list[ChatMessage]) -> None:
    try:
        found = await arranged(messages)
    except InvalidRequest:
        return
    asked = [each.text for each in messages if each.author == "USER"]
    assert found.question in asked
    assert len(found.history) < len(messages)
