"""Lists and tables as answers: which of them is what the question is about.

A table "Germany (Hamburg) 2026" holds holidays, and so does "Company holidays 2026"; what tells
them apart is which words of the question stand above them, and which words stand there that the
question does not say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from stook.answering.base import Source
from stook.answering.extractive import scoring, timing
from stook.answering.extractive.answer_types import Expected
from stook.answering.extractive.scoring import Asked, Candidate
from stook.answering.extractive.units import Form, Structure, Unit
from stook.knowledge.text import dates
from stook.understanding import content
from stook.understanding.content import text_terms

DEPTH = 0.03  # what each heading above a list costs: the general comes before the special
EXACTNESS = 0.35  # what it counts that the words above a list are all in the question
OUTSIDE_PERIOD = 0.5  # what it costs a dated list to have nothing in the period asked for
_WANTS_WHOLE = (Expected.LIST, Expected.STEPS)


@dataclass(frozen=True, slots=True)
class Group:
    """A list or table. ``inside``: its entries in the period asked for, if it is dated.

    ``share`` is the part of the question's weight that stands above the list; ``cosine`` that of
    its best window; ``undated_score`` leaves the time asked for out of account.
    """

    source: Source
    structure: Structure
    units: tuple[Unit, ...]
    inside: tuple[Unit, ...] | None
    share: float
    cosine: float
    undated_score: float
    score: float


def wanted(asking: Asked) -> bool:
    """Whether the question may be answered by a whole list, or by the part in a period."""
    return asking.kind in _WANTS_WHOLE or asking.question.period is not None


def ranked(asking: Asked, candidates: Sequence[Candidate]) -> list[Group]:
    """The lists and tables that the candidates belong to, best first."""
    found = [_group(asking, members) for members in _gathered(candidates)]
    return sorted(found, key=lambda g: (-g.score, g.source.rank, g.units[0].place))


def _gathered(candidates: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    gathered: dict[tuple[int, int], list[Candidate]] = {}
    for candidate in candidates:
        if candidate.unit.form in (Form.ITEM, Form.ROW):
            key = (candidate.source.rank, candidate.unit.group)
            gathered.setdefault(key, []).append(candidate)
    yield from gathered.values()


def _group(asking: Asked, members: list[Candidate]) -> Group:
    best = members[0]
    units = best.structure.group(best.unit)
    inside = _inside(asking, best.source, best.structure, units)
    above = _above(best.structure, units)
    share = sum(weight for term, weight in asking.weights.items() if term in best.around | above)
    exact = _exactness(asking, best.structure, units[0])
    undated = (
        scoring.COVER * share
        + EXACTNESS * exact
        + scoring.COSINE * max(member.cosine for member in members)
        + scoring.PASSAGE * max(member.relevance for member in members)
        + scoring.KIND
        - DEPTH * len(best.unit.heading_path)
    )
    score = undated + _date_score(asking, best, inside)
    cosine = max(member.cosine for member in members)
    return Group(best.source, best.structure, units, inside, share, cosine, undated, score)


def _above(structure: Structure, units: Sequence[Unit]) -> frozenset[str]:
    place = units[0].above
    return frozenset() if place is None else text_terms(structure.raw(structure.units[place]))


def _exactness(asking: Asked, structure: Structure, first: Unit) -> float:
    """The part of the words of the nearest heading and of the table's header that are asked for."""
    header = first.header
    names = [first.heading_path[-1] if first.heading_path else ""]
    names.append(structure.text[header.start : header.end] if header else "")
    words = [content.name_terms(name) - {"date"} for name in names]
    shares = [scoring.exactness(asking, found) for found in words if found]
    return sum(shares) / len(shares) if shares else 0.0


def _inside(
    asking: Asked, source: Source, structure: Structure, units: Sequence[Unit]
) -> tuple[Unit, ...] | None:
    period = asking.question.period
    dated = [unit for unit in units if dates.mentions(structure.raw(unit))]
    if period is None or 2 * len(dated) < len(units):
        return None
    fitting = [u for u in dated if timing.fit(structure, u, source.document, period) > 0]
    if asking.question.times[-1].next_only and fitting:
        days = {unit.place: first_day(asking, source, structure, unit) for unit in fitting}
        fitting = sorted(fitting, key=lambda unit: days[unit.place])[:1]
    return tuple(fitting)


def first_day(asking: Asked, source: Source, structure: Structure, unit: Unit) -> date:
    """The first day in the period that a unit names; the last of all days if none."""
    period = asking.question.period
    document = source.document
    around = timing.context_year(unit.heading_path, document.title, document.external_id)
    named = dates.mentions(structure.raw(unit))
    days = [dates.first_in(mention, period, around) for mention in named] if period else []
    return min((day for day in days if day), default=date.max)


def _date_score(asking: Asked, best: Candidate, inside: tuple[Unit, ...] | None) -> float:
    if asking.question.period is None or inside is None:
        return scoring.DATE * best.date
    if not inside:
        return -OUTSIDE_PERIOD
    days = first_day(asking, best.source, best.structure, inside[0])
    late = (days - asking.question.period.first).days / 366 if _next_only(asking) else 0.0
    return scoring.DATE * (1 - late)


def _next_only(asking: Asked) -> bool:
    return bool(asking.question.times) and asking.question.times[-1].next_only
