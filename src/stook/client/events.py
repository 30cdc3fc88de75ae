"""What a streamed answer is made of, in the order in which it comes."""

from __future__ import annotations

from dataclasses import dataclass

from stook.client.models.chats import ChatResponse, Citation
from stook.client.models.documents import Document


@dataclass(frozen=True)
class Progress:
    """What the server is doing; ``query`` is what it searches for, if it does."""

    text: str
    query: str | None = None


@dataclass(frozen=True)
class Reading:
    """The documents that the answer is sought in."""

    documents: tuple[Document, ...]


@dataclass(frozen=True)
class TextDelta:
    """The next piece of the answer's text."""

    text: str


@dataclass(frozen=True)
class Cited:
    """What the text before it rests on."""

    citation: Citation


@dataclass(frozen=True)
class FollowUps:
    """Questions that could be asked next."""

    prompts: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    """The last event: the whole answer, as ``chat.create`` would have given it."""

    response: ChatResponse


@dataclass(frozen=True)
class Failed:
    """The server failed after it began to answer; AnswerFailed is raised after this event."""

    message: str


StreamEvent = Progress | Reading | TextDelta | Cited | FollowUps | Done | Failed
