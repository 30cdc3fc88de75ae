"""Replies to turns that ask for nothing which documents could answer: greetings, thanks, …"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from stook.answering.suggestions import questions_about
from stook.conversation import applications
from stook.conversation.events import Ask
from stook.errors import NotFound
from stook.knowledge.store import catalogue, questions
from stook.storage.database import Database
from stook.understanding.acts import Act, Turn
from stook.understanding.content import name_terms
from stook.understanding.languages.base import Replies

QUESTIONS = 3
TRIED = 12  # documents, newest first, of which each may give a question
NAMED = 5  # datasources


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said, and questions that the asker could put instead."""

    text: str
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """Replies on behalf of the asker, who is told of nothing that they may not see."""

    database: Database

    async def reply(self, told: Turn, ask: Ask) -> Reply:
        """Reply to a turn, in its own language."""
        replies = told.language.replies
        if told.act is Act.ABILITIES:
            return await self._abilities(replies, ask)
        return Reply(_said(told.act, replies))

    async def _abilities(self, replies: Replies, ask: Ask) -> Reply:
        """Whose documents these are, how many, and what could be asked of them."""
        counted = await self.database.read(catalogue.counted, ask.principal, ask.filters)
        opening = await self._opening(replies, ask)
        if not counted:
            return Reply(f"{opening}{replies.no_documents}")
        text = opening + replies.abilities.format(
            count=f"{sum(counted.values()):,}", names=_names(counted)
        )
        offered = await self._questions(ask)
        if offered:
            listed = "".join(f"\n- {question}" for question in offered)
            text = f"{text}\n\n{replies.for_instance}\n{listed}"
        return Reply(text, offered)

    async def _opening(self, replies: Replies, ask: Ask) -> str:
        """The name of the application, where one is asked."""
        if ask.application_id is None:
            return ""
        try:
            found = await self.database.read(applications.find, ask.application_id)
        except NotFound:  # deleted since the chat began
            return ""
        return f"{replies.inside.format(name=found.name)} "

    async def _questions(self, ask: Ask) -> tuple[str, ...]:
        """Questions that documents of the asker answer, each of another kind of document."""
        newest = await self.database.read(catalogue.newest, ask.principal, ask.filters, TRIED)
        kinds = {name_terms(document.title): document.id for document in reversed(newest)}
        ids = list(kinds.values())[::-1]
        kept = await self.database.read(questions.of_documents, ask.principal, ids)
        of_each = [
            questions_about([one for one in kept if one.document_id == name], 1) for name in ids
        ]
        return tuple(itertools.chain(*of_each))[:QUESTIONS]


def _said(act: Act, replies: Replies) -> str:
    return {
        Act.GREETING: replies.greeting,
        Act.THANKS: replies.thanks,
        Act.GOODBYE: replies.goodbye,
        Act.IDENTITY: replies.identity,
        Act.COMPLAINT: replies.complaint,
    }.get(act, replies.nothing_before)


def _names(counted: Mapping[str, int]) -> str:
    """The datasources with most documents."""
    ordered = sorted(counted, key=lambda name: (-counted[name], name))
    return ", ".join(ordered[:NAMED]) + (", …" if len(ordered) > NAMED else "")
