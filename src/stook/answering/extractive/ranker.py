"""Ranks candidates: weights times features, one sum for sentences, rows, items and lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stook.answering.base import Source
from stook.answering.extractive.candidates import Candidate, Candidates, WholeList
from stook.answering.extractive.query_model import QueryModel
from stook.answering.extractive.weights import OWN_EVIDENCE, TIME, WEIGHTS, Weighted, weighed
from stook.knowledge.store.documents import FoundPassage
from stook.knowledge.text.units import Structure, Unit


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its score, higher is better.

    ``evidence`` is the part of the score from its own words and window; ``timeless`` leaves the
    time asked for out of account.
    """

    candidate: Candidate
    score: float
    evidence: float
    timeless: float

    @property
    def source(self) -> Source:
        return self.candidate.source

    @property
    def structure(self) -> Structure:
        return self.candidate.structure

    @property
    def unit(self) -> Unit:
        return self.candidate.unit

    @property
    def passage(self) -> FoundPassage:
        return self.candidate.passage

    @property
    def raw(self) -> str:
        return self.candidate.raw

    @property
    def whole_list(self) -> WholeList | None:
        return self.candidate.whole_list

    def feature(self, name: str) -> float:
        """Return the value of a feature; 0 where the candidate's kind does not have it."""
        return self.candidate.features.get(name, 0.0)


@dataclass(frozen=True, slots=True)
class Ranked:
    """The candidates, best first: the units, and the lists among each other."""

    query: QueryModel
    units: tuple[Scored, ...]
    lists: tuple[Scored, ...]


def rank(found: Candidates, weights: Weighted = WEIGHTS.ranking) -> Ranked:
    """Sort by score; of equals, the one of the better document and the earlier place."""
    return Ranked(found.query, _sorted(found.units, weights), _sorted(found.lists, weights))


def _sorted(found: Iterable[Candidate], weights: Weighted) -> tuple[Scored, ...]:
    scored = [_scored(one, weights) for one in found]
    return tuple(sorted(scored, key=lambda one: (-one.score, one.source.rank, one.unit.place)))


def _scored(candidate: Candidate, weights: Weighted) -> Scored:
    features = candidate.features
    score = weighed(features, weights)
    timeless = score - weighed(features, weights, TIME)
    return Scored(candidate, score, weighed(features, weights, OWN_EVIDENCE), timeless)
