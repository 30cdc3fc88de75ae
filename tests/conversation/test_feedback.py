"""Feedback, views, earlier questions, the directory and browser sessions, on both databases."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from stook.conversation import asked, feedback
from stook.conversation.chats import repository
from stook.conversation.chats.records import Exchange
from stook.conversation.feedback import Activity, Feedback
from stook.errors import Forbidden
from stook.identity import people, sessions, tokens, users
from stook.identity.principals import Caller, Scope
from stook.storage.database import Database
from stook.storage.tables import tokens as stored_tokens

ANN, BEN = "ann@x.example", "ben@x.example"


@pytest.fixture
def known(database: Database) -> Database:
    database.write_now(users.add, ANN, "Ann Apple")
    database.write_now(users.add, BEN, "Ben")
    return database


def test_feedback_is_kept_once_for_each_person(known: Database) -> None:
    given = Feedback("UPVOTE", ("t",), "one", "CHAT", {"a": [1]})
    for email in (ANN, ANN, BEN):
        known.write_now(feedback.record, email, given)
    known.write_now(feedback.record, ANN, Feedback("DOWNVOTE", ()))
    known.write_now(feedback.record, ANN, Feedback("DOWNVOTE", ()))
    kept = known.read_now(feedback.list_feedback, ANN)
    assert kept[0] == given and len(kept) == 3
    assert known.read_now(feedback.list_feedback, BEN) == [given]


def test_views_newest_first_each_once(known: Database) -> None:
    events = [
        Activity("VIEW", "https://a.example", 10),
        Activity("VIEW", "https://b.example", 20),
        Activity("EDIT", "https://a.example", 30, "same"),
        Activity("EDIT", "https://c.example", 40, "same"),
        Activity("SEARCH", "https://d.example", 50),
    ]
    known.write_now(feedback.report, ANN, events)
    assert known.read_now(feedback.viewed, ANN, 9) == ["https://a.example", "https://b.example"]
    assert known.read_now(feedback.viewed, ANN, 1) == ["https://a.example"]
    assert known.read_now(feedback.viewed, BEN, 9) == []


def test_own_questions_by_beginnings_of_words(known: Database) -> None:
    def ask(connection: sa.Connection, email: str, question: str, at: int) -> None:
        exchange = Exchange(f"{at}-0", f"{at}-1", f"{at}-2", question, "Answer.", at)
        repository.save(connection, email, None, exchange)

    for at, (email, question) in enumerate(
        [(ANN, "Where is Oslo?"), (ANN, "Is 5% much?"), (ANN, "Where is Oslo?"), (BEN, "Oslo?")]
    ):
        known.write_now(ask, email, question, at)
    assert known.read_now(asked.questions, ANN, "os whe", 9) == ["Where is Oslo?"]
    assert known.read_now(asked.questions, ANN, "5%", 9) == ["Is 5% much?"]
    for typed in ("slo", "%", "", "answer"):
        assert known.read_now(asked.questions, ANN, typed, 9) == []


def test_directory(known: Database) -> None:
    known.write_now(users.add, "gone@x.example", "Gone")
    known.write_now(users.deactivate, "gone@x.example")
    assert [user.email for user in known.read_now(people.directory)] == [ANN, BEN]
    assert [user.email for user in known.read_now(people.directory, "APP ann@")] == [ANN]
    assert known.read_now(people.directory, "%") == []
    named = known.read_now(people.also_known_as, ["ANN apple", "nobody"])
    assert set(named) == {"ANN apple", "nobody", ANN, "Ann Apple"}


def test_browser_sessions_are_narrow_and_cleared(known: Database) -> None:
    maker = known.write_now(tokens.create, "t", [Scope.CHAT, Scope.ADMIN], ANN)
    principal = Caller(ANN, "Ann", frozenset({Scope.CHAT, Scope.ADMIN}), maker.id)
    session = known.write_now(sessions.begin, principal)
    token = known.read_now(tokens.find_by_secret, session.token)
    assert token is not None and token.user_email == ANN
    assert token.scopes == {Scope.CHAT} and token.expires_at == session.expires_at
    known.write_now(_expire, token.id)
    known.write_now(sessions.begin, principal)
    assert token.id not in {each.id for each in known.read_now(tokens.list_all)}
    for nobody in (Caller(None), Caller(ANN, scopes=frozenset({Scope.INDEXING}))):
        with pytest.raises(Forbidden):
            known.write_now(sessions.begin, nobody)


def _expire(connection: sa.Connection, token_id: str) -> None:
    change = sa.update(stored_tokens).where(stored_tokens.c.id == token_id).values(expires_at=1)
    connection.execute(change)
