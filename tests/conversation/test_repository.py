"""Chats and messages on both databases."""

from __future__ import annotations

import asyncio
import uuid

import pytest

from stook.answering.pieces import Citation, Snippet
from stook.conversation.chats import repository
from stook.conversation.chats.records import Exchange, Status
from stook.errors import Forbidden, NotFound
from stook.identity import users
from stook.knowledge.store.documents import Document, Span
from stook.storage.database import Database
from stook.understanding.question import Author

ANN, BOB = "ann@example.com", "bob@example.com"
DOCUMENT = Document(
    "doc_1",
    "files",
    "a.md",
    "A",
    "file:///a.md",
    "text/markdown",
    "",
    "",
    "",
    "",
    1,
    None,
    {"k": [1]},
)
CITATION = Citation(Span(0, 3), DOCUMENT, 2, Snippet("Yes", Span(10, 13)), ("Top", "Below"))


@pytest.fixture
def chats(database: Database) -> Database:
    """A database that knows two people."""
    for email in (ANN, BOB):
        database.write_now(users.add, email)
    return database


def exchange(question: str, at: int = 1, **more: object) -> Exchange:
    ids = {name: str(uuid.uuid4()) for name in ("turn_id", "question_id", "message_id")}
    return Exchange(**ids, question=question, answer="Yes", created_at=at, **more)  # type: ignore[arg-type]


def test_a_turn_is_read_back_as_it_was_saved(chats: Database) -> None:
    first = exchange("Is it?", citations=(CITATION,), question_details={"a": 1})
    chat = chats.write_now(repository.save, ANN, None, first)
    asked, answered = chats.read_now(repository.history, ANN, chat.id)
    assert (asked.author, asked.text, asked.position) == (Author.USER, "Is it?", 0)
    assert (answered.author, answered.text, answered.position) == (Author.ASSISTANT, "Yes", 1)
    assert asked.turn_id == answered.turn_id == first.turn_id
    assert asked.details == {"a": 1}
    assert answered.citations == (CITATION,)
    assert answered.status is Status.COMPLETE
    assert chat.title == "Is it?"


def test_somebody_elses_chat_is_not_found(chats: Database) -> None:
    chat = chats.write_now(repository.save, ANN, None, exchange("Mine"))
    for find in (repository.find, repository.history):
        with pytest.raises(NotFound):
            chats.read_now(find, BOB, chat.id)
    with pytest.raises(NotFound):
        chats.read_now(repository.find_by_number, BOB, chat.number)
    with pytest.raises(NotFound):
        chats.write_now(repository.save, BOB, chat.id, exchange("Not yours"))
    with pytest.raises(NotFound):
        chats.write_now(repository.rename, BOB, chat.id, "Taken")
    assert chats.write_now(repository.delete, BOB, [chat.id]) == 0
    assert chats.write_now(repository.delete_all, BOB) == 0
    assert len(chats.read_now(repository.history, ANN, chat.id)) == 2


def test_chats_are_listed_newest_first(chats: Database) -> None:
    first = chats.write_now(repository.save, ANN, None, exchange("First", at=1))
    second = chats.write_now(repository.save, ANN, None, exchange("Second", at=2))
    chats.write_now(repository.save, BOB, None, exchange("Other", at=3))
    assert [chat.id for chat in chats.read_now(repository.list_newest, ANN)] == [
        second.id,
        first.id,
    ]
    chats.write_now(repository.save, ANN, first.id, exchange("More", at=4))
    listed = chats.read_now(repository.list_newest, ANN, limit=1)
    assert [chat.id for chat in listed] == [first.id]
    rest = chats.read_now(repository.list_newest, ANN, limit=5, offset=1)
    assert [chat.id for chat in rest] == [second.id]


def test_a_chat_is_found_by_its_number(chats: Database) -> None:
    made = [chats.write_now(repository.save, ANN, None, exchange(f"{n}")) for n in range(3)]
    assert len({chat.number for chat in made}) == 3
    for chat in made:
        assert chats.read_now(repository.find_by_number, ANN, chat.number).id == chat.id


def test_rename_and_delete(chats: Database) -> None:
    kept, gone = (chats.write_now(repository.save, ANN, None, exchange(q)) for q in ("A", "B"))
    chats.write_now(repository.rename, ANN, kept.id, "Better")
    assert chats.read_now(repository.find, ANN, kept.id).title == "Better"
    assert chats.write_now(repository.delete, ANN, [gone.id, "unknown"]) == 1
    with pytest.raises(NotFound):
        chats.read_now(repository.history, ANN, gone.id)
    assert chats.write_now(repository.delete_all, ANN) == 1
    assert chats.read_now(repository.list_newest, ANN) == []


async def test_concurrent_turns_of_one_chat_follow_one_another(chats: Database) -> None:
    chat = chats.write_now(repository.save, ANN, None, exchange("0"))
    turns = [exchange(str(n)) for n in range(1, 21)]
    await asyncio.gather(*(chats.write(repository.save, ANN, chat.id, turn) for turn in turns))
    messages = chats.read_now(repository.history, ANN, chat.id)
    assert [message.position for message in messages] == list(range(42))
    pairs = zip(messages[::2], messages[1::2], strict=True)
    assert all(asked.turn_id == answered.turn_id for asked, answered in pairs)


def test_only_active_users_have_chats(chats: Database) -> None:
    chats.write_now(users.deactivate, BOB)
    for email in (BOB, "nobody@example.com"):
        with pytest.raises(Forbidden):
            chats.write_now(repository.save, email, None, exchange("?"))


def test_titles_are_one_short_line() -> None:
    assert repository.title_from("  What\n is   it? ") == "What is it?"
    long = repository.title_from("word " * 40)
    assert len(long) <= repository.TITLE_CHARACTERS
    assert long.endswith("word…")


def test_a_chat_is_pinned_and_summarised_by_its_owner(chats: Database) -> None:
    chat = chats.write_now(repository.save, ANN, None, exchange("Is it?"))
    assert (chat.pinned, chat.summary) == (False, None)
    chats.write_now(repository.pin, ANN, chat.id, True)
    chats.write_now(repository.summarise, ANN, chat.id, "Whether it is.")
    (found,) = chats.read_now(repository.list_newest, ANN)
    assert (found.pinned, found.summary) == (True, "Whether it is.")
    with pytest.raises(NotFound):
        chats.write_now(repository.pin, BOB, chat.id, False)
    with pytest.raises(NotFound):
        chats.write_now(repository.summarise, BOB, chat.id, "Mine.")


def test_messages_are_found_and_deleted_by_their_owner(chats: Database) -> None:
    first, second = exchange("Is it?"), exchange("And now?")
    chat = chats.write_now(repository.save, ANN, None, first)
    chats.write_now(repository.append, ANN, chat.id, second)
    for name in (first.message_id, first.turn_id):
        with pytest.raises(NotFound):
            chats.write_now(repository.delete_message, BOB, name)
    assert len(chats.read_now(repository.find_message, ANN, first.turn_id)) == 2
    assert chats.write_now(repository.delete_message, ANN, first.message_id).text == "Yes"
    chats.write_now(repository.delete_message, ANN, second.turn_id)
    (left,) = chats.read_now(repository.history, ANN, chat.id)
    assert left.id == first.question_id
    third = exchange("Once more?")
    chats.write_now(repository.append, ANN, chat.id, third)
    assert len(chats.read_now(repository.history, ANN, chat.id)) == 3
