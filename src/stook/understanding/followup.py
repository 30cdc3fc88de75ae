"""Makes a follow-up stand alone, from the conversation so far and without a language model.

The words of a question that stands alone are its *frame*. A follow-up changes a part of it: the
time ("What about this month?"), a slot ("and for contractors?", "What about Germany?"), what is
asked about it ("why?", "how many?"), or it points at it ("does it roll over?"). Anything else is
a new question and inherits nothing.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from stook.knowledge.retrieval.query import ContextQuery
from stook.understanding import time_expressions as calendar
from stook.understanding.lexicon import (
    AUXILIARIES,
    BRIDGES,
    DEMONSTRATIVES,
    FUNCTION_WORDS,
    MEASURES,
    POINTERS,
    POSSESSIVES,
    PREPOSITIONS,
    QUESTION_WORDS,
    SUBJECTS,
    SUPERLATIVES,
)
from stook.understanding.question import Author, Past, Question
from stook.understanding.time_expressions import TimeExpression


class Kind(enum.Enum):
    """How a question leans on what was said before."""

    NEW = enum.auto()
    SLOT = enum.auto()
    ELLIPSIS = enum.auto()
    POINTER = enum.auto()
    MORE = enum.auto()


REMEMBERED = 40  # messages that a follow-up may lean on
# What earlier questions weigh in the search: the last one where the newest has no words of its own
# (the more it has, the less), each one before it against the one after it, and the least that is
# searched for. The first one of a conversation does not fade. Measured on mtrag's last turns:
# nDCG@10 .66 -> .70, recall@10 .77 -> .84.
LAST_WEIGHT, FADING, FIRST_WEIGHT, LEAST_WEIGHT = 0.4, 0.5, 0.15, 0.05

_SLOT_LEAD = re.compile(
    r"^(?:and\s+|but\s+|so\s+|ok(?:ay)?,?\s+)?(?:(?:what|how)\s+about|what\s+if|same\s+"
    r"(?:question\s+)?for|as\s+for|regarding)\b\s*",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^(?:and|or|but|so|also|then|plus|ok(?:ay)?|no|yes)\b[,\s]*", re.IGNORECASE)
_MORE = re.compile(
    r"^(?:(?:can|could) you\s+)?(?:please\s+)?(?:tell me more|(?:any\s+)?more(?: details?)?|"
    r"(?:anything|what) else|go on|continue|elaborate|explain)\b",
    re.IGNORECASE,
)
_SAME = re.compile(r"\bthe same\b(?!\s+as\b)|\b(?:one|ones|there)\s*\?*$", re.IGNORECASE)
_THERE_IS = re.compile(r"\b(?:is|are|was|were)\s+there\b", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_END = " \t?!.…,;:؟？。！"


def stand_alone(
    question: str, history: Sequence[Past], today: date, day_first: bool = False
) -> Question:
    """The newest question, made independent of the conversation before it (oldest first)."""
    base: Question | None = None
    subject = ""
    for past in history[-REMEMBERED:]:
        if past.author is Author.USER:
            base = _resolve(past.text, base, subject, today, day_first)
        else:
            subject = past.subject
    asked = _resolve(question, base, subject, today, day_first)
    return replace(
        asked, context_queries=context_queries(asked_before(history), asked.asked, asked.text)
    )


def asked_before(history: Sequence[Past]) -> list[str]:
    """The questions of a conversation that a follow-up may lean on, oldest first."""
    return [past.text for past in history[-REMEMBERED:] if past.author is Author.USER]


def context_queries(before: Sequence[str], asked: str, text: str) -> tuple[ContextQuery, ...]:
    """What is searched for besides ``text``: the question as asked, and those before it."""
    weights: dict[str, float] = {}
    if _bare(asked) != _bare(text):
        weights[asked] = 1.0
    words = _words(asked)
    own = min(len(_content(words)), len(words) / 2)  # other languages' function words count as own
    last = LAST_WEIGHT / (1 + own)
    for back, question in enumerate(reversed(before)):
        weight = last * FADING**back
        if back == len(before) - 1:
            weight = max(weight, min(last, FIRST_WEIGHT))
        if weight >= LEAST_WEIGHT and _bare(question) and _bare(question) != _bare(asked):
            weights.setdefault(question, weight)
    return tuple(ContextQuery(question, weight) for question, weight in weights.items())


def _bare(question: str) -> str:
    return " ".join(question.casefold().split()).strip(_END)


def _resolve(
    text: str, base: Question | None, subject: str, today: date, day_first: bool
) -> Question:
    text = " ".join(text.split())
    year = base.year if base else None
    times = calendar.read(text, today, day_first=day_first)
    kind = classify(text, times) if base else Kind.NEW
    if base is None or kind is Kind.NEW:
        return _alone(text, times)
    if year and times and all(item.yearless for item in times):
        times = calendar.read(text, today, year, day_first)
    if kind is Kind.SLOT:
        return _with_slot(text, times, base)
    if kind is Kind.ELLIPSIS:
        return _with_question_word(text, times, base)
    if kind is Kind.MORE:
        return _changed(base, text, own="", inherited=base.frame, times=times)
    return _with_pointer(text, times, base, subject)


def classify(text: str, times: tuple[TimeExpression, ...]) -> Kind:
    """How the question leans on the conversation, judged from its words alone."""
    if about := _SLOT_LEAD.match(text):
        return Kind.NEW if _is_whole(_words(text[about.end() :])) else Kind.SLOT
    if _MORE.match(text):
        return Kind.MORE
    led = _LEAD.match(text) is not None
    words = _words(_LEAD.sub("", calendar.without(text, times)))
    if not words:
        return Kind.SLOT if times else Kind.NEW
    if _is_slot(words, led):
        return Kind.SLOT
    if _points_back(words, text) or _lacks_noun(words):
        return Kind.POINTER
    if _is_ellipsis(words):
        return Kind.ELLIPSIS
    return Kind.POINTER if _is_bridge(words) else Kind.NEW


def _is_whole(words: list[str]) -> bool:
    """Whether what follows "what about" asks by itself, as in "what about how I get there"."""
    asks = bool(words) and words[0].lower() in QUESTION_WORDS
    speaks = any(word.lower() in SUBJECTS | AUXILIARIES for word in words)
    return asks or (speaks and len(_content(words)) > 4)


def _is_slot(words: list[str], led: bool) -> bool:
    lowered = [word.lower() for word in words]
    asks = any(word in QUESTION_WORDS or word in AUXILIARIES for word in lowered)
    content = _content(words)
    if asks or len(content) > 4:
        return False
    starts = lowered[0] in PREPOSITIONS or (lowered[0] == "any" and len(content) <= 2)
    return starts or (led and bool(content))


def _is_ellipsis(words: list[str]) -> bool:
    lowered = [word.lower() for word in words]
    content = [word for word in _content(words) if word.lower() not in MEASURES]
    if lowered[0] not in QUESTION_WORDS:
        return False
    verb_only = len(words) == 2 and lowered[0] in ("who", "how", "why", "when", "where")
    counted = len(words) == 3 and lowered[:2] in (["how", "many"], ["how", "much"])
    return not content or ((verb_only or counted) and lowered[-1] not in AUXILIARIES)


def _is_bridge(words: list[str]) -> bool:
    content = [word.lower() for word in _content(words)]
    return 0 < len(content) <= 2 and all(word in BRIDGES for word in content)


def _points_back(words: list[str], text: str) -> bool:
    shouted = text.isupper()
    for place, word in enumerate(words):
        lowered = word.lower()
        if lowered in POINTERS and (shouted or word != "IT"):
            return len(_content(words[:place])) < 2
        if lowered in DEMONSTRATIVES and _stands_for_something(words, place):
            return len(_content(words[:place])) < 2
    return bool(_SAME.search(text)) and not _THERE_IS.search(text)


def _lacks_noun(words: list[str]) -> bool:
    """Whether a superlative stands for its noun, as in "Which is the cheapest?"."""
    *before, last = (word.lower() for word in words)
    superlative = last in SUPERLATIVES or before[-1:] in (["most"], ["least"])
    return superlative and all(word.lower() in (last, "least") for word in _content(words))


def _stands_for_something(words: list[str], place: int) -> bool:
    """Whether "that" points back, and is no conjunction ("the form that I need")."""
    before = words[place - 1].lower() if place else ""
    last = place == len(words) - 1
    return last or not before or before in AUXILIARIES or before in PREPOSITIONS | {"of", "about"}


# --- building the question ---------------------------------------------------------------------


def _alone(text: str, times: tuple[TimeExpression, ...]) -> Question:
    topic = calendar.without(text, times)
    return Question(
        asked=text,
        text=_with_times(topic, times),
        own=topic,
        times=times,
        frame=topic,
        topic=topic_phrase(_what_asks(topic)),
        year=_year_of(times, None),
    )


def _with_slot(text: str, times: tuple[TimeExpression, ...], base: Question) -> Question:
    slot = _LEAD.sub("", _SLOT_LEAD.sub("", calendar.without(text, times))).strip(_END)
    changed = slot if _content(_words(slot)) else base.slot
    return _changed(base, text, own=slot, inherited=base.frame, slot=changed, times=times)


def _with_question_word(text: str, times: tuple[TimeExpression, ...], base: Question) -> Question:
    own = _LEAD.sub("", calendar.without(text, times)).strip(_END)
    frame = f"{own} {base.topic}".strip()
    return _changed(base, text, own=own, inherited=base.topic, frame=frame, times=times)


def _with_pointer(
    text: str, times: tuple[TimeExpression, ...], base: Question, subject: str
) -> Question:
    own = _LEAD.sub("", calendar.without(text, times)).strip(_END)
    frame = _put_for_pointer(own, base.topic)
    known = {word.lower() for word in _words(f"{frame} {base.slot}")}
    if all(word.lower() in known for word in _content(_words(subject))):
        subject = ""
    inherited = f"{base.topic} {subject}".strip()
    return _changed(
        base, text, own=own, inherited=inherited, frame=frame, times=times, subject=subject
    )


def _changed(
    base: Question,
    text: str,
    own: str,
    inherited: str,
    times: tuple[TimeExpression, ...],
    frame: str | None = None,
    slot: str | None = None,
    subject: str = "",
) -> Question:
    """The base question with some of its parts put in anew."""
    frame = base.frame if frame is None else frame
    slot = base.slot if slot is None else slot
    times = times or base.times
    parts = (frame.strip(_END), slot, f"({subject})" if subject else "")
    if slot not in own:
        inherited = f"{inherited} {slot}"
    return Question(
        asked=text,
        text=_with_times(" ".join(part for part in parts if part), times),
        own=own,
        inherited=inherited.strip(),
        times=times,
        frame=frame,
        slot=slot,
        topic=base.topic,
        year=_year_of(times, base.year),
    )


def _year_of(times: tuple[TimeExpression, ...], before: int | None) -> int | None:
    """The year named, if one is; a month or a week of another year moves it along."""
    named = [item.period for item in times if not item.yearless]
    if not named:
        return before
    whole_year = (named[-1].last - named[-1].first).days > 300
    return named[-1].first.year if whole_year or before else None


def _with_times(topic: str, times: tuple[TimeExpression, ...]) -> str:
    named = [item.concrete for item in times if item.concrete]
    return " ".join([topic.strip(_END), *named]).strip() + "?"


def _what_asks(text: str) -> str:
    """The first sentence that asks without leaning on the others; all of them if none does."""
    for sentence in _SENTENCE.split(text):
        words = _words(sentence)
        if sentence.endswith("?") and words and not _points_back(words, sentence):
            return sentence
    return text


def topic_phrase(question: str) -> str:
    """What a question is about: its words without the asking and the verb that goes with it."""
    words = _words(question)
    kept: list[str] = []
    before = ""
    for word in words:
        lowered = word.lower()
        is_verb = before in SUBJECTS or (before == "who" and not kept)
        if lowered not in FUNCTION_WORDS and not is_verb:
            kept.append(word)
        before = lowered
    return " ".join(kept or _content(words))


def _put_for_pointer(own: str, topic: str) -> str:
    """The question with the topic in the place of the word that points at it."""
    for match in _WORD.finditer(own):
        word = match[0].lower()
        pointer = word in POINTERS and (own.isupper() or match[0] != "IT")
        if not pointer and word not in DEMONSTRATIVES:
            continue
        before, after = own[: match.start()], own[match.end() :]
        if word in POSSESSIVES:
            return f"{before}{after.lstrip()} {topic}"
        return f"{before}{topic}{after}"
    return f"{own} {topic}".strip()


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _content(words: Sequence[str]) -> list[str]:
    return [word for word in words if word.lower() not in FUNCTION_WORDS or word == "IT"]
