"""Makes questions of what people said about answers."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa

from stook.answering.outcome import Outcome
from stook.conversation import feedback
from stook.conversation.chats import repository
from stook.conversation.chats.records import Message
from stook.conversation.feedback import Vote
from stook.conversation.given import is_given
from stook.errors import NotFound
from stook.evaluation.questions import Earlier, Question
from stook.identity.access import ATTACHED
from stook.understanding.question import Author

LOOK_AT = "Voted down. Say what is right: answers, documents, or that it is not answerable."


def questions(connection: sa.Connection) -> list[Question]:
    """A question for each answer voted on whose chat is still there.

    One that was voted up expects what it said and cited, or a refusal where it was one. One that
    was voted down expects nothing yet: its note says so.
    """
    found = []
    for vote in feedback.votes(connection):
        try:
            said = repository.history_until(connection, vote.email, vote.message_id)
        except NotFound:  # deleted since, or something that is no answer
            continue
        if len(said) > 1 and said[-1].author is Author.ASSISTANT:
            found.append(_question(vote, said))
    return found


def _question(vote: Vote, said: Sequence[Message]) -> Question:
    asked, answer = said[-2], said[-1]
    common = {
        "id": vote.message_id,
        "question": asked.text,
        "history": _earlier(said[:-2]),
        "ask_as": vote.email,
        "asked_on": datetime.fromtimestamp(asked.created_at / 1_000_000, UTC).date(),
    }
    if not vote.good:
        return Question.model_validate(common | {"answerable": None, "note": LOOK_AT})
    documents = [one.document for one in answer.citations]
    cited = [one for one in documents if one.datasource != ATTACHED and not is_given(one)]
    answered = answer.outcome is Outcome.ANSWERED and bool(answer.citations)
    expected = dict.fromkeys([answer.text, *(one.snippet.text for one in answer.citations)])
    return Question.model_validate(
        common
        | {
            "answerable": answered,
            "answers": tuple(expected) if answered else (),
            "documents": [one.id for one in cited] if answered else [],
        }
    )


def _earlier(said: Sequence[Message]) -> list[Earlier]:
    """Questions with their answers, which follow them."""
    pairs = itertools.pairwise(said)
    return [
        Earlier(question=one.text, answer=answer.text)
        for one, answer in pairs
        if one.author is Author.USER and answer.author is Author.ASSISTANT
    ]
