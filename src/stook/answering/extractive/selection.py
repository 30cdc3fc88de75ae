"""Chooses from ranked candidates what makes the answer, and says why each was taken or left."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stook.answering.extractive.compose import Chosen
from stook.answering.extractive.features import timing
from stook.answering.extractive.features.answer_types import AnswerType, says_number
from stook.answering.extractive.query_model import QueryModel
from stook.answering.extractive.ranker import Ranked, Scored
from stook.answering.extractive.rules import RULES, Rules
from stook.answering.extractive.similarity import alike, contradicts, shared_words
from stook.answering.markdown import inline
from stook.knowledge.text import dates
from stook.knowledge.text.units import Form, Unit
from stook.understanding.content import text_terms

MOST_LISTED = 60  # items or rows
_LISTS = (AnswerType.LIST, AnswerType.STEPS, AnswerType.OTHER)  # what a list may answer
_FACTS = (
    AnswerType.PERSON,
    AnswerType.TIME,
    AnswerType.NUMBER,
    AnswerType.AMOUNT,
    AnswerType.DURATION,
)
LONGEST_NAME = 80  # characters of a heading that is shown
LOOKED_AT = 30  # candidates that may say the same as the best

_NEEDS_BEFORE = re.compile(
    r"^[\W_]*(?:it|they|this|that|these|those|he|she|however|therefore|then|also|otherwise|such"
    r"|in that case|for example|if so|if not|instead|both|the (?:former|latter))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Decision:
    """Why a candidate was taken or left."""

    scored: Scored
    taken: bool
    why: str


@dataclass(frozen=True, slots=True)
class Selection:
    """The units of the answer, empty where none fits, and the decisions that led to them.

    What has no decision was not looked at: the answer was full before.
    """

    chosen: tuple[Chosen, ...]
    decisions: tuple[Decision, ...]


def select(ranked: Ranked, max_sources: int | None = None, rules: Rules = RULES) -> Selection:
    """Choose a whole list where that is the answer, else the best sentences."""
    return _Selecting(ranked, max_sources, rules).select()


class _Selecting:
    """One selection: what is ranked, the limits, and the decisions made so far."""

    def __init__(self, ranked: Ranked, max_sources: int | None, rules: Rules) -> None:
        self._query = ranked.query
        self._ranked = ranked
        self._max_sources = max_sources
        self._rules = rules
        self._decisions: list[Decision] = []

    def select(self) -> Selection:
        return Selection(tuple(self._labelled(self._choose())), tuple(self._decisions))

    def _choose(self) -> list[Chosen]:
        if self._nothing_then():
            return []
        for number, one in enumerate(self._ranked.lists):
            why = self._why_no_answer(one) if number == 0 else "another list is better"
            self._decide(one, taken=why is None, why=why or "it is the list asked for")
        if self._ranked.lists and self._decisions[0].taken:
            return _whole(self._query, self._ranked.lists[0], self._rules)
        usable = [one for one in self._ranked.units if self._is_usable(one)]
        if self._query.type in _FACTS:
            usable = [one for one in usable if not self._only_announces(one)] or usable
        return self._sentences(usable) if usable else []

    def _decide(self, scored: Scored, *, taken: bool, why: str) -> None:
        self._decisions.append(Decision(scored, taken, why))

    # --- lists and tables ----------------------------------------------------------------------

    def _nothing_then(self) -> bool:
        """Whether the list that the question is about is dated, and has nothing of the period."""
        lists = self._ranked.lists
        about = max(lists, key=lambda one: (one.timeless, -one.source.rank), default=None)
        if about is None or about.whole_list is None or about.whole_list.in_period != ():
            return False
        nothing = about.whole_list.share >= self._rules.list_share and all(
            one.feature("in_period") <= 0 for one in self._ranked.units[: self._rules.most_units]
        )
        if nothing:
            self._decide(about, taken=False, why="it is asked for, and has nothing of the period")
        return nothing

    def _why_no_answer(self, one: Scored) -> str | None:
        whole = one.whole_list
        if whole is None or whole.in_period == ():
            return "it has nothing of the period asked for"
        about = whole.share >= self._rules.list_share
        if not about and one.feature("cosine") < self._rules.list_cosine:
            return "what stands above it is not what is asked for"
        members = {unit.place for unit in whole.entries}
        own = [i for i in self._ranked.units if i.source is one.source and i.unit.place in members]
        # A row that holds words of the question which the list's heading lacks is the answer.
        if max((_only_here(self._query, i) for i in own), default=0.0) >= self._rules.list_share:
            return "one of its entries has what it lacks above"
        one_fits = _of_one_entry(self._query, own) >= self._rules.entry_share
        if one_fits and self._query.type not in _LISTS:
            return "only one of its entries has a word of the question"
        rivals = (
            item
            for item in self._ranked.units
            if not item.structure.leads_in(item.unit)
            and not (item.source is one.source and item.unit.place in members)
        )
        rival = next(rivals, None)
        return "a sentence is better" if rival and rival.score > one.score else None

    # --- sentences -----------------------------------------------------------------------------

    def _is_usable(self, item: Scored) -> bool:
        """Not of another time; nor a lead-in to a list that has nothing of the time asked for."""
        if self._query.period is None:
            return True
        usable = item.feature("in_period") >= 0
        if usable:
            led = item.structure.led_by(item.unit)
            dated = [unit for unit in led if dates.mentions(item.structure.raw(unit))]
            usable = not dated or any(_in_period(self._query, item, unit) for unit in dated)
        if not usable:
            self._decide(item, taken=False, why="it speaks of another time")
        return usable

    def _sentences(self, candidates: Sequence[Scored]) -> list[Chosen]:
        best = self._best(candidates)
        self._decide(best, taken=True, why="it is the best")
        if best.structure.leads_in(best.unit) and not self._is_fact_alone(best):
            return _led_list(self._query, best)
        taken = [best]
        for candidate in candidates:
            if len(taken) == self._rules.most_units:
                break
            if candidate is best:
                continue
            if _words(taken) >= self._rules.enough_words:
                break
            why = self._why_not(candidate, taken)
            self._decide(candidate, taken=why is None, why=why or "it adds to the best")
            if why is None:
                taken.append(candidate)
        return list(self._completed(self._newest_first(taken)))

    def _only_announces(self, item: Scored) -> bool:
        """Whether a unit leads in to a long list, and has not the one thing that is asked for."""
        announces = item.structure.leads_in(item.unit) and not item.feature("type_match")
        return announces and self._led_length(item) > self._rules.short_list

    def _is_fact_alone(self, item: Scored) -> bool:
        """Whether a unit has the one thing asked for, and the list that it leads in to is long."""
        held = self._query.type in _FACTS and item.feature("type_match")
        return bool(held) and self._led_length(item) > self._rules.short_list

    def _led_length(self, item: Scored) -> int:
        led = item.structure.led_by(item.unit)
        return led[-1].span.end - led[0].span.start if led else 0

    def _best(self, candidates: Sequence[Scored]) -> Scored:
        """The best candidate; where a reason, an amount or a step is asked for, the best near it
        with one.

        Of those that say the same, the newest.
        """
        best = candidates[0]
        near = {
            AnswerType.REASON: self._rules.reason_near_best,
            AnswerType.AMOUNT: self._rules.amount_near_best,
            AnswerType.STEPS: self._rules.step_near_best,
        }.get(self._query.type)
        if near is not None and not best.feature("type_match"):
            fitting = (item for item in candidates if item.feature("type_match"))
            best = next((item for item in fitting if item.score >= near * best.score), best)
        return self._newest(best, candidates)

    def _newest(self, best: Scored, candidates: Sequence[Scored]) -> Scored:
        """Of the units that say nearly the same as the best, that of the newest document."""
        rivals = [
            item
            for item in candidates[:LOOKED_AT]
            if item.score >= self._rules.newer_near_best * best.score
            and alike(item.raw, best.raw, self._rules.alike)
        ]
        return max([best, *rivals], key=_updated_at)

    def _newest_first(self, taken: Sequence[Scored]) -> list[Scored]:
        """Put those before the best that speak of the same matter and are newer, newest first.

        So a policy and the one that it superseded are both shown, the valid one first.
        """
        best = taken[0]
        newer = [
            item
            for item in taken[1:]
            if _updated_at(item) > _updated_at(best) > 0
            and shared_words(item.raw, best.raw) >= self._rules.same_matter
        ]
        ordered = sorted(newer, key=_updated_at, reverse=True)
        return [*ordered, *(item for item in taken if item not in newer)]

    def _why_not(self, candidate: Scored, taken: Sequence[Scored]) -> str | None:
        best = taken[0]
        if not self._is_near(candidate, best):
            return "it is not near enough to the best"
        documents = {item.source.rank for item in taken} | {candidate.source.rank}
        if self._max_sources is not None and len(documents) > self._max_sources:
            return "it is of one document more than allowed"
        if candidate.structure.leads_in(candidate.unit):
            return "it only leads in to a list"
        if candidate.unit.form is Form.ROW and best.unit.form is not Form.ROW:
            return "it is a row of a table, and the best is none"
        if best.feature("type_match") and not candidate.feature("type_match"):
            return "it has not what is asked for"
        if self._is_of_another(candidate, best):
            return "it lacks a name of the question"
        said = any(
            alike(candidate.raw, other.raw, self._rules.alike)
            and not (candidate.source is not other.source and contradicts(candidate.raw, other.raw))
            for other in taken
        )
        return "it says the same as another" if said else None

    def _is_of_another(self, candidate: Scored, best: Scored) -> bool:
        """Whether the best has a name of the question, or stands below it, and this has not."""
        of_best = best.candidate.own | best.candidate.around
        own = candidate.candidate.own | candidate.candidate.around
        named = (text_terms(name) for name in self._query.names)
        return any(name <= of_best and not name <= own for name in named)

    def _is_near(self, candidate: Scored, best: Scored) -> bool:
        needed = self._needed(candidate, best)
        near = candidate.passage is best.passage or candidate.feature("relevance") >= (
            self._rules.passage_near_best * best.feature("relevance")
        )
        return (
            near
            and candidate.evidence >= needed * best.evidence
            and candidate.score >= needed * best.score
        )

    def _needed(self, candidate: Scored, best: Scored) -> float:
        rules = self._rules
        if candidate.source is best.source and candidate.unit.group == best.unit.group:
            listed = candidate.unit.form in (Form.ITEM, Form.ROW)
            return rules.same_list if listed else rules.same_paragraph
        return rules.same_passage if candidate.passage is best.passage else rules.other_passage

    # --- what units are about ------------------------------------------------------------------

    def _labelled(self, chosen: Sequence[Chosen]) -> Iterator[Chosen]:
        """The units, the first of each section with what it is about where it does not say so."""
        before: tuple[int, tuple[str, ...]] | None = None
        for item in chosen:
            section = (item.source.rank, item.unit.heading_path)
            yield item if section == before else replace(item, about=self._about(item))
            before = section

    def _about(self, item: Chosen) -> str:
        """The headings, or the title, that have words of the question which the unit has not."""
        own = text_terms(item.structure.raw(item.unit))
        if item.unit.header is not None:
            own |= text_terms(item.structure.header(item.unit))
        wanted = self._query.weights.keys() - own
        names: list[str] = []
        for name in (*reversed(item.unit.heading_path), item.source.document.title):
            held = text_terms(name)
            if wanted & held and len(name) <= LONGEST_NAME and not name.endswith("?"):
                names.insert(0, inline(name).strip("*_ "))
                wanted = wanted - held
        return " › ".join(names)

    # --- what units need beside them -----------------------------------------------------------

    def _completed(self, taken: Sequence[Scored]) -> Iterator[Chosen]:
        """What was taken, with the units that it cannot be understood without.

        What answers comes first, the others behind it by document and place.
        """
        best, *others = taken
        first = {best.source.rank: 0}
        for item in others:
            first.setdefault(item.source.rank, len(first))
        others.sort(key=lambda item: (first[item.source.rank], item.unit.place))
        units: dict[tuple[int, int], Chosen] = {}
        for item in (best, *others):
            for chosen in self._complete(item):
                units.setdefault((item.source.rank, chosen.unit.place), chosen)
        yield from units.values()

    def _complete(self, item: Scored) -> Iterator[Chosen]:
        if self._belongs_in_its_list(item):
            yield from _with_its_list(item)
            return
        for unit in _needed_before(self._query, item):
            yield Chosen(item.source, item.structure, unit)
        yield Chosen(item.source, item.structure, item.unit)

    def _belongs_in_its_list(self, item: Scored) -> bool:
        """Whether a list is asked for, and the unit is a step, or hardly a sentence, of one."""
        unit = item.unit
        if unit.form is not Form.ITEM or self._query.type not in _LISTS:
            return False
        group = item.structure.group(unit)
        length = group[-1].span.end - group[0].span.start
        if unit.ordered:
            return length <= self._rules.short_steps
        brief = unit.lead is not None and len(item.raw.split()) <= self._rules.short_entry
        return brief and length <= self._rules.short_list


def _needed_before(query: QueryModel, item: Scored) -> Iterator[Unit]:
    """The sentence before one that begins with "it", "they", "however" …, in its paragraph.

    Only if it says something of the question that this one does not.
    """
    structure, unit = item.structure, item.unit
    if unit.form is Form.SENTENCE and unit.place and _NEEDS_BEFORE.match(structure.raw(unit)):
        before = structure.at(unit.place - 1)
        if before is not None and before.group == unit.group:
            more = text_terms(structure.raw(before)) - item.candidate.own
            if query.weight_in(more):
                yield before


def _words(taken: Sequence[Scored]) -> int:
    return sum(len(item.raw.split()) for item in taken)


def _only_here(query: QueryModel, item: Scored) -> float:
    """The weight of the question's terms that an entry has and what stands above it has not."""
    return query.weight_in(item.candidate.own - item.candidate.around)


