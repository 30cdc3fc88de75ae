"""Passages that hold what a question asks for to the letter, which are raised in the ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from stook.knowledge.index.protocol import IndexHit, PassageKey
from stook.knowledge.retrieval.exact_phrases import Literal, weight_held
from stook.knowledge.retrieval.fusion import ScoredKey
from stook.knowledge.store.documents import FoundPassage


@dataclass(frozen=True, slots=True)
class Holders:
    """Those that were found: ``held`` is what the literals weigh that each holds, of ``asked``."""

    hits: tuple[IndexHit, ...] = ()
    held: Mapping[PassageKey, float] = field(default_factory=dict)
    asked: float = 0.0

    def among(self, hits: Sequence[IndexHit]) -> list[IndexHit]:
        """The hits, and the holders that are not among them."""
        known = {hit.key for hit in hits}
        return [*hits, *(hit for hit in self.hits if hit.key not in known)]

    def raised(self, ranked: Sequence[ScoredKey]) -> list[ScoredKey]:
        """The ranking with the weight of what each holds added; scores stay between 0 and 1."""
        if not self.held:
            return list(ranked)
        scored = [
            replace(one, score=(self.held.get(one.key, 0.0) + one.score) / (self.asked + 1))
            for one in ranked
        ]
        return sorted(scored, key=lambda one: -one.score)


def holders(
    found: Sequence[FoundPassage], hits: Sequence[IndexHit], literals: Sequence[Literal]
) -> Holders:
    """How much the passages found in the hits hold; ``found`` is what the asker may see."""
    held = {
        PassageKey(one.document.id, one.version, one.ordinal): weight_held(_words(one), literals)
        for one in found
    }
    held = {key: weight for key, weight in held.items() if weight}
    asked = sum(literal.weight for literal in literals)
    return Holders(tuple(hit for hit in hits if hit.key in held), held, asked)


def _words(passage: FoundPassage) -> str:
    return "\n".join((passage.document.title, *passage.heading_path, passage.text))
