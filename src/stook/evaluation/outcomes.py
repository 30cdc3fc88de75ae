"""What came of each question, as it is kept in the JSON file of a run."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

Measures = dict[str, float]


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True)


class Hit(_Kept):
    """A document found; ``name`` is what the question calls it if it is relevant, else its id."""

    name: str
    title: str
    url: str
    score: float


class CitedPassage(_Kept):
    """A citation, judged. ``right``: the document is relevant and the passage that the snippet
    lies in holds an expected answer, as far as the question says; None where it says nothing."""

    name: str
    title: str
    url: str
    snippet: str
    end: int  # where its range of the answer ends, in code points
    verbatim: bool
    right: bool | None


class Answered(_Kept):
    """An answer, judged. ``right`` and ``f1`` are None where nothing is expected of it.

    ``statements`` are those that a language model made, of which ``supported`` are by a passage.
    """

    text: str
    refused: bool
    right: bool | None
    f1: float | None
    citations: tuple[CitedPassage, ...]
    statements: int = 0
    supported: int = 0
    milliseconds: float
    cpu_milliseconds: float


class QuestionResult(_Kept):
    """One question. ``searched`` is the question made to stand alone; ``retrieval`` is empty
    where no relevant document is known, and ``answer`` None where answers were not asked for.
    ``error`` says why a question could not be answered."""

    id: str
    question: str
    answerable: bool | None
    searched: str = ""
    relevant: dict[str, int] = Field(default_factory=dict)
    ranking: tuple[Hit, ...] = ()
    retrieval: Measures = Field(default_factory=dict)
    search_milliseconds: float = 0.0
    search_cpu_milliseconds: float = 0.0
    answer: Answered | None = None
    error: str = ""


class Run(_Kept):
    """A whole evaluation. ``summary`` has a section for each kind of measure."""

    name: str
    version: str
    started: datetime
    retrieval: str
    model: str
    summary: dict[str, dict[str, float | None]]
    outcomes: tuple[QuestionResult, ...]
