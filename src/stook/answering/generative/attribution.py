"""Checks what a language model says against the passages that it was given.

A statement is supported by a passage when its numbers and names stand there, and either most of
its words do or, with fewer shared words, its vector lies near that of a window of the passage.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import numpy as np

from stook.answering.base import Brief
from stook.answering.extractive.candidates import candidates
from stook.answering.extractive.ranker import rank
from stook.answering.generative.context import Evidence
from stook.answering.generative.statements import Statement
from stook.answering.pieces import Citation, Snippet
from stook.knowledge.index.protocol import Vectors
from stook.knowledge.store.documents import Span
from stook.knowledge.text.numbers import numbers
from stook.knowledge.text.units import Unit
from stook.understanding.content import content_terms, text_terms

# Measured by `python benchmarks/fit_grounding.py`.
WORDS = 0.7  # share of a statement's words that stand in a passage which supports it …
FEWER_WORDS = 0.45  # … or this share, if its vector is …
CLOSE = 0.6  # … so near (cosine) to that of a window
SHORT = 2  # words of content; a statement this short must rest on a sentence that scores …
RELEVANT = 0.6  # … so much of the best sentence's score for the question

Embed = Callable[[Sequence[str]], Awaitable[Vectors]]

_LIST_MARK = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+")
_NAME = re.compile(r"(?<!^)(?<![.!?:;•*\-]\s)(?<![\"“„(])\b[A-Z][\w’'-]+")
_CAPITALISED = 0.35  # a share of capitals from which on they do not tell names (as in German)
_RULE = re.compile(r"^[\s|:+\-=*_#]*$")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found out about a statement.

    ``says_nothing``: it only leads in to others, in words of the question or the passages.
    """

    supported: bool
    says_nothing: bool = False
    evidence: Evidence | None = None
    unit: Unit | None = None

    def citation(self, answer_range: Span) -> Citation | None:
        """Where the statement rests, if it is supported."""
        if self.evidence is None or self.unit is None:
            return None
        source, span = self.evidence.source, self.unit.span
        return Citation(
            answer_range=answer_range,
            document=source.document,
            version=source.version,
            snippet=Snippet(source.text[span.start : span.end], span),
            heading_path=self.unit.heading_path,
            place=source.place_of(span),
        )


class Grounding:
    """The passages of one answer, ready to be compared with."""

    def __init__(self, brief: Brief, passages: Sequence[Evidence], embed: Embed) -> None:
        self._brief = brief
        self._passages = passages
        self._embed = embed
        self._terms = {item.number: text_terms(item.words) for item in passages}
        self._numbers = {item.number: numbers(item.words) for item in passages}
        asked = f"{brief.question.text} {brief.question.asked}"
        self._asked = text_terms(asked)
        self._asked_numbers = numbers(asked) | {str(brief.today.year)}
        self._scores = _relative_scores(brief)
        self._all_terms = frozenset[str]().union(*self._terms.values())

    async def check(self, statement: Statement) -> Verdict:
        """Compare with the passages that the statement names, and then with the others."""
        text = _LIST_MARK.sub("", statement.text)
        if self._says_nothing(text):
            return Verdict(True, says_nothing=True)
        able = [item for item in self._passages if self._holds_facts(item, text)]
        if not able or not self._knows_names(text):
            return Verdict(False)
        claimed = [item for item in able if item.number in statement.claimed]
        others = [item for item in able if item.number not in statement.claimed]
        vector = (await self._embed([text]))[0]
        for group in (claimed, others):
            best = max(group, key=lambda item: self._support(item, text, vector), default=None)
            if best is not None and self._support(best, text, vector) >= 1:
                unit = self._unit(best, text)
                if self._is_relevant(best, unit, text):
                    return Verdict(True, evidence=best, unit=unit)
        return Verdict(False)

    def _is_relevant(self, item: Evidence, unit: Unit, text: str) -> bool:
        """Whether words so few that any passage has them come from one that answers."""
        if len(content_terms(text)) > SHORT:
            return True
        return self._scores.get((item.source.rank, unit.place), 0.0) >= RELEVANT

    def _says_nothing(self, text: str) -> bool:
        if _RULE.match(text):
            return True
        leads_in = text.rstrip("*_ ").endswith(":") or text.startswith("#")
        known = self._asked | self._all_terms
        return leads_in and content_terms(text) <= known and numbers(text) <= self._all_numbers()

    def _all_numbers(self) -> set[str]:
        return self._asked_numbers.union(*self._numbers.values())

    def _holds_facts(self, item: Evidence, text: str) -> bool:
        return numbers(text) <= self._numbers[item.number] | self._asked_numbers

    def _knows_names(self, text: str) -> bool:
        words = re.findall(r"\b[^\W\d_]\w*", text)
        names = _NAME.findall(text)
        if len(names) > _CAPITALISED * len(words) and len(words) > 6:
            return True
        known = self._all_terms | self._asked
        return all(text_terms(name) <= known for name in names)

    def _support(self, item: Evidence, text: str, vector: Vectors) -> float:
        """At least 1 where the passage supports the text."""
        words = content_terms(text) or text_terms(text)
        held = self._terms[item.number]
        share = len(words & held) / len(words) if words else 0.0
        if words <= self._asked:  # the question, said back
            share = min(share, FEWER_WORDS)
        near = self._cosine(item, vector) / CLOSE
        return max(share / WORDS, min(share / FEWER_WORDS, near))

    def _cosine(self, item: Evidence, vector: Vectors) -> float:
        passage = item.passage
        windows = self._brief.vectors.get((passage.document.id, passage.ordinal))
        return float(np.max(windows @ vector)) if windows is not None and len(windows) else 0.0

    def _unit(self, item: Evidence, text: str) -> Unit:
        """The sentence, item or row of the passage that shares most with the text."""
        words, figures = content_terms(text) or text_terms(text), numbers(text)

        def fits(unit: Unit) -> tuple[float, float, int]:
            raw = item.structure.raw(unit)
            held = text_terms(raw)
            shared = len(words & held) + 2 * len(figures & numbers(raw))
            return shared, shared / (len(held) or 1), -unit.place

        return max(item.units, key=fits)


def _relative_scores(brief: Brief) -> dict[tuple[int, int], float]:
    """The score of each sentence for the question, against the best one's."""
    units = rank(candidates(brief)).units
    best = max((item.score for item in units), default=0.0) or 1.0
    return {(item.source.rank, item.unit.place): item.score / best for item in units}
