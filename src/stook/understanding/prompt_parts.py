"""Finds the question in a prompt that a program wrote around it.

A prompt has parts. Labels name them ("Context: …", "Question: …", "Frage: …"), tags enclose them,
or sentences do their work: "You are an HR assistant.", "Answer in one sentence." What somebody
wrote by hand has neither, and is the question as it stands.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stook.knowledge.text.sentences import sentences
from stook.understanding.languages import LANGUAGES

LONGEST_LABEL = 160  # characters before a colon
FEWEST_WORDS = 3  # of a piece of text that can be a passage


class Role(enum.Enum):
    """What a part of a prompt is for."""

    QUESTION = enum.auto()
    PASSAGES = enum.auto()
    ANSWER = enum.auto()
    RULES = enum.auto()


@dataclass(frozen=True, slots=True)
class PromptParts:
    """``passages`` were sent along to be answered from; ``instructions`` say how to answer."""

    question: str
    instructions: str = ""
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a prompt: the label that opened it, what the label makes of it, its text."""

    head: str
    role: Role | None
    body: str


_WORDS = [language.prompts for language in LANGUAGES.values()]
_NOUNS = (
    (Role.QUESTION, [words.questions for words in _WORDS]),
    (Role.PASSAGES, [words.passages for words in _WORDS]),
    (Role.ANSWER, [words.answers for words in _WORDS]),
    (Role.RULES, [words.rules for words in _WORDS]),
)
_QUALIFIERS = [words.qualifiers for words in _WORDS]
_WORD = re.compile(r"[\w'’-]+")
_TAG = re.compile(r"<(/?)([A-Za-z_-]{1,40})>|\[(/?)([A-Z_-]{3,40})\]")
_CLOSED = "\x1f"  # a line in the place of a closing tag
_EMPHASIS = re.compile(r"[*_]{0,3}(?=\s|$)")
_MARKUP = re.compile(r"^[\s>#*_=-]+|(?<![\s*_#=-])[\s*_#=-]+$")
_RULE = re.compile(r"^\s*(?:[-=*_~`#]{3,}|\"{3}|'{3}|`{3}\w*)\s*$")
_ASIDE = re.compile(r"(?<!\s)\s*\(([^()]{1,100})\)\s*$")


def read_prompt(text: str) -> PromptParts:
    """Take a prompt apart; a text without the marks of one is the question as a whole."""
    parts = _with_last_question(list(_parts(text)))
    labelled = any(part.role for part in parts)
    asked = _asked(parts) if labelled else None
    if asked is None:
        return _unlabelled(parts, text)
    place, question, ways = asked
    passages, rules = _around([part for index, part in enumerate(parts) if index != place])
    found = PromptParts(question, "\n".join([*rules, parts[place].head, *ways]).strip(), passages)
    return found if question else PromptParts(text.strip())


def passages_beside(text: str, *, whole: bool) -> tuple[str, ...]:
    """The passages in a text that came beside a question: in a system message, say.

    ``whole``: what no label names is a passage, too, unless it says how to answer. Else it is one
    only behind a sentence that announces passages.
    """
    found: list[str] = []
    for part in _parts(text):
        if part.role is Role.PASSAGES:
            found.append(part.body)
        elif part.role is None:
            ways, rest = _told_apart(part.body)
            if whole or any(_gives_passages(way) for way in ways):
                found.append(_joined(rest))
    return tuple(body for body in found if _is_passage(body))


# --- parts and their labels ----------------------------------------------------------------------


def _parts(text: str) -> Iterator[_Part]:
    """The parts in order; what stands before the first label has none."""
    head, role = "", None
    body: list[str] = []
    for label, kind, rest in _pieces(text):
        if label is None:
            body.append(rest)
            continue
        yield _Part(head, role, "\n".join(body).strip())
        head, role, body = label, kind, [rest]
    yield _Part(head, role, "\n".join(body).strip())


def _with_last_question(parts: list[_Part]) -> list[_Part]:
    """The parts, where the passages end with a question in a paragraph of its own."""
    last = parts[-1]
    before, _, paragraph = last.body.rpartition("\n\n")
    asks = paragraph.rstrip().endswith(("?", "？")) and _is_passage(before)
    if last.role is not Role.PASSAGES or not asks:
        return parts
    return [*parts[:-1], _Part(last.head, last.role, before), _Part("", Role.QUESTION, paragraph)]


def _pieces(text: str) -> Iterator[tuple[str | None, Role | None, str]]:
    """Runs of text: the label before each, if there is one, its role, and the text."""
    for line in _TAG.sub(_as_label, text).split("\n"):
        if _RULE.match(line):
            continue
        if line == _CLOSED:
            yield "", None, ""
            continue
        whole = _MARKUP.sub("", line)
        heading = line.lstrip()[:1] in ("#", "*") and not whole.endswith((".", "?", "!"))
        if heading and (role := _bare_role(whole.rstrip(":"))):
            yield whole, role, ""
            continue
        yield from _labels(line)


def _as_label(tag: re.Match[str]) -> str:
    """An opening tag as a label; what follows the closing one belongs to no part."""
    name = (tag[2] or tag[4]).replace("_", " ").replace("-", " ")
    if _bare_role(name) is None:
        return tag[0]
    return f"\n{_CLOSED}\n" if tag[1] or tag[3] else f"\n{name}: "


def _labels(line: str) -> Iterator[tuple[str | None, Role | None, str]]:
    """The labels of a line: at its start, and at the start of its sentences."""
    begin = 0
    label: str | None = None
    role: Role | None = None
    for span in sentences(line):
        found = _label(line[span.start : span.end])
        if found is None:
            continue
        before = line[begin : span.start].strip()
        if before or label is not None:
            yield label, role, before
        label, role, length = found
        begin = span.start + length
    yield label, role, line[begin:].strip()