def _of_one_entry(query: QueryModel, entries: Sequence[Scored]) -> float:
    """The weight of the question's terms that one entry has, and no other and nothing above."""
    held = Counter(term for item in entries for term in item.candidate.own - item.candidate.around)
    return query.weight_in(frozenset(term for term, count in held.items() if count == 1))


def _whole(query: QueryModel, one: Scored, rules: Rules) -> list[Chosen]:
    """The list with the sentence above it, or its entries in the period asked for."""
    whole = one.whole_list
    assert whole is not None
    entries = whole.entries if whole.in_period is None else whole.in_period
    complete = len(entries) == len(whole.entries)
    above = _sentence_above(query, one, rules) if complete else None
    if above and query.type is AnswerType.NUMBER and says_number(one.structure.raw(above)):
        return [Chosen(one.source, one.structure, above)]
    units = ([above] if above else []) + list(entries[:MOST_LISTED])
    return [Chosen(one.source, one.structure, unit, unit.form is Form.ITEM) for unit in units]


def _sentence_above(query: QueryModel, one: Scored, rules: Rules) -> Unit | None:
    first = one.unit
    if first.lead is not None:
        return one.structure.at(first.lead)
    above = one.structure.at(first.above)
    if above is None:
        return None
    share = query.weight_in(text_terms(one.structure.raw(above)))
    return above if share >= rules.list_share else None


def _led_list(query: QueryModel, best: Scored) -> list[Chosen]:
    """A sentence that leads in to a list, with that list."""
    led = best.structure.led_by(best.unit)
    entries = [unit for unit in led if _in_period(query, best, unit)]
    return [
        Chosen(best.source, best.structure, unit, unit.form is Form.ITEM)
        for unit in (best.unit, *entries[:MOST_LISTED])
    ]


def _in_period(query: QueryModel, best: Scored, unit: Unit) -> bool:
    if query.period is None:
        return True
    return timing.fit(best.structure, unit, best.source.document, query.period) >= 0


def _with_its_list(item: Scored) -> Iterator[Chosen]:
    group = item.structure.group(item.unit)
    lead = item.structure.at(group[0].lead)
    units = group if lead is None else (lead, *group)
    for unit in units:
        yield Chosen(item.source, item.structure, unit, unit.form is Form.ITEM)


def _updated_at(item: Scored) -> int:
    return item.source.document.updated_at or 0
