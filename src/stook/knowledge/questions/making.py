"""Makes the questions that a document answers, from its headings, its FAQ and its sentences.

A question is made only where a rule knows how a person would ask: a heading that is a question
is taken as it is, an entry of an FAQ, too; a heading that names what one does becomes "How do
I …?"; a statement becomes a question after what it states ("Carried-over days expire on 31
March" becomes "When do carried-over days expire?"). Everything else makes none.
"""

from __future__ import annotations

import enum
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from stook.knowledge.questions import english, others
from stook.knowledge.questions.english import Lower
from stook.knowledge.questions.language import Language, language_of
from stook.knowledge.store.documents import Span
from stook.knowledge.text.blocks import Block, Kind, blocks
from stook.knowledge.text.sentences import block_sentences, without_marker
from stook.knowledge.text.words import words

LONGEST = 110  # characters of a question
SHORTEST_WORDS = 3
OF_A_SECTION = 2  # statements that become questions
OF_A_DOCUMENT = 60
LONGEST_SENTENCE = 320  # characters; of a longer one, or heading, no question is made
LOOKED_AT = 600  # characters below a heading
SAMPLE = 4000  # characters, by which the language is told

_MARKS = re.compile(r"[*_`~]{1,3}|(?<=\w)\[\^?\w{1,8}\]|\[|\]\([^()\s]{0,500}\)|\\")
_LABEL = re.compile(
    r"^(?:(?:faq|q|question|frage|pregunta|f|p)\s?\d{0,3}\s?[:.)]|\d{1,3}(?:\.\d{1,3}){0,3}[.)]?)\s+",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"^(?:a|answer|antwort|r|respuesta|réponse)\s?\d{0,3}\s?[:.)]\s", re.IGNORECASE
)
_TWO = re.compile(r"[?？؟.!]\s")
_QUESTION_END = re.compile(r"[?？؟]$")
_NOT_TO_ASK = re.compile(r"https?:|www\.|@|[][<>{}|]|\.\.\.|…")
_LEANS = re.compile(r"\b(?:this|these|those|it|they|them|below|above|here)\b", re.IGNORECASE)
_WITHIN = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")  # capitals within a sentence


class Origin(enum.StrEnum):
    """Where a question comes from."""

    HEADING = "heading"
    FAQ = "faq"
    STATEMENT = "statement"
    ASKED = "asked"  # by somebody, who said that the answer was good


@dataclass(frozen=True, slots=True)
class MadeQuestion:
    """A question and the span of the text that answers it."""

    origin: Origin
    question: str
    answer: Span


def questions_of(text: str) -> list[MadeQuestion]:
    """The questions that a text answers, in its order, each once."""
    language = language_of(text[:SAMPLE])
    lower = Names(text).lower
    found: dict[str, MadeQuestion] = {}
    for section in _sections(text):
        for made in _of_section(text, section, language, lower):
            found.setdefault(made.question.casefold(), made)
            if len(found) == OF_A_DOCUMENT:
                return list(found.values())
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Section:
    """A heading with the blocks below it, up to the next heading."""

    heading: str
    level: int
    blocks: tuple[Block, ...]


class Names:
    """Tells which words of a text are names, by how the text writes them."""

    def __init__(self, text: str) -> None:
        self._usual = frozenset(word for word in words(text) if word.islower())
        self._names = frozenset(_WITHIN.findall(text))

    def lower(self, phrase: str) -> str:
        """The phrase as it stands within a sentence: names keep their capitals."""
        first, *others = phrase.split(" ")
        if first == "A" or (first[1:].islower() and first not in self._names):
            first = first[0].lower() + first[1:]
        return " ".join([first, *(self._lower(word) for word in others)])

    def _lower(self, word: str) -> str:
        return word.lower() if word[1:].islower() and word.lower() in self._usual else word