def _label(sentence: str) -> tuple[str, Role, int] | None:
    """A label that a sentence begins with, its role, and where it ends."""
    end = sentence[:LONGEST_LABEL].find(":")
    emphasis = _EMPHASIS.match(sentence, end + 1)
    if end < 0 or emphasis is None:
        return None
    head = _MARKUP.sub("", sentence[:end])
    role = _bare_role(head)
    if role is None and is_instruction(head):
        role = _last_role(head) or Role.QUESTION
        role = Role.QUESTION if role in (Role.ANSWER, Role.RULES) else role
    return (head, role, emphasis.end()) if role else None


def _bare_role(head: str) -> Role | None:
    """The role of a label that is a name and nothing else: "Question", "Relevant documents"."""
    words = _WORD.findall(head)
    if not words or len(words) > 5:
        return None
    known = (word.isdigit() or _role(word) or _matches(_QUALIFIERS, word) for word in words)
    return _last_role(head) if all(known) else None


def _last_role(head: str) -> Role | None:
    """The role that the last name of one in a label gives it; "a" is one only by itself."""
    words = _WORD.findall(head)
    roles = [role for word in words if len(word) > 1 or len(words) == 1 if (role := _role(word))]
    return roles[-1] if roles else None


def _role(word: str) -> Role | None:
    bare = re.sub(r"['’]s?$", "", word)
    return next((role for role, nouns in _NOUNS if _matches(nouns, bare)), None)


def _matches(patterns: Sequence[re.Pattern[str]], word: str) -> bool:
    return any(each.fullmatch(word) for each in patterns)


# --- the question among the parts ----------------------------------------------------------------


def _asked(parts: Sequence[_Part]) -> tuple[int, str, list[str]] | None:
    """The part with the question, the question in it, and the instructions beside it.

    The last one that is labelled; one before the passages comes first, as passages may hold
    questions of their own. Without a label, what ends the passages or stands before them.
    """
    named = [place for place, part in enumerate(parts) if part.role is Role.QUESTION and part.body]
    given = [place for place, part in enumerate(parts) if part.role is Role.PASSAGES]
    early = [place for place in named if given and place < given[0]]
    for place in [*early[-1:], *named[-1:]]:
        ways, rest = _told_apart(parts[place].body)
        return place, _joined(rest), ways
    bare = [place for place, part in enumerate(parts) if part.role is None]
    for place in reversed(bare):
        ways, rest = _told_apart(parts[place].body)
        if rest and given:
            return place, _joined(rest), ways
    return None


def _around(parts: Sequence[_Part]) -> tuple[tuple[str, ...], list[str]]:
    """The passages and the instructions of the other parts."""
    passages: list[str] = []
    rules: list[str] = []
    for index, part in enumerate(parts):
        if part.role is Role.PASSAGES and _is_passage(part.body):
            passages.append(part.body)
        elif part.role in (None, Role.RULES):
            ways, rest = _told_apart(part.body)
            follows = any(_gives_passages(way) for way in ways)
            if part.role is None and index == 0 and follows and _is_passage(_joined(rest)):
                passages.append(_joined(rest))
                rest = []
            rules += [*ways, *rest]
    return tuple(passages), rules


def _unlabelled(parts: Sequence[_Part], text: str) -> PromptParts:
    """A prompt whose sentences alone tell what is what."""
    ways, rest = _told_apart("\n".join(filter(None, (_whole(part) for part in parts))))
    if not ways or not rest:
        return PromptParts(_without_lead(text.strip()))
    if not any(_gives_passages(way) for way in ways) or len(rest) < 2:
        return PromptParts(_without_lead(_joined(rest)), "\n".join(ways))
    asks = [place for place, each in enumerate(rest) if each.endswith(("?", "？"))]
    place = asks[-1] if asks else len(rest) - 1
    others = [each for index, each in enumerate(rest) if index != place]
    return PromptParts(_without_lead(rest[place]), "\n".join(ways), (_joined(others),))


def _whole(part: _Part) -> str:
    return f"{part.head}: {part.body}" if part.head else part.body


def _told_apart(text: str) -> tuple[list[str], list[str]]:
    """The sentences that say how to answer, and the others."""
    ways: list[str] = []
    rest: list[str] = []
    for span in sentences(text):
        sentence = text[span.start : span.end]
        aside = _ASIDE.search(sentence)
        if aside and is_instruction(aside[1]):
            ways.append(aside[1])
            sentence = sentence[: aside.start()]
        (ways if is_instruction(sentence) else rest).append(sentence)
    return ways, [_without_lead(each) for each in rest]


def is_instruction(sentence: str) -> bool:
    """Whether a sentence says how to answer, and asks for nothing itself."""
    bare = _MARKUP.sub("", sentence)
    if bare.endswith(("?", "？")):
        return False
    return any(words.instruction.match(bare) for words in _WORDS)


def _gives_passages(sentence: str) -> bool:
    return any(words.given.search(sentence) for words in _WORDS)


def _is_passage(text: str) -> bool:
    return len(_WORD.findall(text)) >= FEWEST_WORDS


def _without_lead(question: str) -> str:
    """The question without "using the documents above, " before it."""
    for words in _WORDS:
        if lead := words.based_on.match(question):
            rest = question[lead.end() :]
            return rest[:1].upper() + rest[1:]
    return question


def _joined(texts: Sequence[str]) -> str:
    return "\n".join(texts).strip()
