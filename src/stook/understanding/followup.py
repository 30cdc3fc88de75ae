"""Makes a follow-up stand alone, from the conversation so far and without a language model.

The words of a question that stands alone are its *frame*. A follow-up changes a part of it: the
time ("What about this month?"), a slot ("and for contractors?", "What about Germany?"), what is
asked about it ("why?", "how many?"), or it points at it ("does it roll over?"). Anything else is
a new question and inherits nothing.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from stook.knowledge.retrieval.query import ContextQuery
from stook.knowledge.text.words import WORD
from stook.knowledge.text.words import words as words_of
from stook.understanding import languages
from stook.understanding import time_expressions as calendar
from stook.understanding.acts import Act, act_of
from stook.understanding.languages.base import Language
from stook.understanding.question import Author, Past, Question
from stook.understanding.time_expressions import TimeExpression


class Kind(enum.Enum):
    """How a question leans on what was said before."""

    NEW = enum.auto()
    SLOT = enum.auto()
    ELLIPSIS = enum.auto()
    POINTER = enum.auto()
    MORE = enum.auto()
    CORRECTION = enum.auto()


REMEMBERED = 40  # messages that a follow-up may lean on
# What earlier questions weigh in the search: the last one where the newest has no words of its own
# (the more it has, the less), each one before it against the one after it, and the least that is
# searched for. The first one of a conversation does not fade. Measured on mtrag's last turns:
# nDCG@10 .66 -> .70, recall@10 .77 -> .84.
LAST_WEIGHT, FADING, FIRST_WEIGHT, LEAST_WEIGHT = 0.4, 0.5, 0.15, 0.05

_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_END = " \t?!.…,;:؟？。！"


def stand_alone(
    question: str, history: Sequence[Past], today: date, day_first: bool = False
) -> Question:
    """The newest question, made independent of the conversation before it (oldest first)."""
    base: Question | None = None
    subject = ""
    said: list[str] = []  # since the base question
    for past in substantial(history[-REMEMBERED:]):
        if past.author is Author.ASSISTANT:
            subject = past.subject
            said.append(past.text)
        elif base is None or not act_of(past.text).act.is_about_the_last:
            base = _resolve(past.text, base, subject, today, day_first)
            said = []
    act = act_of(question).act
    if base is not None and act.is_about_the_last:
        return _again(base, question, "\n".join(said if act is Act.MORE else said[-1:]))
    asked = _resolve(question, base, subject, today, day_first)
    return replace(
        asked, context_queries=context_queries(asked_before(history), asked.asked, asked.text)
    )


def _again(base: Question, turn: str, said: str) -> Question:
    """The base question, for a turn about its answer; of others than the name that it has where
    the turn asks for the other one."""
    language = languages.of_text(turn)
    runs = list(_name_runs(language, list(WORD.finditer(base.frame))))
    again = replace(base, asked=turn, own="", inherited=f"{base.own} {base.inherited}", said=said)
    if not runs or not language.other.search(turn):
        return again
    frame = f"{base.frame[: runs[-1][0].start()].rstrip()}{base.frame[runs[-1][-1].end() :]}"
    return replace(again, text=_with_times(frame, base.times), inherited=frame)


def asked_before(history: Sequence[Past]) -> list[str]:
    """The questions of a conversation that a follow-up may lean on, oldest first."""
    said = substantial(history[-REMEMBERED:])
    return [past.text for past in said if past.author is Author.USER]


def substantial(history: Sequence[Past]) -> list[Past]:
    """The messages without small talk, and without the replies to it."""
    kept: list[Past] = []
    social = False
    for past in history:
        if past.author is Author.USER:
            social = act_of(past.text).act.is_social
        if not social:
            kept.append(past)
    return kept


def context_queries(before: Sequence[str], asked: str, text: str) -> tuple[ContextQuery, ...]:
    """What is searched for besides ``text``: the question as asked, and those before it."""
    weights: dict[str, float] = {}
    if _bare(asked) != _bare(text):
        weights[asked] = 1.0
    words = words_of(asked)
    language = languages.of_text(asked)
    own = min(len(_content(language, words)), len(words) / 2)  # not every language is known
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
    if kind is Kind.CORRECTION:
        return _corrected(text, times, base)
    if kind is Kind.SLOT:
        return _with_slot(text, times, base)
    if kind is Kind.ELLIPSIS:
        return _with_question_word(text, times, base)
    if kind is Kind.MORE:
        return _changed(base, text, own="", inherited=base.frame, times=times)
    return _with_pointer(text, times, base, subject)


def classify(text: str, times: tuple[TimeExpression, ...]) -> Kind:
    """How the question leans on the conversation, judged from its words alone."""
    language = languages.of_text(text)
    if language.correction.match(text):
        return Kind.CORRECTION
    if about := language.slot_lead.match(text):
        return Kind.NEW if _is_whole(language, words_of(text[about.end() :])) else Kind.SLOT
    if language.more.match(text):
        return Kind.MORE
    led = language.lead.match(text) is not None
    words = words_of(language.lead.sub("", calendar.without(text, times)))
    if not words:
        return Kind.SLOT if times else Kind.NEW
    if _is_slot(language, words, led):
        return Kind.CORRECTION if language.denial.match(text) else Kind.SLOT
    if _points_back(language, text) or _lacks_noun(language, words):
        return Kind.POINTER
    if _is_ellipsis(language, words):
        return Kind.ELLIPSIS
    return Kind.POINTER if _is_bridge(language, words) else Kind.NEW


def _is_whole(language: Language, words: list[str]) -> bool:
    """Whether what follows "what about" asks by itself, as in "what about how I get there"."""
    asks = bool(words) and words[0].lower() in language.question_words
    speaks = any(word.lower() in language.subjects | language.auxiliaries for word in words)
    return asks or (speaks and len(_content(language, words)) > 4)


def _is_slot(language: Language, words: list[str], led: bool) -> bool:
    lowered = [word.lower() for word in words]
    asks = any(word in language.question_words | language.auxiliaries for word in lowered)
    content = _content(language, words)
    if asks or len(content) > 4:
        return False
    any_of_them = lowered[0] in language.any_of_them and len(content) <= 2
    starts = lowered[0] in language.prepositions or any_of_them
    return starts or (led and bool(content))


def _is_ellipsis(language: Language, words: list[str]) -> bool:
    lowered = [word.lower() for word in words]
    content = [word for word in _content(language, words) if word.lower() not in language.measures]
    if lowered[0] not in language.question_words:
        return False
    verb_only = len(words) == 2 and lowered[0] in language.asks_for_circumstances
    counted = len(words) == 3 and tuple(lowered[:2]) in language.counting
    return not content or ((verb_only or counted) and lowered[-1] not in language.auxiliaries)


def _is_bridge(language: Language, words: list[str]) -> bool:
    content = [word.lower() for word in _content(language, words)]
    return 0 < len(content) <= 2 and all(word in language.bridges for word in content)


def _points_back(language: Language, text: str) -> bool:
    """Whether a pronoun, or "the same", stands for what was spoken of."""
    shouted = text.isupper()
    words = words_of(language.lead.sub("", language.expletive.sub(" ", text)))
    for place, word in enumerate(words):
        pointer = word.lower() in language.pointers
        if pointer and (shouted or word not in language.never_pointers):
            return len(_content(language, words[:place])) < 2
        if word.lower() in language.demonstratives and _stands_alone(language, words, place):
            return len(_content(language, words[:place])) < 2
    return bool(language.same.search(text)) and not language.there_is.search(text)


def _lacks_noun(language: Language, words: list[str]) -> bool:
    """Whether a superlative stands for its noun, as in "Which is the cheapest?"."""
    *before, last = (word.lower() for word in words)
    compared = bool(before) and before[-1] in language.degrees
    only = [word.lower() for word in _content(language, words)]
    allowed = {last} | language.degrees
    return (last in language.superlatives or compared) and all(word in allowed for word in only)


def _stands_alone(language: Language, words: list[str], place: int) -> bool:
    """Whether "that" points back, and is no conjunction ("the form that I need") or article."""
    last = place == len(words) - 1
    if last or not place:
        return last or not (language.capital_nouns and words[place + 1][0].isupper())
    if language.capital_nouns and words[place + 1][0].isupper():
        return False
    before = words[place - 1].lower()
    return before in language.auxiliaries | language.prepositions | language.other_prepositions


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
    language = languages.of_text(text)
    led = language.slot_lead.sub("", calendar.without(text, times))
    slot = language.lead.sub("", language.slot_end.sub("", led)).strip(_END)
    if not base.slot and (frame := _with_name(language, slot, base.frame)):
        return _changed(base, text, own=slot, inherited=frame, frame=frame, times=times)
    changed = slot if _content(language, words_of(slot)) else base.slot
    return _changed(base, text, own=slot, inherited=base.frame, slot=changed, times=times)


def _corrected(text: str, times: tuple[TimeExpression, ...], base: Question) -> Question:
    """The base question with what was meant in the place of what was understood.

    "no, I meant Porto", "I meant sick leave, not parental leave": in the place of what it says
    was not meant, of a phrase that ends in the same word, or of the last name.
    """
    language = languages.of_text(text)
    said = calendar.without(text, times)
    rest = language.lead.sub("", language.correction.sub("", said, count=1))
    meant, *others = (part.strip(_END) for part in language.but_not.split(rest, maxsplit=1))
    not_meant = others[0] if others else ""
    if _is_whole(language, words_of(meant)):
        return _alone(meant, times)
    frame = f"{base.frame.strip(_END)} {base.slot}".strip()
    place = (
        _place_of_rival(language, meant, frame)
        or _place_of(not_meant, frame)
        or _place_of_name(language, meant, frame)
    )
    if not meant:
        return _changed(base, text, own="", inherited=base.frame, times=times)
    if place is None:
        return _changed(base, text, own=meant, inherited=base.frame, slot=meant, times=times)
    changed = f"{frame[: place[0]]}{_without_article(language, meant)}{frame[place[1] :]}"
    return _changed(base, text, own=meant, inherited=changed, frame=changed, slot="", times=times)


def _place_of(phrase: str, frame: str) -> tuple[int, int] | None:
    start = frame.casefold().find(phrase.casefold()) if phrase else -1
    return (start, start + len(phrase)) if start >= 0 else None


def _without_article(language: Language, phrase: str) -> str:
    """The phrase without function words at its beginning: "the Porto office" after "the"."""
    words = phrase.split()
    while len(words) > 1 and words[0].lower() in language.function_words:
        words.pop(0)
    return " ".join(words)


def _place_of_rival(language: Language, meant: str, frame: str) -> tuple[int, int] | None:
    """Where the frame has a phrase that ends in the same word."""
    content = _content(language, words_of(meant))
    if not content:
        return None
    words = list(WORD.finditer(frame))
    for number, word in enumerate(words):
        if word[0].casefold() == content[-1].casefold() and number:
            first = number
            while first and words[first - 1][0].lower() not in language.function_words:
                first -= 1
            return words[first].start(), word.end()
    return None


def _place_of_name(language: Language, meant: str, frame: str) -> tuple[int, int] | None:
    """Where the frame has its last name, if the phrase is one."""
    words = list(WORD.finditer(frame))
    content = _content(language, words_of(meant))
    if not content or not content[-1][:1].isupper():
        return None
    runs = list(_name_runs(language, words))
    return (runs[-1][0].start(), runs[-1][-1].end()) if runs else None


def _name_runs(language: Language, words: Sequence[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """Words in capitals that stand together, the first word of the question aside."""
    run: list[re.Match[str]] = []
    for word in words[1:]:
        if word[0][:1].isupper() and word[0].lower() not in language.function_words:
            run.append(word)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _with_name(language: Language, slot: str, frame: str) -> str | None:
    """The frame with another name in the place of its only one: "and Brook?" of Weir River.

    A single word takes the place of the last word of a name. None where there is no one name.
    """
    content = _content(language, words_of(slot))
    if language.capital_nouns or not content or not all(word[:1].isupper() for word in content):
        return None
    if words_of(slot)[:1] != content[:1]:
        return None  # "and in Hamburg?" asks for a place besides
    runs = list(_name_runs(language, list(WORD.finditer(frame))))
    if len(runs) != 1:
        return None
    (run,) = runs
    first = run[-1] if len(content) == 1 and len(run) > 1 else run[0]
    return f"{frame[: first.start()]}{slot}{frame[run[-1].end() :]}"


def _with_question_word(text: str, times: tuple[TimeExpression, ...], base: Question) -> Question:
    language = languages.of_text(text)
    own = language.lead.sub("", calendar.without(text, times)).strip(_END)
    frame = f"{own} {base.topic}".strip()
    return _changed(base, text, own=own, inherited=base.topic, frame=frame, times=times)


def _with_pointer(
    text: str, times: tuple[TimeExpression, ...], base: Question, subject: str
) -> Question:
    language = languages.of_text(text)
    own = language.lead.sub("", calendar.without(text, times)).strip(_END)
    frame = _put_for_pointer(language, own, base.topic)
    known = {word.lower() for word in words_of(f"{frame} {base.slot}")}
    if all(word.lower() in known for word in _content(language, words_of(subject))):
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
    language = languages.of_text(text)
    for sentence in _SENTENCE.split(text):
        asks = sentence.endswith("?") and words_of(sentence)
        if asks and not _points_back(language, sentence):
            return sentence
    return text


def topic_phrase(question: str) -> str:
    """What a question is about: its words without the asking and the verb that goes with it."""
    language = languages.of_text(question)
    words = words_of(question)
    lowered = [word.lower() for word in words]
    kept: list[str] = []
    for place, word in enumerate(words):
        before = lowered[place - 1] if place else ""
        after = lowered[place + 1] if place + 1 < len(words) else ""
        beside = after if language.verb_first else before
        is_verb = beside in language.subjects or (before in language.who and not kept)
        if lowered[place] not in language.function_words and not is_verb:
            kept.append(word)
    return " ".join(kept or _content(language, words))


def _put_for_pointer(language: Language, own: str, topic: str) -> str:
    """The question with the topic in the place of the word that points at it."""
    words = list(WORD.finditer(own))
    for place, match in enumerate(words):
        word = match[0].lower()
        pointer = word in language.pointers and (
            own.isupper() or match[0] not in language.never_pointers
        )
        alone = word in language.demonstratives and not (
            language.capital_nouns and place + 1 < len(words) and words[place + 1][0][0].isupper()
        )
        if not pointer and not alone:
            continue
        before, after = own[: match.start()], own[match.end() :]
        if word in language.possessives:
            return f"{before}{after.lstrip()} {topic}"
        return f"{before}{topic}{after}"
    return f"{own} {topic}".strip()


def _content(language: Language, words: Sequence[str]) -> list[str]:
    return [
        word
        for word in words
        if word.lower() not in language.function_words or word in language.never_pointers
    ]
