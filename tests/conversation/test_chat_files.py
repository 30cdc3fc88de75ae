"""SQL of attached files and of pages of chats, on both databases."""

from __future__ import annotations

import pytest

from stook.conversation.chats import files as chat_files
from stook.conversation.chats import repository
from stook.conversation.chats.files import ChatFile, FileStatus
from stook.conversation.chats.records import Exchange
from stook.errors import Forbidden, InvalidRequest
from stook.identity import users
from stook.storage.database import Database

ANN, BOB = "ann@example.com", "bob@example.com"


def file(name: str, owner: str = ANN) -> ChatFile:
    return ChatFile(name, owner, f"{name}.md", "", 1, FileStatus.PROCESSING, None, 0, 1)


def exchange(number: int, *files: str) -> Exchange:
    turn, question, message = f"turn{number}", f"question{number}", f"message{number}"
    return Exchange(
        turn, question, message, "Why?", "So.", number, question_details={"files": list(files)}
    )


def test_files_belong_to_one_and_go_with_their_last_chat(database: Database) -> None:
    for email in (ANN, BOB):
        database.write_now(users.add, email)
    database.write_now(chat_files.add, ANN, [file("a"), file("b")], 2)
    with pytest.raises(InvalidRequest):
        database.write_now(chat_files.add, ANN, [file("c")], 2)
    with pytest.raises(Forbidden):
        database.write_now(chat_files.add, "no@example.com", [file("c", "no@example.com")], 2)
    assert database.read_now(chat_files.find, BOB, ["a", "x\0"]) == {}
    assert database.write_now(chat_files.remove, BOB, ["a"]) == []
    assert database.read_now(chat_files.unknown, ["a", "x"]) == ["x"]
    chats = [
        database.write_now(repository.save, ANN, None, exchange(at, *names)).id
        for at, names in enumerate((("a", "b"), ("b",), ()))
    ]
    newest = database.read_now(repository.list_newest, ANN, 1)
    place = (newest[0].updated_at, newest[0].number)
    rest = database.read_now(repository.list_newest, ANN, 9, before=place)
    assert [chat.id for chat in newest + rest] == chats[::-1]
    database.write_now(repository.delete, ANN, [chats[0]])
    assert set(database.read_now(chat_files.find, ANN, ["a", "b"])) == {"b"}
    database.write_now(repository.delete_all, ANN)
    assert database.read_now(chat_files.find, ANN, ["a", "b"]) == {}
