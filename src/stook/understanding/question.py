"""A question, and the conversation that it was asked in."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from stook.knowledge.retrieval.query import ContextQuery
from stook.knowledge.text.dates import Period
from stook.understanding.acts import Act
from stook.understanding.time_expressions import TimeExpression


class Author(enum.StrEnum):
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier message; ``subject`` is the title of the document that an answer cites first."""

    author: Author
    text: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that stands alone.

    ``asked`` is the newest question as it was put; ``text`` is what to search for. ``own`` are
    the words asked now and ``inherited`` those from earlier turns, both without times.
    """

    asked: str
    text: str
    own: str
    inherited: str = ""
    times: tuple[TimeExpression, ...] = ()
    frame: str = ""
    slot: str = ""
    topic: str = ""  # what the last question that stood alone was about
    year: int | None = None  # the year that the conversation is about
    context_queries: tuple[ContextQuery, ...] = ()  # what to search for besides, with less weight
    act: Act = Act.FACT  # what kind of question it is
    said: str = ""  # the last answer, where it was asked for more, less or a reason of it

    @property
    def period(self) -> Period | None:
        """The period asked for, if the question names one."""
        return self.times[-1].period if self.times else None
