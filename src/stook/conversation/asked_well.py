"""Keeps questions whose answers people voted up, so that they can be suggested to others.

A question is kept only where it is understood as it stands, first in its chat, and where one
document answered it: whoever may see that document may be shown the question. It goes with the
chat, with the version of the document, and when somebody votes the answer down.
"""

from __future__ import annotations

import sqlalchemy as sa

from stook.answering.outcome import Outcome
from stook.conversation.chats import repository
from stook.conversation.given import is_given
from stook.errors import NotFound
from stook.identity.access import ATTACHED
from stook.knowledge.questions.making import Origin, as_question
from stook.knowledge.store import questions
from stook.knowledge.store.questions import KeptQuestion
from stook.storage.tables import passage_questions


def voted(connection: sa.Connection, email: str, message_id: str, *, good: bool) -> None:
    """Keep the question of an answer that was voted up; forget that of one voted down."""
    if not good:
        questions.forget(connection, passage_questions.c.message_id == message_id)
        return
    try:
        said = repository.history_until(connection, email, message_id)
    except NotFound:  # no answer of theirs
        return
    if len(said) != 2 or said[1].outcome is not Outcome.ANSWERED:
        return
    asked, answer = said
    question = as_question(asked.text)
    cited = {citation.document.id for citation in answer.citations}
    if not question or len(cited) != 1:
        return
    first = answer.citations[0]
    if first.document.datasource == ATTACHED or is_given(first.document):
        return
    kept = KeptQuestion(first.document.id, Origin.ASKED, question, first.snippet.span)
    questions.note_asked(connection, message_id, first.version, kept)
