"""What is said where nothing answers: what comes closest, each with what it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stook.answering.base import Brief
from stook.answering.extractive.answerability import Judgement
from stook.answering.extractive.compose import Chosen, Draft, citation_of, cut_at_word, on_one_line
from stook.answering.extractive.query_model import QueryModel
from stook.answering.extractive.ranker import Ranked, Scored
from stook.answering.extractive.rules import RULES, Rules
from stook.answering.markdown import inline
from stook.answering.outcome import Outcome
from stook.answering.pieces import Citation
from stook.knowledge.store.documents import Span
from stook.knowledge.text.units import Form
from stook.understanding import locales
from stook.understanding.content import text_terms

MOST = 3  # passages
LONGEST = 240  # characters that are shown of one


@dataclass(frozen=True, slots=True)
class _Shown:
    """A unit in the list, behind what it is about."""

    chosen: Chosen
    label: str
    text: str


def not_answered(
    brief: Brief, ranked: Ranked, judgement: Judgement, rules: Rules = RULES
) -> tuple[Outcome, Draft]:
    """Show what comes closest, if anything does; within the brief's limit of characters."""
    if judgement.outcome is not Outcome.NOTHING:
        units = list(_closest(ranked, brief.max_sources, rules))
        lead = locales.closest(brief.locale, judgement.absent)
        draft = _draft(lead, [_shown(ranked.query, one) for one in units], brief.max_characters)
        if draft.citations:
            return Outcome.CLOSEST, draft
    text = locales.refusal(brief.locale, judgement.absent)
    if brief.max_characters is not None:
        text = cut_at_word(text, brief.max_characters)
    return Outcome.NOTHING, Draft(((text, None),))


def _closest(ranked: Ranked, max_sources: int | None, rules: Rules) -> Iterator[Scored]:
    """The best statement of each section, as long as it is near to the best of all."""
    seen: set[tuple[int, tuple[str, ...]]] = set()
    documents: set[int] = set()
    best: Scored | None = None
    for one in filter(_is_statement, ranked.units):
        best = best or one
        place = (one.source.rank, one.unit.heading_path)
        if one.score < rules.closest_near_best * best.score or len(seen) == MOST:
            return
        allowed = max_sources is None or len(documents | {one.source.rank}) <= max_sources
        if place not in seen and allowed:
            seen.add(place)
            documents.add(one.source.rank)
            yield one


def _is_statement(one: Scored) -> bool:
    says_little = any(map(one.feature, ("bare_link", "question_itself", "few_words")))
    return not says_little and one.unit.form is not Form.CODE


def _shown(query: QueryModel, one: Scored) -> _Shown:
    """What a unit says; where it is about another than the question names, only its place.

    So the value of one thing is not read as that of another.
    """
    chosen = Chosen(one.source, one.structure, one.unit)
    own = one.candidate.own | one.candidate.around
    if not all(text_terms(name) <= own for name in query.names):
        return _Shown(chosen, "", _about(one))
    text = cut_at_word(on_one_line(chosen), LONGEST)
    return _Shown(chosen, f"**{_about(one)}**: ", text)


def _draft(lead: str, units: Sequence[_Shown], limit: int | None) -> Draft:
    """The lead, and a list of the units; those that there is no room for are left out."""
    pieces: list[tuple[str, Citation | None]] = [(lead, None)]
    length = len(lead)
    for one in units:
        mark = ("\n" if len(pieces) > 1 else "\n\n") + f"- {one.label}"
        chosen, text = one.chosen, one.text
        end = length + len(mark) + len(text)
        if limit is not None and end > limit:
            break
        citation = citation_of([chosen], Span(length + len(mark), end))
        pieces += [(mark, None), (text, citation)]
        length = end
    return Draft(tuple(pieces))


def _about(one: Scored) -> str:
    """The document's title, and the nearest heading where that says something else."""
    names = dict.fromkeys((one.source.document.title, *one.unit.heading_path[-1:]))
    return " › ".join(inline(name).replace("*", "") for name in names if name)
