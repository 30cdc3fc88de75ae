"""Chooses from scored units those that make the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stook.answering.extractive import lists as groups
from stook.answering.extractive import timing
from stook.answering.extractive.answer_types import Expected
from stook.answering.extractive.compose import Chosen
from stook.answering.extractive.lists import Group
from stook.answering.extractive.scoring import Asked, Candidate
from stook.answering.extractive.units import Form, Structure, Unit
from stook.knowledge.text import dates
from stook.knowledge.text.numbers import numbers
from stook.understanding.content import text_terms

MOST_UNITS = 3  # sentences in an answer that is no list
MOST_LISTED = 60  # items or rows
NEAR_BEST = 0.85  # so near to the best score must come what may stand in its place
# A further sentence must have so much of the best one's score and evidence: if it stands in the
# same paragraph, elsewhere in the same passage, in another passage. Measured on xquad and the
# handbook: 96 % of the citations are right with these, 94 % with .7, .85 and .85.
NEXT_TO_BEST, SAME_PASSAGE, OTHER_PASSAGE = 0.6, 0.85, 0.9
LIKE_BEST = 0.97  # … or so much if it stands in the same list or table
PASSAGE_NEAR_BEST = 0.85  # … and so much of the best passage's relevance
LOOKED_AT = 30  # candidates that may say the same as the best
CLOSE = 0.55  # cosine from which on a list is about the question, whatever its words
SHORT_LIST = 600  # characters; of a list this short an item is given with the others
SHORT_STEPS = 1500  # … and a step with the other steps
ALIKE = 0.8  # shared part of the words from which on two units say the same
SAME_MATTER = 0.4  # … and from which on one may supersede the other
LIST_SHARE = 0.5  # of the question's weight that must stand above a list for it to be the answer
LIST_BEHIND = 0.1  # how far a list may score behind the best sentence
SHORT_ITEM = 8  # words; a shorter item is not understood without its lead-in
# How near to the best sentence one must score that has what was asked for, and it has not.
_NEAR = {Expected.REASON: 0.7, Expected.AMOUNT: 0.85}
_NOT = re.compile(r"\b(?:not|no|never|none|cannot)\b|n['’]t\b", re.IGNORECASE)
_NEEDS_BEFORE = re.compile(
    r"^[\W_]*(?:it|they|this|that|these|those|he|she|however|therefore|then|also|otherwise|such"
    r"|in that case|for example|if so|if not|instead|both|the (?:former|latter))\b",
    re.IGNORECASE,
)


def select(
    asking: Asked, candidates: Sequence[Candidate], max_sources: int | None = None
) -> list[Chosen]:
    """The units of the answer; empty when none fits the time asked for."""
    if not candidates:
        return []
    if groups.wanted(asking):
        ranked = groups.ranked(asking, candidates)
        if _nothing_then(asking, ranked, candidates):
            return []
        if ranked and _is_answer(asking, ranked[0], candidates):
            return _whole(asking, ranked[0])
    usable = [item for item in candidates if _usable(asking, item)]
    return _sentences(asking, usable, max_sources)


# --- lists and tables --------------------------------------------------------------------------


def _nothing_then(asking: Asked, ranked: Sequence[Group], candidates: Sequence[Candidate]) -> bool:
    """Whether the list that the question is about is dated and ends before, or begins after."""
    about = max(ranked, key=lambda group: (group.undated_score, -group.source.rank), default=None)
    return (
        about is not None
        and about.inside == ()
        and about.share >= LIST_SHARE
        and all(candidate.date <= 0 for candidate in candidates[:MOST_UNITS])
    )


def _is_answer(asking: Asked, group: Group, candidates: Sequence[Candidate]) -> bool:
    if group.inside == () or (group.share < LIST_SHARE and group.cosine < CLOSE):
        return False
    members = {unit.place for unit in group.units}
    rivals = [
        item
        for item in candidates
        if not item.structure.leads_in(item.unit)
        and not (item.source is group.source and item.unit.place in members)
    ]
    # A row that holds words of the question which the list's heading lacks is the answer itself.
    own = [i for i in candidates if i.source is group.source and i.unit.place in members]
    singled_out = max((_only_here(asking, item) for item in own), default=0.0)
    best_rival = max((item.score for item in rivals[:1]), default=0.0)
    return singled_out < LIST_SHARE and group.score >= best_rival - LIST_BEHIND


def _only_here(asking: Asked, item: Candidate) -> float:
    return sum(
        weight
        for term, weight in asking.weights.items()
        if term in item.own and term not in item.around
    )


def _whole(asking: Asked, group: Group) -> list[Chosen]:
    """The list with the sentence above it, or its entries in the period asked for."""
    complete = group.inside is None or len(group.inside) == len(group.units)
    entries = group.units if group.inside is None else group.inside
    above = _sentence_above(asking, group) if complete else None
    units = ([above] if above else []) + list(entries[:MOST_LISTED])
    return [Chosen(group.source, group.structure, unit, unit.form is Form.ITEM) for unit in units]


def _sentence_above(asking: Asked, group: Group) -> Unit | None:
    first = group.units[0]
    if first.lead is not None:
        return group.structure.units[first.lead]
    if first.above is None:
        return None
    above = group.structure.units[first.above]
    held = text_terms(group.structure.raw(above))
    share = sum(weight for term, weight in asking.weights.items() if term in held)
    return above if share >= LIST_SHARE else None


def _led_list(asking: Asked, best: Candidate) -> list[Chosen]:
    """A sentence that leads in to a list, with that list."""
    led = best.structure.led_by(best.unit)
    entries = [unit for unit in led if _in_period(asking, best, unit)]
    return [
        Chosen(best.source, best.structure, unit, unit.form is Form.ITEM)
        for unit in (best.unit, *entries[:MOST_LISTED])
    ]


def _in_period(asking: Asked, best: Candidate, unit: Unit) -> bool:
    period = asking.question.period
    return period is None or timing.fit(best.structure, unit, best.source.document, period) >= 0


# --- sentences ---------------------------------------------------------------------------------


def _usable(asking: Asked, item: Candidate) -> bool:
    """Not of another time; nor a lead-in to a list that has nothing of the time asked for."""
    if asking.question.period is None:
        return True
    if item.date < 0:
        return False
    led = item.structure.led_by(item.unit)
    dated = [unit for unit in led if dates.mentions(item.structure.raw(unit))]
    return not dated or any(_in_period(asking, item, unit) for unit in dated)


def _sentences(
    asking: Asked, candidates: Sequence[Candidate], max_sources: int | None
) -> list[Chosen]:
    if not candidates:
        return []
    best = _best(asking, candidates)
    candidates = [best, *(item for item in candidates if item is not best)]
    if best.structure.leads_in(best.unit):
        return _led_list(asking, best)
    taken = [best]
    for candidate in candidates[1:]:
        if len(taken) == MOST_UNITS:
            break
        if _adds(candidate, taken, max_sources):
            taken.append(candidate)
    return list(_completed(_newest_first(taken)))


def _best(asking: Asked, candidates: Sequence[Candidate]) -> Candidate:
    """The best candidate; where a reason or an amount is asked for, the best near it with one.

    Of those that say the same, the newest.
    """
    best = candidates[0]
    near = _NEAR.get(asking.kind)
    if near is not None and not best.satisfied:
        fitting = (item for item in candidates if item.satisfied)
        best = next((item for item in fitting if item.score >= near * best.score), best)
    return _newest(best, candidates)


def _newest(best: Candidate, candidates: Sequence[Candidate]) -> Candidate:
    """Of the units that say nearly the same as the best, that of the newest document."""
    rivals = [
        item
        for item in candidates[:LOOKED_AT]
        if item.score >= NEAR_BEST * best.score and alike(item.raw, best.raw)
    ]
    return max([best, *rivals], key=_updated_at)


def _newest_first(taken: Sequence[Candidate]) -> list[Candidate]:
    """Those that speak of the same matter as the best and are newer come before it, newest first.

    So a policy and the one that it superseded are both shown, the valid one first.
    """
    best = taken[0]
    newer = [
        item
        for item in taken[1:]
        if _updated_at(item) > _updated_at(best) > 0
        and shared_words(item.raw, best.raw) >= SAME_MATTER
    ]
    ordered = sorted(newer, key=_updated_at, reverse=True)
    return [*ordered, *(item for item in taken if item not in newer)]


def _updated_at(item: Candidate) -> int:
    return item.source.document.updated_at or 0


def _belongs_in_its_list(item: Candidate) -> bool:
    """Whether the unit is a step, or hardly a sentence, of a list that is soon read."""
    unit = item.unit
    if unit.form is not Form.ITEM:
        return False
    group = item.structure.group(unit)
    length = group[-1].span.end - group[0].span.start
    if unit.ordered:
        return length <= SHORT_STEPS
    brief = unit.lead is not None and len(item.raw.split()) <= SHORT_ITEM + 4
    return brief and length <= SHORT_LIST


def _with_its_list(item: Candidate) -> Iterator[Chosen]:
    group = item.structure.group(item.unit)
    lead = group[0].lead
    units = group if lead is None else (item.structure.units[lead], *group)
    for unit in units:
        yield Chosen(item.source, item.structure, unit, unit.form is Form.ITEM)


def _adds(candidate: Candidate, taken: Sequence[Candidate], max_sources: int | None) -> bool:
    best = taken[0]
    if not _supports(candidate, best):
        return False
    documents = {item.source.rank for item in taken} | {candidate.source.rank}
    if max_sources is not None and len(documents) > max_sources:
        return False
    if candidate.structure.leads_in(candidate.unit):
        return False
    return not any(
        alike(candidate.raw, other.raw) and not _contradicts(candidate, other) for other in taken
    )


def _supports(candidate: Candidate, best: Candidate) -> bool:
    """Whether a unit is near enough to the best one to be given with it."""
    needed = _needed(candidate, best)
    near = candidate.passage is best.passage or candidate.relevance >= (
        PASSAGE_NEAR_BEST * best.relevance
    )
    return (
        near
        and candidate.evidence >= needed * best.evidence
        and candidate.score >= needed * best.score
    )


def _needed(candidate: Candidate, best: Candidate) -> float:
    if candidate.source is best.source and candidate.unit.group == best.unit.group:
        listed = candidate.unit.form in (Form.ITEM, Form.ROW)
        return LIKE_BEST if listed else NEXT_TO_BEST
    return SAME_PASSAGE if candidate.passage is best.passage else OTHER_PASSAGE


def _contradicts(one: Candidate, other: Candidate) -> bool:
    """Whether two documents that say nearly the same differ in a number or in a "not"."""
    if one.source is other.source:
        return False
    first, second = numbers(one.raw), numbers(other.raw)
    denied = [bool(_NOT.search(item.raw)) for item in (one, other)]
    return bool(first - second and second - first) or denied[0] != denied[1]


def alike(one: str, other: str) -> bool:
    """Whether two texts say the same: nearly all words of the shorter are in the other."""
    return shared_words(one, other) >= ALIKE


def shared_words(one: str, other: str) -> float:
    """The part of the shorter text's words that the other has, too."""
    first, second = text_terms(one), text_terms(other)
    shorter = min(len(first), len(second))
    return len(first & second) / shorter if shorter else 0.0


def _completed(taken: Sequence[Candidate]) -> Iterator[Chosen]:
    """What was taken, with the units that it cannot be understood without."""
    units: dict[tuple[int, int], Chosen] = {}
    for item in taken:
        for chosen in _complete(item):
            key = (item.source.rank, chosen.unit.place)
            if chosen.listed or key not in units:
                units[key] = chosen
    yield from units.values()


def _complete(item: Candidate) -> Iterator[Chosen]:
    if _belongs_in_its_list(item):
        yield from _with_its_list(item)
        return
    for unit in (item.unit, *_needed_before(item.structure, item.unit)):
        yield Chosen(item.source, item.structure, unit)


def _needed_before(structure: Structure, unit: Unit) -> Iterator[Unit]:
    raw = structure.raw(unit)
    if unit.form is Form.ITEM and unit.lead is not None and len(raw.split()) < SHORT_ITEM:
        yield structure.units[unit.lead]
    if unit.form is Form.SENTENCE and unit.place and _NEEDS_BEFORE.match(raw):
        before = structure.units[unit.place - 1]
        if before.group == unit.group:
            yield before
