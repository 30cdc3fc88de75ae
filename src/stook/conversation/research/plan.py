"""Takes a question apart into questions that one search each can answer, by its words alone.

Comparisons ("the difference between A and B in C") become a part for each side, lists ("in A, B
and C") a part for each item, and questions joined by "and" one for each of them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stook.understanding.languages import ENGLISH, GERMAN

MOST_PARTS = 6
LONGEST = 600  # characters; longer questions are texts, and are taken as they are
LONGEST_ITEM = 4  # words of an item of a list

_SUBJECT = (
    r"(?:\s*[,:]?\s+(?:in terms of|with (?:regard|respect) to|when it comes to|regarding"
    r"|concerning|as to|in|on|about)\s+(?P<about>[^,]+))?"
)
_END = r"\s*[?.!]*$"
_A_NAME = r"(?-i:[A-Z])\w*(?: (?-i:[A-Z])\w*){0,3}"
_OF_NAMES = (
    rf"(?P<one>{_A_NAME}) (?:and|or) (?P<other>{_A_NAME})\b.*?(?:\beach (?:of (?:them|these))?|"
    r"\bhow do they|\bwhich (?:one|of)|\bwhat is the difference).*?"
)
_COMPARES_NAMES = re.compile(_OF_NAMES, re.IGNORECASE)
_COMPARISONS = tuple(
    re.compile(rf"\A{pattern}{'' if '(?P<about>' in pattern else _SUBJECT}{_END}", re.IGNORECASE)
    for pattern in (
        r".*?\bdifferences?\b.*?\bbetween (?P<one>.+?) and (?P<other>.+?)",
        r".*?\bcompare (?P<one>.+?) (?:with|to|and|against|versus) (?P<other>.+?)",
        r"how (?:do|does|is|are) (?P<one>.+?) (?:differ|different|compare|compared) "
        r"(?:from|to|with) (?P<other>.+?)",
        r"(?:how|in what|where) (?:do|does|are) (?P<one>.+?) and (?P<other>.+?) "
        r"(?:differ|compare|different)",
        r"(?:is|are) (?:the |our |their )?(?P<about>.+?) (?:any )?(?:different|the same|equal) "
        r"for (?P<one>.+?) (?:and|or) (?:for )?(?P<other>.+?)",
        _OF_NAMES,
        r"(?P<one>[^,?]{1,60}?) (?:vs\.?|versus) (?P<other>[^,?]{1,60}?)",
        r"vergleiche? (?P<one>.+?) (?:mit|und) (?P<other>.+?)",
        r".*?\bunterschiede?n?\b.*?\bzwischen (?P<one>.+?) und (?P<other>.+?)",
    )
)
_ALSO_ASKS = re.compile(
    r"[?;]\s+(?:and\s+|also,?\s+)?(?=\w)"
    r"|,?\s+(?:and|und)\s+(?:also\s+)?(?=(?:(?:within|for|by|at|in|on|from|to|until|since|with)"
    r"\s+)?(?:how|what|when|where|who|whom|whose|which|why|wie|was"
    r"|wann|wo|wer|warum|welche[rsn]?)\b)"
    r"|,\s+(?=(?:how|what|when|why|wie|was|wann|warum)\b)"
    r"|(?:,?\s+and|,)\s+(?:if\s+(?:so|yes),?\s+)?(?=(?:is|are|do|does|did|can|may|must|should|will"
    r"|would|has|have)\s+(?:i|we|you|it|they|there|the|an?|my|our|he|she)\b)"
    r"|,?\s+(?:and|und)\s+(?:if\s+(?:so|yes),?\s+)?(?=how\b)",
    re.IGNORECASE,
)
_CONTEXT = re.compile(
    r"(?:[^?:]*:|[^?:,]{2,80}?\s[-–—](?=\s+(?:(?:for|by|at|in|on|from|to|until|since|with)\s+)?"
    r"(?:how|what|when|where|who|whom|whose|which|why|is|are|do|does|can|may|must)\b)"
    r"|(?:when|if|once|after|before|while|wenn|falls)\b[^,?]*,)\s+(?=\w)",
    re.IGNORECASE,
)
_STANDS_FOR = re.compile(r"^(?:that|those|the one|the ones) (?:of|for|in|on|at) ", re.IGNORECASE)
_BROAD = re.compile(
    r"\b(?:everything|overview|summar(?:y|i[sz]e)|in detail|pros and cons|advantages|step by step"
    r"|all (?:about|the|our|of)|both|each of|respectively|versus|vs)\b",
    re.IGNORECASE,
)
_JOINS = frozenset({"and", "or", "und", "oder", "versus", "vs", "vs."})
_BEFORE_ITEMS = ENGLISH.prepositions | GERMAN.prepositions | {"of", "about", "between", "into"}
_DETERMINERS = frozenset({"the", "a", "an", "my", "our", "your", "their"})
_ASKING = ENGLISH.function_words | ENGLISH.auxiliaries | ENGLISH.question_words
_AUXILIARIES = ENGLISH.auxiliaries | GERMAN.auxiliaries
_QUESTION_WORDS = ENGLISH.question_words | GERMAN.question_words
_STOPS = (_ASKING | _BEFORE_ITEMS | _JOINS) - {"it"}
_MARKS = ",;:?!."


@dataclass(frozen=True, slots=True)
class Part:
    """A question of its own; ``label`` says which side or item it is about, if it is one.

    ``is_side``: of a comparison, which is ``about`` something, perhaps. ``is_name``: the item is
    written as a name.
    """

    text: str
    label: str = ""
    is_side: bool = False
    is_name: bool = False
    about: str = ""


def parts_of(question: str, *, names_only: bool = False) -> tuple[Part, ...]:
    """The parts of a question, in its order; the question itself where it has none.

    ``names_only``: only names make a list ("in Boston and Porto", not "for bread and butter").
    """
    if len(question) > LONGEST:
        return (Part(question),)
    found = [part for clause in _clauses(question) for part in _parts(clause, names_only)]
    distinct = list({part.text.casefold(): part for part in found}.values())
    return tuple(distinct[:MOST_PARTS]) or (Part(question),)


def is_deep(question: str) -> bool:
    """Whether one search will hardly do."""
    return len(parts_of(question)) > 1 or bool(_BROAD.search(question))


def _clauses(question: str) -> Iterator[str]:
    """The questions that are asked one after another, each with what was said before them."""
    if _COMPARES_NAMES.match(question):
        yield question
        return
    context = _CONTEXT.match(question)
    if context:
        yield from (context[0] + clause for clause in _clauses(question[context.end() :]))
        return
    start = 0
    for match in _ALSO_ASKS.finditer(question):
        before, behind = question[start : match.start()], question[match.end() :]
        if _says_something(before) and _says_something(behind) and _asks(before + match[0]):
            yield before.strip()
            start = match.end()
    yield question[start:].strip()


def _asks(text: str) -> bool:
    """Whether a clause asks: "my edit is important, how do I announce it" does so once."""
    words = [word.strip(_MARKS).lower() for word in text.split()]
    return "?" in text or words[0] in _AUXILIARIES or any(word in _QUESTION_WORDS for word in words)


def _says_something(text: str) -> bool:
    return any(word.strip(_MARKS).lower() not in _STOPS for word in text.split() if word)


def _parts(clause: str, names_only: bool) -> list[Part]:
    compared = _compared(clause)
    if compared:
        return compared
    listed = _listed(clause.split())
    if names_only and not all(part.label[:1].isupper() and part.is_name for part in listed):
        listed = []
    return listed or [Part(clause)]


# --- comparisons -------------------------------------------------------------------------------


def _compared(clause: str) -> list[Part]:
    for pattern in _COMPARISONS:
        match = pattern.match(clause)
        if match:
            one, other = match["one"].strip(), match["other"].strip()
            sides = (_with_shared_end(one, other), _spelled_out(other, one))
            about = (match.groupdict().get("about") or "").strip(_MARKS + " ")
            return [
                Part(_about(side, about), _name(side), is_side=True, about=about) for side in sides
            ]
    return []


def _spelled_out(side: str, first: str) -> str:
    """ "That of B" in the words of the first side, whose last word stands where B does."""
    match = _STANDS_FOR.match(side)
    words = first.split()
    is_name = len(words) > 1 and all(word[:1].isupper() for word in (*words, side))
    if is_name and len(side.split()) == 1:  # "Weir River and Brook"
        return f"{' '.join(words[:-1])} {side}"
    return f"{first.rsplit(None, 1)[0]} {side[match.end() :]}" if match else side


def _with_shared_end(one: str, other: str) -> str:
    """ "Bristol" of "the Bristol and Hamburg offices" as "Bristol offices"."""
    last = other.split()[-1]
    shares = one.split()[-1][:1].isupper() and last.islower() and len(other.split()) > 1
    return f"{one} {last}" if shares and len(one.split()) <= 2 else one


def _about(side: str, about: str) -> str:
    return f"{about}: {side}?" if about else f"{side}?"


# --- lists -------------------------------------------------------------------------------------


def _listed(words: Sequence[str]) -> list[Part]:
    """A part for each item of the first list that there is."""
    for place, word in enumerate(words):
        if word.lower() not in _JOINS or not 0 < place < len(words) - 1:
            continue
        start, items = _items_before(words, place)
        are_names = all(part[:1].isupper() for item in items for part in item.split())
        last, end = _item_after(words, place + 1, are_names)
        if not (last and items):
            continue
        anchored = start > 0 and words[start - 1].lower() in _BEFORE_ITEMS
        if anchored or all(item[:1].isupper() for item in (*items, last)):
            head, tail = " ".join(words[:start]), " ".join(words[end:])
            mark = "" if tail else "?"
            return [
                Part(
                    f"{head} {item} {tail}".strip() + mark, _name(item), is_name=item[:1].isupper()
                )
                for item in (*items, last)
            ]
    return []


def _item_after(words: Sequence[str], start: int, is_name: bool) -> tuple[str, int]:
    """The item that begins there, and where it ends; a preposition before it is left out."""
    place = start
    while place < len(words) and words[place].lower() in _BEFORE_ITEMS | _DETERMINERS:
        place += 1
    taken: list[str] = []
    for word in itertools.islice(words, place, place + LONGEST_ITEM):
        if word.strip(_MARKS).lower() in _STOPS or (is_name and word[:1].islower()):
            break
        taken.append(word.rstrip(_MARKS))
        if word[-1] in _MARKS:
            break
    return " ".join(taken), place + len(taken)


def _items_before(words: Sequence[str], join: int) -> tuple[int, list[str]]:
    """Where the items that end before the join begin, and what they are."""
    items: list[str] = []
    place = join
    while place > 0:
        item, begin = _item_before(words, place)
        if not item:
            break
        items.insert(0, item)
        place = begin
        again = begin > 1 and words[begin - 1].lower() in _BEFORE_ITEMS  # "in A, in B and in C"
        before = begin - 1 if again else begin
        if before == 0 or not words[before - 1].endswith(","):
            break
        place = before
    return place, items


def _item_before(words: Sequence[str], end: int) -> tuple[str, int]:
    taken: list[str] = []
    place = end
    while place > 0 and len(taken) < LONGEST_ITEM:
        word = words[place - 1]
        ends_another = bool(taken) and word[-1] in _MARKS
        if ends_another or word.strip(_MARKS).lower() in _STOPS:
            break
        taken.insert(0, word.rstrip(_MARKS))
        place -= 1
    while taken and place > 0 and words[place - 1].lower() in _DETERMINERS:
        place -= 1
    return " ".join(taken), place


def _name(side: str) -> str:
    words = side.strip(_MARKS + " ").split()
    while words and words[0].lower() in _DETERMINERS:
        words = words[1:]
    name = " ".join(words)
    return name[:1].upper() + name[1:]
