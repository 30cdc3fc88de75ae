"""Which end of the messages that a client sends is the newest.

Glean's description says that messages come newest first; the released clients send them oldest
first, and only Glean's sample program does as described. So oldest first it is, unless the
messages themselves speak for the other order.
"""

from __future__ import annotations

import enum
import hashlib
import re
import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from stook.application.asking import LONGEST_ANSWER, local_time
from stook.conversation.events import Turn
from stook.dialects.glean.requests.chat import ChatMessage
from stook.understanding import time_expressions
from stook.understanding.content import content_terms, text_terms
from stook.understanding.followup import Kind, classify
from stook.understanding.question import Author

USER, ASSISTANT = "USER", "GLEAN_AI"
MARGIN = 0.05  # by which answers must speak for newest first
ECHO = 0.1  # what the words that an answer repeats count for, against where it was taken from
_SESSION = re.compile(r"cs_[0-9a-f]{32}_([0-9a-f]{12})")
Taken = Callable[[str, str], Awaitable[float]]  # how much of an answer a question's passages hold


class Order(enum.StrEnum):
    """In which order a client sends its messages."""

    AUTO = "auto"  # found out from the messages
    NEWEST_FIRST = "newest_first"
    OLDEST_FIRST = "oldest_first"


def new_session(opening: str) -> str:
    """A token for a conversation that clients send back; it tells with which question it began."""
    return f"cs_{uuid.uuid4().hex}_{_mark(opening)}"


async def find_order(
    messages: Sequence[ChatMessage], stored: Sequence[Turn], session: str, taken: Taken
) -> Order:
    """The order of the messages, by the first sign that decides.

    ``stored`` are the turns of the chat that they continue, ``session`` the token sent along.
    """
    found = by_signs(messages, stored, session)
    if found is None:
        found = await _by_answers([message for message in messages if is_spoken(message)], taken)
    return Order.NEWEST_FIRST if found is False else Order.OLDEST_FIRST


def is_spoken(message: ChatMessage) -> bool:
    """Whether it is a question or an answer."""
    return message.message_type == "CONTENT" and message.author in (USER, ASSISTANT)


def turn_of(message: ChatMessage) -> Turn:
    """The message as the engine has it."""
    author = Author.USER if message.author == USER else Author.ASSISTANT
    return Turn(author, message.text)


def by_signs(
    messages: Sequence[ChatMessage], stored: Sequence[Turn] = (), session: str = ""
) -> bool | None:
    """Whether the oldest comes first, where that can be seen without reading what was said."""
    if len(messages) < 2:
        return True
    if messages[0].message_type == "CONTEXT" and _asks(messages[-1]):
        return True
    spoken = [message for message in messages if is_spoken(message)]
    if len(spoken) < 2:
        return True
    signs = (
        _by_time(spoken),
        _by_session(spoken, session),
        _by_storage(spoken, stored),
        _by_author(spoken),
        None if any(message.author == ASSISTANT for message in spoken) else _by_leaning(spoken),
    )
    return next((sign for sign in signs if sign is not None), None)


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


def _by_session(spoken: Sequence[ChatMessage], session: str) -> bool | None:
    """The end with the question that the session began with is the oldest."""
    token = _SESSION.fullmatch(session)
    if token is None:
        return None
    first, last = (_mark(message.text) == token[1] for message in (spoken[0], spoken[-1]))
    return None if first == last else first


def _mark(question: str) -> str:
    return hashlib.sha256(" ".join(question.split()).encode()).hexdigest()[:12]


def _by_storage(spoken: Sequence[ChatMessage], stored: Sequence[Turn]) -> bool | None:
    """The end of the list that is not stored yet is the new one."""
    known = {(turn.author, turn.text) for turn in stored}
    ends = (turn_of(spoken[0]), turn_of(spoken[-1]))
    first, last = ((turn.author, turn.text) in known for turn in ends)
    return None if first == last else first


def _by_author(spoken: Sequence[ChatMessage]) -> bool | None:
    """A conversation that is sent along ends with a question."""
    first, last = spoken[0].author, spoken[-1].author
    return None if first == last else last == USER


def _by_leaning(spoken: Sequence[ChatMessage]) -> bool | None:
    """A conversation does not begin with a question that leans on another one."""
    first, last = (_leans(message.text) for message in (spoken[0], spoken[-1]))
    return None if first == last else last


def _leans(question: str) -> bool:
    text = " ".join(question.split())
    return classify(text, time_expressions.read(text, local_time(None).date())) is not Kind.NEW


async def _by_answers(spoken: Sequence[ChatMessage], taken: Taken) -> bool | None:
    """An answer of Stook's own tells its question: its words stand in what that question finds.

    The first and the last answer are looked at, each between the questions on both its sides.
    """
    answers = [place for place, each in enumerate(spoken) if each.author == ASSISTANT]
    leads = [await _lead(spoken, place, taken) for place in {*answers[:1], *answers[-1:]}]
    if any(leads):
        return sum(leads) >= -MARGIN
    return _by_leaning(spoken)


async def _lead(spoken: Sequence[ChatMessage], place: int, taken: Taken) -> float:
    """How much more an answer fits the question before it than the one behind it."""
    answer = spoken[place].text[:LONGEST_ANSWER]
    before = next((each.text for each in spoken[place::-1] if each.author == USER), "")
    after = next((each.text for each in spoken[place:] if each.author == USER), "")
    shares = [await taken(answer, each) if each.strip() else 0.0 for each in (before, after)]
    echoes = [_echo(answer, before, after), _echo(answer, after, before)]
    return shares[0] - shares[1] + ECHO * (echoes[0] - echoes[1])


def _echo(answer: str, question: str, other: str) -> float:
    """Which part of the question's own words the answer repeats."""
    own = content_terms(question) - content_terms(other)
    return len(own & text_terms(answer)) / len(own) if own else 0.0
