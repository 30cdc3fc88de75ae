"""Loads what an answer needs: the conversation before it, and the texts of what was found."""

from __future__ import annotations

import re
from collections.abc import Sequence

import sqlalchemy as sa

from stook.answering.base import Source
from stook.conversation.chats import disclosure
from stook.conversation.chats.records import Message, Status
from stook.conversation.events import Ask
from stook.conversation.given import is_given
from stook.errors import NotFound
from stook.identity.principals import Viewer
from stook.knowledge.retrieval.near_duplicates import Duplicates
from stook.knowledge.store import catalogue
from stook.knowledge.store import repository as documents
from stook.knowledge.store.documents import FoundPassage
from stook.storage.database import Database
from stook.understanding.question import Past, Question

# Words of questions that want to know what is no longer so.
_THEN = re.compile(
    r"\b(?:chang\w+|differ\w*|compar\w+|previous\w*|former\w*|earlier|old(?:er)?|histor\w+|used to"
    r"|versions?|revis\w+|was|were|did|änder\w+|geändert|unterschied\w*|früher\w*|bisher\w*|alte\w*)\b",
    re.IGNORECASE,
)


def duplicates_for(question: Question) -> Duplicates:
    """Older copies stay where a question asks for a time, or what was or has become different."""
    looks_back = question.period is not None or _THEN.search(question.text)
    return Duplicates.SAME if looks_back else Duplicates.SIMILAR


async def load_history(database: Database, ask: Ask) -> list[Past]:
    """The stored chat's messages and then those sent along, oldest first; raises NotFound."""
    stored: list[Message] = []
    if ask.chat_id is not None and ask.principal.email is not None:
        stored = await database.read(disclosure.history, ask.principal, ask.chat_id)
    past = [
        Past(message.author, message.text, _subject(message))
        for message in stored
        if message.status is Status.COMPLETE or not message.citations
    ]
    known = {(entry.author, entry.text) for entry in past}
    sent = [Past(turn.author, turn.text) for turn in ask.history]
    return past + [entry for entry in sent if (entry.author, entry.text) not in known]


def _subject(message: Message) -> str:
    """What an answer was about: the title of the document that it cites first."""
    cited = [each.document for each in message.citations if not is_given(each.document)]
    return cited[0].title if cited else ""


async def load_sources(
    database: Database, viewer: Viewer, passages: Sequence[FoundPassage]
) -> tuple[Source, ...]:
    """The documents of the passages, with their texts, in the order of their best passages."""
    grouped: dict[str, list[FoundPassage]] = {}
    for passage in passages:
        grouped.setdefault(passage.document.id, []).append(passage)
    texts = await database.read(_texts, viewer, list(grouped))
    places = await database.read(catalogue.places, viewer, list(grouped))
    sources: list[Source] = []
    for document_id, found in grouped.items():
        text = texts.get(document_id)
        if text is not None and _still_holds(text, found):
            first = found[0]
            known = places.get(document_id, ())
            sources.append(
                Source(first.document, first.version, text, tuple(found), len(sources), known)
            )
    return tuple(sources)


def _texts(c: sa.Connection, viewer: Viewer, ids: Sequence[str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for document_id in ids:
        try:
            texts[document_id] = documents.text_of(c, viewer, document_id)
        except NotFound:  # withdrawn, or the right revoked, since it was found
            continue
    return texts


def _still_holds(text: str, found: Sequence[FoundPassage]) -> bool:
    """Whether the text is of the version that the passages are of."""
    return all(text[item.span.start : item.span.end] == item.text for item in found)