def _sections(text: str) -> Iterator[_Section]:
    heading, level, below = "", 0, list[Block]()
    for block in blocks(text):
        if block.kind is Kind.HEADING:
            yield _Section(heading, level, tuple(below))
            heading, level, below = block.title, block.level, []
        else:
            below.append(block)
    yield _Section(heading, level, tuple(below))


def _of_section(
    text: str, section: _Section, language: Language, lower: Lower
) -> Iterator[MadeQuestion]:
    if not section.blocks:
        return
    body = Span(section.blocks[0].start, section.blocks[-1].end)
    if section.level > 1 and 0 < len(section.heading) <= LONGEST_SENTENCE:
        heading = _plain(section.heading)
        below = text[body.start : min(body.end, body.start + LOOKED_AT)]
        question = _as_asked(heading) or _of_heading(heading, below, language, lower)
        if question:
            yield MadeQuestion(Origin.HEADING, question, body)
    yield from _entries(text, section)
    statements = 0
    for block in section.blocks:
        if block.kind not in (Kind.PARAGRAPH, Kind.ITEM):
            continue
        for span in block_sentences(text, block):
            question = _of_sentence(text, without_marker(text, span), language, lower)
            if question and statements < OF_A_SECTION:
                statements += 1
                yield MadeQuestion(Origin.STATEMENT, question, span)


def _entries(text: str, section: _Section) -> Iterator[MadeQuestion]:
    """Lines that are questions, each with what follows up to the next one."""
    lines = list(_lines(text, section))
    asking = [number for number, (_, line) in enumerate(lines) if _QUESTION_END.search(line)]
    for number, following in itertools.pairwise([*asking, len(lines)]):
        answer = lines[number + 1 : following]
        question = _as_asked(lines[number][1])
        if answer and question:
            yield MadeQuestion(Origin.FAQ, question, Span(answer[0][0].start, answer[-1][0].end))


def _lines(text: str, section: _Section) -> Iterator[tuple[Span, str]]:
    for block in section.blocks:
        if block.kind not in (Kind.PARAGRAPH, Kind.ITEM):
            continue
        start = block.start
        for line in text[block.start : block.end].split("\n"):
            span = without_marker(text, Span(start, start + len(line)))
            start += len(line) + 1
            if span.start < span.end:
                yield span, _plain(text[span.start : min(span.end, span.start + LONGEST_SENTENCE)])


def as_question(text: str) -> str:
    """What somebody asked, where others understand it as it stands; else ""."""
    bare = " ".join(text.split())
    return _as_asked(bare) if len(bare) <= LONGEST else ""


def _as_asked(line: str) -> str:
    """The line, if it is a question and nothing else."""
    bare = _LABEL.sub("", line).strip()
    if not _QUESTION_END.search(bare) or _ANSWER.match(bare) or _TWO.search(bare):
        return ""
    if _NOT_TO_ASK.search(bare) or _LEANS.search(bare):
        return ""
    return _fit(bare[0].upper() + bare[1:])


def _of_heading(heading: str, below: str, language: Language, lower: Lower) -> str:
    bare = _LABEL.sub("", heading).strip(" .:")
    if _NOT_TO_ASK.search(bare) or not bare:
        return ""
    if language is Language.ENGLISH:
        return _fit(english.of_heading(bare, below, lower))
    return _fit(others.of_heading(bare, language))


def _of_sentence(text: str, span: Span, language: Language, lower: Lower) -> str:
    if span.end - span.start > LONGEST_SENTENCE:
        return ""
    sentence = _plain(text[span.start : span.end])
    if _NOT_TO_ASK.search(sentence) or _QUESTION_END.search(sentence):
        return ""
    if language is Language.ENGLISH:
        return _fit(english.of_sentence(sentence, lower))
    return _fit(others.of_sentence(sentence, language))


def _plain(text: str) -> str:
    return " ".join(_MARKS.sub("", text).split())


def _fit(question: str) -> str:
    if not len(question.split()) >= SHORTEST_WORDS or len(question) > LONGEST:
        return ""
    return question
