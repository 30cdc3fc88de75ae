"""Finds what is asked in a long message that tells a story around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stook.knowledge.text.sentences import sentences
from stook.knowledge.text.words import words as words_of
from stook.understanding import languages
from stook.understanding.languages.base import Language
from stook.understanding.names import names

FEWEST_WORDS = 30  # of a message that may tell a story
MOST_SENTENCES = 60
FEWEST_ASKED = 3  # words of a sentence that can be asked alone

_TAG_QUESTION = re.compile(
    r",\s*(?:isn't it|is it|right|aren't they|doesn't it|don't they|oder|nicht wahr|ok|okay)\?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Message:
    """``asked`` is what a message asks for, ``told`` what it tells around it, perhaps nothing."""

    asked: str
    told: str = ""


def told_apart(text: str) -> Message:
    """Tell what is asked from what is told; a short message, and one that only tells, is asked.

    "What's that?" asks for the thing that was named last.
    """
    named = _named_before(text)
    if named is not None:
        return named
    if len(words_of(text)) < FEWEST_WORDS:
        return Message(text)
    language = languages.of_text(text)
    spans = sentences(text)[:MOST_SENTENCES]
    found = [text[span.start : span.end].strip() for span in spans]
    asked = [one for one in found if _asks(one, language)]
    told = [one for one in found if one not in asked]
    if not asked or not told:
        return Message(text)
    return Message(" ".join(map(_without_tag, asked)), " ".join(told))


def _named_before(text: str) -> Message | None:
    """The question what a thing is, by its name, which the sentence before says."""
    before, mark, last = text.rstrip().rpartition(". ")
    pointer = languages.of_text(text).asks_what.search(last.strip())
    found = names(before) if mark and pointer else ()
    if pointer is None or not found:
        return None
    asked = last.strip()
    return Message(f"{asked[: pointer.start(1)]}{found[-1]}{asked[pointer.end(1) :]}", before)


def _asks(sentence: str, language: Language) -> bool:
    words = [word.lower() for word in words_of(sentence)]
    if len(words) < FEWEST_ASKED:
        return False
    lead = language.lead.match(sentence)
    begins = words_of(sentence[lead.end() :] if lead else sentence)[:1]
    opens = bool(begins) and begins[0].lower() in language.question_words - {"when", "wenn"}
    return sentence.endswith(("?", "？")) or opens


def _without_tag(sentence: str) -> str:
    """The sentence without "isn't it" at its end."""
    return _TAG_QUESTION.sub("?", sentence)
