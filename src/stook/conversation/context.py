"""Loads what an answer needs: the conversation before it, and the texts of what was found."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from stook.answering.base import Source
from stook.conversation.chats import disclosure
from stook.conversation.chats.records import Message, Status
from stook.conversation.events import Ask
from stook.conversation.given import is_given
from stook.identity.principals import Viewer
from stook.knowledge.retrieval.near_duplicates import Duplicates
from stook.knowledge.store.documents import FoundPassage
from stook.knowledge.store.neighbourhoods import neighbourhoods
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
    database: Database, viewer: Viewer, passages: Sequence[FoundPassage], *, opening: bool = False
) -> tuple[Source, ...]:
    """The documents of the passages with what is near these, in the order of their best passages.

    With ``opening``, what begins a long document is read, too. Documents that are withdrawn or
    replaced, or whose right is revoked, since they were found are left out.
    """
    grouped: dict[str, list[FoundPassage]] = {}
    for passage in passages:
        grouped.setdefault(passage.document.id, []).append(passage)
    read = functools.partial(neighbourhoods, opening=opening)
    near = await database.read(read, viewer, passages)
    known = [found for name, found in grouped.items() if name in near]
    return tuple(
        Source(found[0].document, found[0].version, near[found[0].document.id], tuple(found), rank)
        for rank, found in enumerate(known)
    )
