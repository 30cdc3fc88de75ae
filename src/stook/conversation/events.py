"""What goes into the engine and what comes out of it. Knows no HTTP and no vendor."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from stook.answering.base import Noted
from stook.answering.outcome import Outcome
from stook.answering.pieces import Citation, Cited, TextDelta
from stook.identity.principals import Principal
from stook.knowledge.store.documents import Document, Filters
from stook.models.prompts import Wish
from stook.understanding.question import Author


class Effort(enum.StrEnum):
    """How a question is gone about."""

    QUICK = "quick"  # one search
    DEEP = "deep"  # taken apart, searched for in several words, documents read whole
    AUTO = "auto"  # deep where its words say that one search will hardly do


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation's past, as a client or the database has it."""

    author: Author
    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question, with everything that its answer depends on.

    ``history`` is oldest first and does not hold the question itself. When ``chat_id`` is given
    the engine adds the stored chat's turns before it. ``now`` is the asker's local time, with
    its offset. ``turn_id`` and ``message_id`` are made up where they are empty.
    """

    principal: Principal
    question: str
    now: datetime
    history: tuple[Turn, ...] = ()
    instructions: str = ""  # how to answer, as the client or application says; never evidence
    passages: tuple[str, ...] = ()  # sent along beside the question, to be answered from
    files: tuple[str, ...] = ()  # documents attached to it, which are asked first
    chat_id: str | None = None
    save: bool = False
    filters: Filters = field(default_factory=Filters)
    locale: str = "en"
    timeout_seconds: float | None = None
    max_characters: int | None = None
    max_sources: int | None = None
    stops: tuple[str, ...] = ()  # the answer ends before the first of these
    uses_documents: bool = True  # else a language model answers by itself
    effort: Effort = Effort.QUICK
    suggest: bool = True
    wish: Wish = field(default_factory=Wish)  # where language models write
    application_id: str | None = None  # the chat application that it is put to
    attached: tuple[str, ...] = ()  # ids of the files that came with it, kept with the message
    told_again: Mapping[str, object] = field(default_factory=dict)  # by its API, with the chat
    turn_id: str = ""
    message_id: str = ""


# --- events, in the order in which an answer brings them -------------------------------------


@dataclass(frozen=True, slots=True)
class Started:
    """The question was accepted; everything that follows belongs to these.

    ``chat_id`` is that of a new chat where none was given; empty where nothing is saved.
    """

    chat_id: str
    turn_id: str
    question_id: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Searching:
    """The engine looks for ``query`` (a follow-up is already rewritten to stand alone)."""

    query: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The documents that the answer will be written from, best first."""

    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Suggested:
    """Follow-up questions that the documents can answer."""

    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole of an answered turn."""

    text: str
    citations: tuple[Citation, ...]
    suggestions: tuple[str, ...]
    outcome: Outcome
    chat_id: str
    chat_number: int
    turn_id: str
    question_id: str
    message_id: str
    created_at: datetime
    milliseconds: int
    timings: dict[str, int]  # milliseconds by step
    noted: Noted = field(default_factory=Noted)  # who wrote, tokens, what is supported

    @property
    def refused(self) -> bool:
        """Whether the documents do not answer the question, whatever comes close to it."""
        return self.outcome is not Outcome.ANSWERED


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event of an answered turn."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Failed:
    """The last event of a turn that could not be answered; ``error`` says why."""

    error: Exception


Event = Started | Searching | Reading | TextDelta | Cited | Suggested | Finished | Failed
