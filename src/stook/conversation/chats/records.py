"""Chats and messages as they are stored, and citations as the JSON that a message keeps."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from stook.answering.base import Noted
from stook.answering.outcome import Outcome
from stook.answering.pieces import Citation, Snippet
from stook.knowledge.store.documents import Document, Span
from stook.understanding.question import Author

FILES = "files"  # among a question's details: the ids of its files
OUTCOME = "outcome"  # among an answer's details: how the question was answered


class Status(enum.StrEnum):
    """How a message came to its end."""

    COMPLETE = "complete"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation of one person; times are microseconds since the epoch, UTC."""

    id: str
    number: int
    user_email: str
    title: str
    application_id: str | None
    created_at: int
    updated_at: int
    pinned: bool = False
    summary: str | None = None  # what its owner wrote of it
    shared: bool = False  # with everyone who is signed in


@dataclass(frozen=True, slots=True)
class Message:
    """A question or an answer of a chat; the two of one turn share ``turn_id``."""

    id: str
    chat_id: str
    position: int
    turn_id: str
    author: Author
    status: Status
    text: str
    citations: tuple[Citation, ...]
    details: dict[str, Any]
    created_at: int
    withheld: bool = False  # the reader may not see what it rests on; ``text`` says so

    @property
    def outcome(self) -> Outcome:
        """How the question was answered; before there were outcomes, only refusals were noted."""
        refused = Outcome.NOTHING if self.details.get("refused") else Outcome.ANSWERED
        return Outcome(self.details.get(OUTCOME, refused))

    @property
    def suggestions(self) -> tuple[str, ...]:
        """The questions that were suggested after an answer."""
        return tuple(self.details.get("suggestions", ()))

    @property
    def attached(self) -> tuple[str, ...]:
        """The ids of the files that came with a question."""
        return tuple(self.details.get(FILES, ()))

    @property
    def noted(self) -> Noted:
        """Who wrote an answer, and what it took."""
        return Noted.from_stored(self.details)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer, to be stored as one write."""

    turn_id: str
    question_id: str
    message_id: str
    question: str
    answer: str
    created_at: int
    status: Status = Status.COMPLETE
    citations: tuple[Citation, ...] = ()
    question_details: Mapping[str, object] = field(default_factory=dict)
    answer_details: Mapping[str, object] = field(default_factory=dict)


def citation_to_json(citation: Citation) -> dict[str, Any]:
    """A citation as plain JSON."""
    return asdict(citation)


def citation_from_json(stored: Mapping[str, Any]) -> Citation:
    """The citation that ``citation_to_json`` wrote."""
    return Citation(
        answer_range=Span(**stored["answer_range"]),
        document=Document(**stored["document"]),
        version=stored["version"],
        snippet=Snippet(stored["snippet"]["text"], Span(**stored["snippet"]["span"])),
        heading_path=tuple(stored["heading_path"]),
        place=stored.get("place", ""),  # older ones have none
    )
