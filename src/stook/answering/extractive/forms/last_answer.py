"""Answers about the answer before: more of it, less of it, and what it rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from stook.answering.base import Brief
from stook.answering.extractive.compose import Chosen, Draft, citation_of, compose, on_one_line
from stook.answering.extractive.ranker import Ranked, Scored
from stook.answering.extractive.selection import select
from stook.answering.markdown import inline
from stook.answering.outcome import Outcome
from stook.answering.pieces import Citation
from stook.knowledge.store.documents import Span
from stook.knowledge.text.units import Form
from stook.understanding.acts import language_of

NEAR = 0.5  # of the best unit's score, for one that says more
LOOKED_AT = 30  # units, best first, of which the last answer may have shown one
_NO_WORD = re.compile(r"[\W_]+")


def more(brief: Brief, ranked: Ranked) -> tuple[Outcome, Draft]:
    """What else was found, near to what was found best, that the last answer did not say."""
    said = _letters(brief.question.said)
    units = [one for one in ranked.units if _letters(one.raw) not in said]
    lists = [one for one in ranked.lists if not _is_said(one, said)]
    best = ranked.units[0].score if ranked.units else 0.0
    if units and units[0].score >= NEAR * best:
        chosen = select(replace(ranked, units=tuple(units), lists=tuple(lists)), brief.max_sources)
        draft = compose(chosen.chosen, brief.max_characters)
        if draft.pieces:
            return Outcome.ANSWERED, draft
    text = language_of(brief.question.asked, brief.locale).replies.nothing_more
    return Outcome.NOTHING, Draft(((text, None),))


def shorter(brief: Brief, ranked: Ranked) -> tuple[Outcome, Draft] | None:
    """The best sentence alone, if possible of those that the last answer showed; a list on one
    line."""
    best = _best_said(brief, [one for one in ranked.units if not one.structure.leads_in(one.unit)])
    if best is None:
        return None
    if best.unit.form is not Form.ITEM or best.unit.lead is None:
        return Outcome.ANSWERED, compose([_chosen(best)], brief.max_characters)
    chosen = [Chosen(best.source, best.structure, unit) for unit in best.structure.group(best.unit)]
    text = "; ".join(on_one_line(one).rstrip(".;,") for one in chosen)
    if brief.max_characters is not None and len(text) > brief.max_characters:
        return None
    return Outcome.ANSWERED, Draft(((text, citation_of(chosen, Span(0, len(text)))),))


def rests_on(brief: Brief, ranked: Ranked) -> tuple[Outcome, Draft] | None:
    """The best sentence, behind the name of the document that it stands in."""
    best = _best_said(brief, ranked.units)
    if best is None:
        return None
    draft = compose(_with_list(best), brief.max_characters)
    replies = language_of(brief.question.asked, brief.locale).replies
    lead = replies.rests_on.format(title=inline(best.source.document.title)) + "\n\n"
    return Outcome.ANSWERED, behind(lead, draft, brief.max_characters)


def behind(lead: str, draft: Draft, limit: int | None) -> Draft:
    """The draft behind a lead that nothing is cited for; without it where there is no room."""
    if limit is not None and len(lead) + len(draft.text) > limit:
        return draft
    moved = [(text, _moved(citation, len(lead))) for text, citation in draft.pieces]
    return Draft(((lead, None), *moved), draft.cut)


def _best_said(brief: Brief, units: Sequence[Scored]) -> Scored | None:
    said = _letters(brief.question.said)
    shown = (one for one in units[:LOOKED_AT] if _letters(one.raw) in said)
    return next(shown, units[0] if units else None)


def _is_said(one: Scored, said: str) -> bool:
    whole = one.whole_list
    raws = [one.structure.raw(unit) for unit in whole.entries] if whole else [one.raw]
    return all(_letters(raw) in said for raw in raws)


def _with_list(one: Scored) -> list[Chosen]:
    """The unit, with the list that it leads in to or belongs to: an item alone says little."""
    layout, unit = one.structure, one.unit
    if layout.leads_in(unit):
        units = (unit, *layout.led_by(unit))
    elif unit.form is Form.ITEM and (lead := layout.at(unit.lead)) is not None:
        units = (lead, *layout.group(unit))
    else:
        return [_chosen(one)]
    return [Chosen(one.source, layout, each, each.form is Form.ITEM) for each in units]


def _chosen(one: Scored) -> Chosen:
    return Chosen(one.source, one.structure, one.unit)


def _moved(citation: Citation | None, by: int) -> Citation | None:
    if citation is None:
        return None
    at = citation.answer_range
    return replace(citation, answer_range=Span(at.start + by, at.end + by))


def _letters(text: str) -> str:
    """The letters and digits alone, which a sentence keeps however it is shown."""
    return _NO_WORD.sub("", inline(text).casefold())
