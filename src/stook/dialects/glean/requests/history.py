"""The question and what came before it, out of the messages that a client sends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stook.conversation.events import Turn
from stook.dialects.glean.requests.chat import ChatMessage
from stook.dialects.glean.requests.message_order import USER, Order, is_spoken, turn_of
from stook.errors import InvalidRequest
from stook.understanding.prompt_parts import passages_beside


@dataclass(frozen=True, slots=True)
class Conversation:
    """The question, the turns before it (oldest first), and context.

    ``passages`` are what that context holds to be answered from. ``files`` are ids of uploaded
    files that came with the question, ``earlier_files`` of those that came with what was said
    before.
    """

    question: str
    history: tuple[Turn, ...]
    instructions: str
    passages: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    earlier_files: tuple[str, ...] = ()


def arrange(
    messages: Sequence[ChatMessage],
    stored: Sequence[Turn] = (),
    order: Order = Order.OLDEST_FIRST,
) -> Conversation:
    """Order what the client sent; ``stored`` are the turns of the chat that it continues.

    Messages that are stored already are left out of the history. Raises InvalidRequest where no
    message is a user's.
    """
    ordered = list(reversed(messages) if order is Order.NEWEST_FIRST else messages)
    spoken = [message for message in ordered if is_spoken(message)]
    while spoken and spoken[-1].author != USER:
        spoken.pop()
    if not spoken:
        raise InvalidRequest("messages: at least one message must have the author USER and text.")
    turns = [turn_of(message) for message in spoken[:-1] if message.text.strip()]
    context = [message.text for message in ordered if message.message_type == "CONTEXT"]
    return Conversation(
        question=spoken[-1].text,
        history=tuple(turn for turn in turns if turn not in stored),
        instructions="\n\n".join(text for text in context if text.strip()),
        passages=tuple(each for text in context for each in passages_beside(text, whole=True)),
        files=tuple(spoken[-1].uploaded_file_ids),
        earlier_files=tuple(file for each in spoken[:-1] for file in each.uploaded_file_ids),
    )
