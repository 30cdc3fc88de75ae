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
from stook.knowledge.text.words import words as words_of
from stook.understanding import acts, languages
from stook.understanding.acts import Act
from stook.understanding.content import content_terms
from stook.understanding.names import names
from stook.understanding.question import Question

INHERITED = 0.5  # what a term of an earlier turn weighs against one of the newest question
LONGEST_NAME = 4  # words of what is counted
KIND_WORD = 0.3  # what a term that names the kind of text weighs, where there are others

# What a kind of question calls for, where its words do not say so themselves.
_TYPE_OF_ACT = {
    Act.HOW_TO: AnswerType.STEPS,
    Act.HOW_MANY: AnswerType.NUMBER,
    Act.REASON: AnswerType.REASON,
    Act.WHEN: AnswerType.TIME,
    Act.WHO: AnswerType.PERSON,
    Act.LIST: AnswerType.LIST,
}
_UNTOLD = (AnswerType.OTHER, AnswerType.YES_NO)
_TIME_TERMS = frozenset(terms("next upcoming left remaining remain coming date day"))
# Words that name the kind of text that is asked for, and not what it is about.
KIND_TERMS = frozenset(terms("policy rule guideline procedure information detail"))


@dataclass(frozen=True, slots=True)
class QueryModel:
    """A question in the terms of the search.

    ``weights`` are for telling what was found apart, ``masses`` (inverse document frequencies)
    for telling whether anything was found; each sums to 1. ``quantities`` are those it names,
    ``counted`` the terms of what it asks the number of, ``defined`` of what it asks the meaning of.
    """

    question: Question
    weights: dict[str, float]
    masses: dict[str, float]
    type: AnswerType
    quantities: tuple[Range, ...] = ()
    counted: frozenset[str] = frozenset()
    defined: frozenset[str] = frozenset()
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
        type=_type_of(brief.question),
        quantities=quantities(brief.question.text),
        counted=_counted(brief.question),
        defined=_defined(brief.question),
        names=names(brief.question.asked),
        pairs=_pairs(brief.question.text, shares.keys()),
    )


def _type_of(question: Question) -> AnswerType:
    told = answer_type(question.text)
    if question.act is Act.NEGATION and acts.behind_cue("listing", question.asked):
        return AnswerType.LIST  # "which ones must I not use?"
    return _TYPE_OF_ACT.get(question.act, told) if told in _UNTOLD else told


def _counted(question: Question) -> frozenset[str]:
    """The terms of what is counted: "days" of "how many vacation days do I get"."""
    language = languages.of_text(question.text)
    end = language.function_words | language.prepositions
    words = words_of(acts.behind_cue("how_many", question.text))[:LONGEST_NAME]
    named = list(itertools.takewhile(lambda word: word not in end, words))
    return frozenset(terms(named[-1])) if named else frozenset()


def _defined(question: Question) -> frozenset[str]:
    if question.act is not Act.DEFINITION:
        return frozenset()
    return content_terms(acts.topic_of(question.text, Act.DEFINITION))


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
