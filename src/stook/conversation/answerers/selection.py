"""Chooses from scored units those that make the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from stook.conversation import dates
from stook.conversation.answerers import timing
from stook.conversation.answerers.compose import Chosen
from stook.conversation.answerers.expectation import Expected
from stook.conversation.answerers.scoring import Asked, Candidate, text_terms
from stook.conversation.answerers.structure import Form, Structure, Unit
from stook.conversation.dates import Period

MOST_UNITS = 3  # sentences in an answer that is no list
MOST_LISTED = 60  # items or rows
NEAR_BEST = 0.8  # a further sentence must score so much of the best one's score
ALIKE = 0.8  # shared part of the words from which on two units say the same

_NEEDS_BEFORE = re.compile(
    r"^[\W_]*(?:it|they|this|that|these|those|he|she|however|therefore|then|also|otherwise|such"
    r"|in that case|for example|if so|if not|instead|both|the (?:former|latter))\b",
    re.IGNORECASE,
)
_WANTS_WHOLE = (Expected.LIST, Expected.STEPS)


def select(
    asking: Asked, candidates: Sequence[Candidate], today: date, max_sources: int | None = None
) -> list[Chosen]:
    """The units of the answer, the most important first; empty when there is no candidate."""
    if not candidates:
        return []
    best = candidates[0]
    listed = _listed(asking, best)
    if listed:
        chosen = _in_period(asking, listed, today)
        return chosen or [_chosen(best)]
    return list(_sentences(candidates, max_sources))


# --- lists and tables --------------------------------------------------------------------------


def _listed(asking: Asked, best: Candidate) -> list[Chosen]:
    """The list or table that answers, with the sentence that leads in to it; else nothing."""
    led = best.structure.led_by(best.unit)
    if led:
        return _as_list(best, (best.unit, *led))
    if best.unit.form not in (Form.ITEM, Form.ROW) or not _asks_for_whole(asking, best):
        return []
    group = best.structure.group(best.unit)
    lead = group[0].lead
    before = () if lead is None else (best.structure.units[lead],)
    return _as_list(best, (*before, *group))


def _asks_for_whole(asking: Asked, best: Candidate) -> bool:
    """Whether the question is about what the list is about, rather than about this item."""
    wanted = asking.kind in _WANTS_WHOLE or asking.question.period is not None
    only_here = sum(
        weight
        for term, weight in asking.weights.items()
        if term in best.own and term not in best.around
    )
    above = sum(weight for term, weight in asking.weights.items() if term in best.around)
    return wanted and above > 0 and above >= only_here


def _as_list(best: Candidate, units: Sequence[Unit]) -> list[Chosen]:
    kept = units[:MOST_LISTED]
    return [Chosen(best.source, best.structure, unit, unit.form is Form.ITEM) for unit in kept]


def _in_period(asking: Asked, listed: list[Chosen], today: date) -> list[Chosen]:
    """Of a dated list only what lies in the period asked for."""
    period = asking.question.period
    if period is None:
        return listed
    dated = [item for item in listed if _is_dated(item)]
    if not dated:
        return listed
    inside = [item for item in dated if _fits(item, period)]
    if asking.question.times[-1].next_only:
        inside = _earliest(inside, period)
    whole = len(inside) == len(dated)
    return [item for item in listed if item in inside or (whole and item not in dated)]


def _is_dated(item: Chosen) -> bool:
    listed = item.unit.form in (Form.ITEM, Form.ROW)
    return listed and bool(dates.mentions(item.structure.raw(item.unit)))


def _fits(item: Chosen, period: Period) -> bool:
    return timing.fit(item.structure, item.unit, item.source.document, period) > 0


def _earliest(inside: list[Chosen], period: Period) -> list[Chosen]:
    def first_day(item: Chosen) -> date:
        document = item.source.document
        around = timing.context_year(item.unit.heading_path, document.title, document.external_id)
        named = dates.mentions(item.structure.raw(item.unit))
        days = [dates.first_in(mention, period, around) for mention in named]
        return min((day for day in days if day), default=date.max)

    return sorted(inside, key=first_day)[:1]


# --- sentences ---------------------------------------------------------------------------------


def _sentences(candidates: Sequence[Candidate], max_sources: int | None) -> Iterator[Chosen]:
    best = candidates[0]
    taken: list[Candidate] = []
    for candidate in candidates:
        if candidate.score < NEAR_BEST * best.score or len(taken) == MOST_UNITS:
            break
        if _repeats(candidate, taken) or _too_many(candidate, taken, max_sources):
            continue
        taken.append(candidate)
    units = {(item.source.rank, item.unit.place): _chosen(item) for item in taken}
    for item in taken:
        for unit in _needed_before(item.structure, item.unit):
            units.setdefault(
                (item.source.rank, unit.place), Chosen(item.source, item.structure, unit)
            )
    yield from units.values()


def _chosen(candidate: Candidate) -> Chosen:
    return Chosen(candidate.source, candidate.structure, candidate.unit)


def _needed_before(structure: Structure, unit: Unit) -> Iterator[Unit]:
    """What a unit cannot be understood without: the sentence before "It …", a short item's lead."""
    raw = structure.raw(unit)
    if unit.form is Form.ITEM and unit.lead is not None and len(raw.split()) < 8:
        yield structure.units[unit.lead]
    if unit.form is Form.SENTENCE and unit.place and _NEEDS_BEFORE.match(raw):
        before = structure.units[unit.place - 1]
        if before.group == unit.group:
            yield before


def _repeats(candidate: Candidate, taken: Sequence[Candidate]) -> bool:
    return any(alike(candidate.raw, other.raw) for other in taken)


def alike(one: str, other: str) -> bool:
    """Whether two texts say the same: nearly all words of the shorter are in the other."""
    first, second = text_terms(one), text_terms(other)
    shorter = min(len(first), len(second))
    return shorter > 0 and len(first & second) / shorter >= ALIKE


def _too_many(candidate: Candidate, taken: Sequence[Candidate], max_sources: int | None) -> bool:
    documents = {item.source.rank for item in taken} | {candidate.source.rank}
    return max_sources is not None and len(documents) > max_sources
