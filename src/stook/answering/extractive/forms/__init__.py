"""Forms of answers: a kind of question that has its own is not answered by the best sentences."""

from __future__ import annotations

from stook.answering.base import Brief
from stook.answering.extractive.compose import Chosen, Draft, compose
from stook.answering.extractive.forms.gathered import asks_for_each, gathered, speaking_of
from stook.answering.extractive.forms.last_answer import behind, more, rests_on, shorter
from stook.answering.extractive.forms.polarity import negative_only, verdict
from stook.answering.extractive.forms.summary import summary
from stook.answering.extractive.ranker import Ranked
from stook.answering.extractive.selection import Selection
from stook.answering.outcome import Outcome
from stook.understanding.acts import Act


def formed(brief: Brief, ranked: Ranked, outcome: Outcome) -> tuple[Outcome, Draft] | None:
    """Write the answer in the form of its kind; None where it has none, or that does not fit.

    ``outcome`` is what the best sentences would be.
    """
    act = brief.question.act
    if act is Act.SUMMARY:
        return _answered(summary(brief, outcome))
    if act is Act.EXISTENCE:
        return _answered(speaking_of(brief, ranked))
    if outcome is Outcome.NOTHING:
        return None
    if act is Act.MORE:
        return more(brief, ranked)
    if act is Act.SHORTER:
        return shorter(brief, ranked)
    if act is Act.DOUBT:
        return rests_on(brief, ranked)
    return _answered(gathered(brief, ranked)) if asks_for_each(brief.question) else None


def ordered(brief: Brief, ranked: Ranked) -> Ranked:
    """Rank for the kind: only what is not so, where that is asked for."""
    return negative_only(ranked) if brief.question.act is Act.NEGATION else ranked


def decided(brief: Brief, ranked: Ranked, selection: Selection) -> Draft | None:
    """The best sentence behind "Yes" or "No", where it plainly says so; None where it does not."""
    best = next((one.scored for one in selection.decisions if one.taken), None)
    if brief.question.act is not Act.YES_NO or best is None or best.whole_list is not None:
        return None
    said = verdict(brief.question.asked, ranked, best)
    if said is None:
        return None
    alone = compose([Chosen(best.source, best.structure, best.unit)], brief.max_characters)
    return behind(f"{said}. ", alone, brief.max_characters)


def _answered(draft: Draft | None) -> tuple[Outcome, Draft] | None:
    return None if draft is None else (Outcome.ANSWERED, draft)
