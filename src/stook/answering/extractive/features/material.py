"""What features look at: a unit with its surroundings, and a list with its members."""

from __future__ import annotations

from dataclasses import dataclass

from stook.answering.base import Source
from stook.answering.extractive.features.yearly_versions import YearlyVersions
from stook.knowledge.store.documents import FoundPassage
from stook.knowledge.text.units import Structure, Unit

LOOKED_AT = 2000  # characters of a unit; hardly any is longer


@dataclass(frozen=True, slots=True)
class UnitMaterial:
    """A unit where it stands.

    ``own`` are its terms, ``around`` those of what stands above it: title, headings, lead-in,
    table header. ``raw`` is its text, at most ``LOOKED_AT`` characters of it. ``cosine`` is that
    of the question and the window that it stands in, at least 0; ``relevance`` the passage's
    score against the best passage's (0 to 1).
    """

    source: Source
    structure: Structure
    unit: Unit
    passage: FoundPassage
    raw: str
    own: frozenset[str]
    around: frozenset[str]
    cosine: float
    relevance: float
    versions: YearlyVersions


@dataclass(frozen=True, slots=True)
class ListMaterial:
    """A whole list or table: its units, and those of them that were found.

    ``above`` are the terms of what stands above it, with the sentence right above. ``in_period``
    are its entries in the period asked for, None where it is not dated or no period is asked for.
    """

    first: UnitMaterial
    members: tuple[UnitMaterial, ...]
    units: tuple[Unit, ...]
    above: frozenset[str]
    in_period: tuple[Unit, ...] | None
