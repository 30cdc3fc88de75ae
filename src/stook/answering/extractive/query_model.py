"""The question as the features see it: its terms with weights, its answer type, its quantities."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from stook.answering.base import Brief
from stook.answering.extractive.features.answer_types import AnswerType, answer_type
from stook.answering.extractive.features.ranges import Range, quantities
from stook.knowledge.text.analysis import terms
from stook.knowledge.text.dates import Period
from stook.understanding.content import content_terms
from stook.understanding.names import names
from stook.understanding.question import Question

INHERITED = 0.5  # what a term of an earlier turn weighs against one of the newest question
KIND_WORD = 0.3  # what a term that names the kind of text weighs, where there are others

_TIME_TERMS = frozenset(terms("next upcoming left remaining remain coming date day"))
# Words that name the kind of text that is asked for, and not what it is about.
KIND_TERMS = frozenset(terms("policy rule guideline procedure information detail"))


@dataclass(frozen=True, slots=True)
class QueryModel:
    """A question in the terms of the search.

    ``weights`` are for telling what was found apart, ``masses`` (inverse document frequencies)
    for telling whether anything was found; each sums to 1. ``quantities`` are those it names.
    """

    question: Question
    weights: dict[str, float]
    masses: dict[str, float]
    type: AnswerType
    quantities: tuple[Range, ...] = ()
    names: tuple[str, ...] = ()
    pairs: frozenset[tuple[str, str]] = frozenset()  # terms that follow one another in it

    @property
    def period(self) -> Period | None:
        """The period that is asked for, if the question names one."""
        return self.question.period

    @property
    def wants_next_only(self) -> bool:
        """Whether only the first date to come is asked for."""
        return bool(self.question.times) and self.question.times[-1].next_only

    def weight_in(self, found: frozenset[str]) -> float:
        """The share of the question's weight in some terms (0 to 1)."""
        return sum(weight for term, weight in self.weights.items() if term in found)

    def mass_in(self, found: frozenset[str]) -> float:
        """The share of the question's IDF mass in some terms (0 to 1)."""
        return sum(mass for term, mass in self.masses.items() if term in found)

    def share_asked_for(self, name: frozenset[str]) -> float:
        """The share of a name's terms that the question has; 0 for no terms."""
        return len(name & self.weights.keys()) / len(name) if name else 0.0


def query_model(brief: Brief, found: Iterable[frozenset[str]]) -> QueryModel:
    """Weigh the question's terms by how rare they are in the corpus and in what was found."""
    own = _topic_terms(brief.question, brief.question.own)
    inherited = _topic_terms(brief.question, brief.question.inherited) - own
    share = INHERITED if own else 1.0
    rarity = _Rarity(brief, list(found))
    shares = dict.fromkeys(sorted(own), 1.0) | dict.fromkeys(sorted(inherited), share)
    if not shares.keys() <= KIND_TERMS:
        shares |= {term: KIND_WORD * shares[term] for term in shares.keys() & KIND_TERMS}
    return QueryModel(
        question=brief.question,
        weights=_normalised({term: part * rarity.of(term) for term, part in shares.items()}),
        masses=_normalised({term: part * rarity.idf(term) for term, part in shares.items()}),
        type=answer_type(brief.question.text),
        quantities=quantities(brief.question.text),
        names=names(brief.question.asked),
        pairs=_pairs(brief.question.text, shares.keys()),
    )


def _normalised(weights: dict[str, float]) -> dict[str, float]:
    total = sum(weights.values()) or 1.0
    return {term: weight / total for term, weight in weights.items()}


def _pairs(text: str, wanted: Collection[str]) -> frozenset[tuple[str, str]]:
    return frozenset(itertools.pairwise(term for term in terms(text) if term in wanted))


def _topic_terms(question: Question, text: str) -> frozenset[str]:
    """The content terms of a part of the question; "next" and "left" where they speak of time."""
    found = content_terms(text)
    return found - _TIME_TERMS if question.times else found


class _Rarity:
    """How rare a term is in the corpus, and there and among the units (geometric mean)."""

    def __init__(self, brief: Brief, units: list[frozenset[str]]) -> None:
        self._idf = {known.term: known.idf for known in brief.found.terms}
        self._usual = sum(self._idf.values()) / len(self._idf) if self._idf else 1.0
        self._count = len(units)
        self._frequency = Counter(term for found in units for term in found)

    def idf(self, term: str) -> float:
        return 0.1 + self._idf.get(term, self._usual)

    def of(self, term: str) -> float:
        here = 0.5 + math.log(1 + (self._count + 1) / (self._frequency[term] + 0.5))
        return math.sqrt(here * (0.5 + self._idf.get(term, self._usual)))
