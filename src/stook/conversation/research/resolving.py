"""The parts of a question as questions that stand alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from stook.conversation.events import Ask, Effort
from stook.conversation.research.plan import Part, is_deep, parts_of
from stook.knowledge.retrieval.query import ContextQuery
from stook.understanding.acts import Act, act_of, says_only
from stook.understanding.content import content_terms
from stook.understanding.followup import stand_alone, topic_phrase
from stook.understanding.question import Author, Past, Question

BESIDE = 0.3  # what the first part of a question weighs where another one is searched for
MANY = 2  # parts that are gone about one by one
FEWEST_TERMS = 2  # a part with fewer words of its own is about what the first one is about


def wants_research(ask: Ask, question: Question) -> bool:
    """Whether the question is gone about as a deep one."""
    if ask.effort is Effort.DEEP:
        return True
    words = _words(question)
    if ask.effort is Effort.AUTO:
        return is_deep(words)
    return len(parts_of(words, names_only=True)) > 1


def plan(
    question: Question, today: date, day_first: bool, *, names_only: bool = False
) -> list[tuple[Part, Question]]:
    """The parts, each with what it comes to; a part may lean on the one before it."""
    parts = parts_of(_words(question), names_only=names_only)
    parts = tuple(part for part in parts if part.label or not says_only("summary", part.text))
    if len(parts) < MANY:
        return [(Part(_words(question)), question)]
    resolved = _resolved(parts, today, day_first)
    if question.act is not Act.SUMMARY:  # "… and does my manager have to say yes" asks for none
        resolved = [_no_summary(asked) for asked in resolved]
    told = tuple(one for one in question.context_queries if one.weight < 1)
    return [
        (part, _timed(_with_told(asked, told), question))
        for part, asked in zip(parts, resolved, strict=True)
    ]


def _words(question: Question) -> str:
    """The question as it was asked, unless it leans on earlier ones."""
    return question.text if question.inherited else question.asked


def _resolved(parts: Sequence[Part], today: date, day_first: bool) -> list[Question]:
    before: list[Past] = []
    found: list[Question] = []
    for part in parts:
        asked = stand_alone(part.text, [] if part.label else before, today, day_first)
        leans = not (part.label or asked.inherited) and len(content_terms(asked.own)) < FEWEST_TERMS
        if before and leans:
            asked = _leaning(asked, topic_phrase(found[0].text))
        if asked.inherited:  # within one message all words are the asker's own
            asked = replace(asked, own=asked.text, inherited="")
        asked = replace(asked, act=act_of(part.text).act)
        found.append(asked if part.label or not before else _beside(asked, parts[0]))
        before = [Past(Author.USER, asked.text)]
    return found


def _beside(part: Question, first: Part) -> Question:
    """A part that is searched for with the first one, which says what all is about."""
    return replace(part, context_queries=(ContextQuery(first.text, BESIDE),))


def _no_summary(part: Question) -> Question:
    return replace(part, act=Act.FACT) if part.act is Act.SUMMARY else part


def _with_told(part: Question, told: tuple[ContextQuery, ...]) -> Question:
    """A part that is searched for with what is told around the whole question, too."""
    return replace(part, context_queries=(*part.context_queries, *told))


def _leaning(part: Question, topic: str) -> Question:
    """A part with hardly a word of its own, about the topic of the first one."""
    return replace(part, text=f"{part.text.rstrip('?')} {topic}?", inherited=topic)


def _timed(part: Question, whole: Question) -> Question:
    """The part, asked for the time of the whole question if it names none itself."""
    if part.times or not whole.times:
        return part
    named = " ".join(item.concrete for item in whole.times if item.concrete)
    text = f"{part.text.rstrip('?')} {named}?" if named else part.text
    return replace(part, text=text, times=whole.times)
