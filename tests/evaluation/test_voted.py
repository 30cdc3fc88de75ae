"""Votes on answers become questions, on both databases."""

from __future__ import annotations

import sqlalchemy as sa

from stook.answering.pieces import Citation, Snippet
from stook.conversation import feedback
from stook.conversation.chats import repository
from stook.conversation.chats.records import Exchange
from stook.conversation.feedback import Feedback
from stook.evaluation import voted
from stook.evaluation.questions import Earlier, Question
from stook.identity import users
from stook.identity.access import ATTACHED
from stook.knowledge.store.documents import Document, Span
from stook.storage.database import Database

ANN, BEN = "ann@x.example", "ben@x.example"
NOON = 1_795_262_400_000_000  # 21 November 2026


def cited(document_id: str, words: str, datasource: str = "files") -> Citation:
    document = Document(
        document_id, datasource, document_id, "T", "", "text/plain", "", "", "", "", None, None, {}
    )
    return Citation(Span(0, 5), document, 1, Snippet(words, Span(0, len(words))))


def exchange(name: str, question: str, answer: str, *citations: Citation) -> Exchange:
    return Exchange(f"t-{name}", f"q-{name}", name, question, answer, NOON, citations=citations)


def vote(connection: sa.Connection, email: str, event: str, *tokens: str) -> None:
    feedback.record(connection, email, Feedback(event, tokens))


def made(database: Database) -> list[Question]:
    """Ann asks twice in one chat and once in another; Ben has a chat, too."""
    for email in (ANN, BEN):
        database.write_now(users.add, email, "")
    first = exchange("one", "Who leads it?", "Odile leads it.", cited("doc_1", "Odile leads it."))
    chat = database.write_now(repository.save, ANN, None, first)
    own = cited("doc_file", "since May", ATTACHED)
    second = exchange("two", "Since when?", "Since May.", cited("doc_2", "in May"), own)
    database.write_now(repository.append, ANN, chat.id, second)
    refusal = exchange("three", "And on the moon?", "The documents do not say.")
    database.write_now(repository.save, ANN, None, refusal)
    database.write_now(repository.save, BEN, None, exchange("four", "Why?", "Because."))
    for event, tokens in (
        ("DOWNVOTE", ("two",)),
        ("CLICK", ("one",)),
        ("UPVOTE", ("two", "not an answer")),
        ("UPVOTE", ("three",)),
        ("DOWNVOTE", ("one", "q-one")),
        ("UPVOTE", ("four",)),  # not Ann's: she cannot have seen it
    ):
        database.write_now(vote, ANN, event, *tokens)
    return database.read_now(voted.questions)


def test_the_last_vote_on_each_answer_makes_a_question(database: Database) -> None:
    good, refused, bad = made(database)
    assert good.question == "Since when?"
    assert good.history == (Earlier(question="Who leads it?", answer="Odile leads it."),)
    assert good.documents == {"doc_2": 1}  # a file of the chat is nobody else's
    assert good.answers == ("Since May.", "in May", "since May")
    assert (good.ask_as, str(good.asked_on)) == (ANN, "2026-11-21")
    assert refused.answerable is False and not refused.answers and not refused.documents
    assert bad.id == "one" and bad.answerable is None and bad.note == voted.LOOK_AT
    assert not bad.answers and not bad.documents


def test_deleted_chats_leave_no_question(database: Database) -> None:
    made(database)
    database.write_now(repository.delete_all, ANN)
    assert database.read_now(voted.questions) == []
