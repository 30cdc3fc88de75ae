"""Whether a sentence says yes or no: for questions that ask for either, or for what is not so."""

from __future__ import annotations

from dataclasses import replace

from stook.answering.extractive.ranker import Ranked, Scored
from stook.answering.markdown import inline
from stook.knowledge.text.analysis import terms
from stook.knowledge.text.units import Form
from stook.understanding import languages
from stook.understanding.content import content_terms, text_terms
from stook.understanding.languages.base import Language, Polarity

NEAR = 0.7  # of the best unit's score, for one that says what is not so
LOOKED_AT = 10  # units, best first, that may say something else
LONGEST = 30  # words of a sentence that is a plain yes or no

_MARKS = "*_`.,;:?!()[]\"'“”„"


def is_negative(one: Scored) -> bool:
    """Whether a unit, its heading, or what leads in to it says that something is not so."""
    layout = one.structure
    above = layout.at(one.unit.lead)
    lead = layout.raw(above) if above is not None else ""
    own = "" if one.unit.form is Form.ROW else one.raw  # "moved to Monday, not observed"
    text = "\n".join((own, *one.unit.heading_path[-1:], lead))
    return languages.of_text(text).polarity.negative.search(text) is not None


def negative_only(ranked: Ranked) -> Ranked:
    """Only what says that something is not so, where that is near to the best."""
    best = ranked.units[0].score if ranked.units else 0.0
    first = [one for one in ranked.units if one.score >= NEAR * best and is_negative(one)]
    if not first:
        return ranked
    # What compares scores later sees those moved up as the best.
    raised = [replace(one, score=max(one.score, best)) for one in first]
    lists = tuple(one for one in ranked.lists if is_negative(one))
    return replace(ranked, units=tuple(raised), lists=lists)


def verdict(question: str, ranked: Ranked, best: Scored) -> str | None:
    """ "Yes" or "No" where a plain sentence says it; None where that cannot be checked.

    The sentence has to speak of all that is asked about and of everybody, without a condition or
    a number, and no other section may say anything else of it.
    """
    language = languages.of_text(question)
    told = _told(question, language, best)
    if told is None:
        return None
    asked = _asked(question, language)
    for other in ranked.units[:LOOKED_AT]:
        elsewhere = other.unit.heading_path != best.unit.heading_path or other.source != best.source
        about = asked <= _all_terms(other)
        if elsewhere and about and _told(question, language, other) is not told:
            return None
    return language.polarity.yes if told else language.polarity.no


def _told(question: str, language: Language, one: Scored) -> bool | None:
    """Whether one sentence says yes, no, or neither plainly."""
    polarity, text = language.polarity, inline(one.raw)
    if not polarity.yes or not _is_plain(polarity, question, text) or _goes_on(polarity, one):
        return None
    asked = _asked(question, language)
    if not asked or not asked <= _all_terms(one) or not asked & text_terms(text):
        return None
    if not _is_of_everybody(language, text, asked):
        return None
    return _said(polarity, question, text)


def _all_terms(one: Scored) -> frozenset[str]:
    return text_terms("\n".join((one.source.document.title, *one.unit.heading_path, one.raw)))


def _asked(question: str, language: Language) -> frozenset[str]:
    """The terms of what is asked about."""
    empty = language.function_words | language.polarity.asking_words
    words = [word.strip(_MARKS) for word in question.split()]
    return frozenset(terms(" ".join(word for word in words if word.lower() not in empty)))


def _is_of_everybody(language: Language, text: str, asked: frozenset[str]) -> bool:
    """Whether a sentence is about what is asked about, or about everybody: not about guests."""
    words = [word.strip(_MARKS).lower() for word in text.split()]
    said = [word for word in words if word and word not in language.function_words]
    first = said[0] if said else ""
    return first in language.polarity.anybody or bool(frozenset(terms(first)) & asked)


def _is_plain(polarity: Polarity, question: str, text: str) -> bool:
    """Whether neither has a condition, and the question itself is not negated."""
    holds_sometimes = polarity.conditions.search(text) or polarity.conditions.search(question)
    twice = len(polarity.negative.findall(text)) > 1
    negated = polarity.negative.search(question)
    return not (holds_sometimes or twice or negated) and len(text.split()) <= LONGEST


def _goes_on(polarity: Polarity, one: Scored) -> bool:
    """Whether the next sentence of the paragraph begins with a condition: "Exceptions are …"."""
    after = one.structure.at(one.unit.place + 1)
    if after is None or after.group != one.unit.group or after.form is not Form.SENTENCE:
        return False
    return polarity.conditions.match(inline(one.structure.raw(after))) is not None


def _said(polarity: Polarity, question: str, text: str) -> bool | None:
    negative = polarity.negative.search(text) is not None
    if polarity.asks_duty.search(question):
        if polarity.frees.search(text):
            return False
        return True if polarity.obliges.search(text) and not negative else None
    if polarity.asks_leave.search(question):
        if polarity.forbids.search(text):
            return False
        return not negative if polarity.permits.search(text) else None
    last = content_terms(question.split()[-1])  # what is asked of it: "is parking free?"
    if polarity.asks_fact.search(question) and last <= text_terms(text):
        return not negative
    return None
