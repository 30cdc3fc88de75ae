"""Which message is the question, and what came before it.

Glean's description says that messages come newest first, popular clients send them oldest first,
so the order has to be found out from the messages themselves.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from stook.conversation.events import Turn
from stook.dialects.glean.models import ChatMessage
from stook.errors import InvalidRequest
from stook.understanding.question import Author

USER, ASSISTANT = "USER", "GLEAN_AI"
_WORD = re.compile(r"\w{5,}")


class Order(enum.StrEnum):
    """In which order a client sends its messages."""

    AUTO = "auto"  # found out, see ``arrange``
    NEWEST_FIRST = "newest_first"
    OLDEST_FIRST = "oldest_first"


@dataclass(frozen=True, slots=True)
class Conversation:
    """The question, the turns before it (oldest first), and context that is no evidence.

    ``files`` are ids of uploaded files that came with the question, ``earlier_files`` of those
    that came with what was said before.
    """

    question: str
    history: tuple[Turn, ...]
    instructions: str
    files: tuple[str, ...] = ()
    earlier_files: tuple[str, ...] = ()


def arrange(
    messages: Sequence[ChatMessage], stored: Sequence[Turn] = (), order: Order = Order.AUTO
) -> Conversation:
    """Order what the client sent; ``stored`` are the turns of the chat that it continues.

    Messages that are stored already are left out of the history. Raises InvalidRequest where no
    message is a user's.
    """
    oldest_first = order is Order.OLDEST_FIRST
    if order is Order.AUTO:
        oldest_first = _oldest_first(messages, stored)
    ordered = list(messages if oldest_first else reversed(messages))
    spoken = [message for message in ordered if _is_spoken(message)]
    while spoken and spoken[-1].author != USER:
        spoken.pop()
    if not spoken:
        raise InvalidRequest("messages: at least one message must have the author USER and text.")
    turns = [_turn(message) for message in spoken[:-1] if message.text.strip()]
    context = [message.text for message in ordered if message.message_type == "CONTEXT"]
    return Conversation(
        question=spoken[-1].text,
        history=tuple(turn for turn in turns if turn not in stored),
        instructions="\n\n".join(text for text in context if text.strip()),
        files=tuple(spoken[-1].uploaded_file_ids),
        earlier_files=tuple(file for each in spoken[:-1] for file in each.uploaded_file_ids),
    )


def _is_spoken(message: ChatMessage) -> bool:
    return message.message_type == "CONTENT" and message.author in (USER, ASSISTANT)


def _turn(message: ChatMessage) -> Turn:
    author = Author.USER if message.author == USER else Author.ASSISTANT
    return Turn(author, message.text)


def _oldest_first(messages: Sequence[ChatMessage], stored: Sequence[Turn]) -> bool:
    """The first sign that decides; without any, the order of Glean's description: newest first."""
    if len(messages) < 2:
        return True
    if messages[0].message_type == "CONTEXT" and _asks(messages[-1]):
        return True
    spoken = [message for message in messages if _is_spoken(message)]
    if len(spoken) < 2:
        return True
    for sign in (_by_time(spoken), _by_storage(spoken, stored), _by_author(spoken)):
        if sign is not None:
            return sign
    return _answers_follow_questions(spoken)


def _asks(message: ChatMessage) -> bool:
    return message.author == USER and message.message_type == "CONTENT"


def _by_time(spoken: Sequence[ChatMessage]) -> bool | None:
    times = [time for message in spoken if (time := _time(message.ts)) is not None]
    if len(times) < 2 or times[0] == times[-1]:
        return None
    return times[0] < times[-1]


def _time(ts: str | None) -> float | None:
    if not ts:
        return None
    try:
        return float(ts)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(ts).astimezone().timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _by_storage(spoken: Sequence[ChatMessage], stored: Sequence[Turn]) -> bool | None:
    """The end of the list that is not stored yet is the new one."""
    known = {(turn.author, turn.text) for turn in stored}
    first, last = ((turn.author, turn.text) in known for turn in _ends(spoken))
    return None if first == last else first


def _ends(spoken: Sequence[ChatMessage]) -> tuple[Turn, Turn]:
    return _turn(spoken[0]), _turn(spoken[-1])


def _by_author(spoken: Sequence[ChatMessage]) -> bool | None:
    """A conversation that is sent along ends with a question."""
    first, last = spoken[0].author, spoken[-1].author
    return None if first == last else last == USER


def _answers_follow_questions(spoken: Sequence[ChatMessage]) -> bool:
    """Whether only oldest first makes the answers speak of the questions before them.

    Between two users' messages a client's order cannot be seen from outside. An answer repeats
    words of its question; where the second answer's neighbour in the described order shares no
    word with it, while the other neighbour shares half of its own, the order is the other one.
    """
    described = _echo(spoken[-2], spoken[-1], spoken[0])
    other = _echo(spoken[1], spoken[0], spoken[-1])
    return described == 0 and other >= 0.5


def _echo(answer: ChatMessage, question: ChatMessage, against: ChatMessage) -> float:
    """Which part of the question's own words the answer repeats."""
    own = _words(question) - _words(against)
    if answer.author != ASSISTANT or not own:
        return 0
    return len(own & _words(answer)) / len(own)


def _words(message: ChatMessage) -> set[str]:
    return set(_WORD.findall(message.text.lower()))
