"""Questions that people ask every day, by kind, with what a right answer must and must not hold."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from benchmarks.quality.sets import DATA
from stook.evaluation import measures
from stook.evaluation.questions import Earlier, Question
from stook.knowledge.store.documents import document_id

ASKED_ON = date(2026, 11, 21)
EVERYDAY = {"everyday_sample": "handbook", "everyday_sourcegraph": "sourcegraph"}  # set: corpus


@dataclass(frozen=True, slots=True)
class Everyday:
    """A question of a kind. An answer is right if it holds one of ``any_of``, one of each of
    ``all_of``, none of ``never``, and has at most ``most_words`` words."""

    question: Question
    kind: str
    outcome: str
    any_of: tuple[str, ...]
    all_of: tuple[tuple[str, ...], ...]
    never: tuple[str, ...]
    most_words: int

    def is_right(self, text: str, *, refused: bool) -> bool:
        """Tell whether an answer is right by the question's own criteria."""
        if self.outcome != "answered":
            return refused
        return not refused and self.holds(text) and len(text.split()) <= self.most_words

    def holds(self, text: str) -> bool:
        """Tell whether a text has what an answer must have, and nothing that it must not."""
        return (
            measures.holds(text, self.any_of)
            and all(measures.holds(text, one) for one in self.all_of)
            and not any(measures.holds(text, [one]) for one in self.never)
        )


@functools.cache
def everyday(name: str) -> tuple[Everyday, ...]:
    """Return the questions of one of the two files (a key of ``EVERYDAY``)."""
    path = DATA / "everyday" / f"{name.removeprefix('everyday_')}.jsonl"
    corpus = EVERYDAY[name]
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
    return tuple(_everyday(corpus, row) for row in rows)


def _everyday(corpus: str, row: dict[str, Any]) -> Everyday:
    return Everyday(
        question=_question(corpus, row),
        kind=row["kind"],
        outcome=row["outcome"],
        any_of=tuple(row["any"]),
        all_of=tuple(tuple(_list(one)) for one in row["all"]),
        never=tuple(row["never"]),
        most_words=row.get("max_words") or 1_000_000,
    )


def _question(corpus: str, row: dict[str, Any]) -> Question:
    prefix = "content/" if corpus == "sourcegraph" else ""
    paths = [prefix + path for path in _list(row["doc"]) if path]
    said = [text for author, text in row.get("history", ()) if author == "user"]
    return Question(
        id=row["id"],
        question=row["q"],
        history=tuple(Earlier(question=text) for text in said),
        answers=tuple(row["any"]),
        documents={document_id(corpus, path): 1 for path in paths},
        answerable=row["outcome"] == "answered",
        ask_as=None if row["as"] == "open" else row["as"],
        asked_on=ASKED_ON,
    )


def _list(given: str | Sequence[str] | None) -> Sequence[str]:
    return [given] if isinstance(given, str) else given or ()
