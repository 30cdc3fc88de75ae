"""Passages that hold the exact phrases and identifiers of a question, which are raised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stook.knowledge.index.protocol import IndexHit, PassageKey
from stook.knowledge.retrieval import fusion
from stook.knowledge.retrieval.exact_phrases import ExactPhrase, weight_held
from stook.knowledge.retrieval.fusion import Signal
from stook.knowledge.store.documents import FoundPassage


@dataclass(frozen=True, slots=True)
class ExactMatches:
    """The passages found: ``shares`` is the part of the ``weight`` asked for that each holds."""

    hits: tuple[IndexHit, ...] = ()
    shares: Mapping[PassageKey, float] = field(default_factory=dict)
    weight: float = 0.0

    def added_to(self, hits: Sequence[IndexHit]) -> list[IndexHit]:
        """The hits, and the exact matches that are not among them."""
        known = {hit.key for hit in hits}
        return [*hits, *(hit for hit in self.hits if hit.key not in known)]

    def signals(self, hits: Sequence[IndexHit], others: float) -> list[Signal]:
        """The signal that raises them; ``others`` is what all other signals weigh together."""
        if not self.shares:
            return []
        return [fusion.exact_match(hits, self.shares, self.weight * others)]


def exact_matches(
    found: Sequence[FoundPassage], hits: Sequence[IndexHit], phrases: Sequence[ExactPhrase]
) -> ExactMatches:
    """How much the passages found in the hits hold; ``found`` is what the asker may see."""
    weight = sum(phrase.weight for phrase in phrases)
    shares = {
        PassageKey(one.document.id, one.version, one.ordinal): weight_held(_words(one), phrases)
        / weight
        for one in found
    }
    shares = {key: share for key, share in shares.items() if share}
    return ExactMatches(tuple(hit for hit in hits if hit.key in shares), shares, weight)


def _words(passage: FoundPassage) -> str:
    return "\n".join((passage.document.title, *passage.heading_path, passage.text))
