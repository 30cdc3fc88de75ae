"""What a question asks for to the letter: quoted phrases, and identifiers such as ERR-4711.

A text holds a phrase where its words stand in a row; case, Markdown's marks, the addresses of
links and the punctuation between words do not matter. An identifier must stand there whole:
ERR-4711 is not in ERR-4711-B. The digits of a telephone number may be grouped in any way.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stook.knowledge.text import analysis

MOST = 4  # phrases and identifiers of a question
LONGEST = 300  # characters of a phrase
# So few quoted words among others may as well be a name as a wording: what holds them counts for
# more, but need not come first. The 28 questions with quotation marks of xquad ar: nDCG@10
# .85 -> .96.
NAME_WORDS, NAME_WEIGHT = 3, 0.3

_QUOTED = re.compile(
    r'(?<!\w)"([^"\n]+)"(?!\w)|[“„]([^“”„"\n]+)[“”"]|«([^«»\n]+)»|»([^«»\n]+)«'
    r"|「([^「」\n]+)」|『([^『』\n]+)』"
)
_DATE = r"\d\d?[./-]\d\d?[./-]\d\d(?:\d\d)?(?![\w./-])"
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@\w[\w-]*(?:\.\w[\w-]*)+")
_PHONE = re.compile(rf"(?<![\w.+])(?!{_DATE})(?:\+\d|\(?0\d)(?:[ ()/.-]{{0,2}}\d){{5,}}(?!\w)")
_TOKEN = re.compile(r"\w+(?:[-._/:@#]+\w+)*")
# Not HIV-1, IL-6, RAD52 or bnAb, which others write otherwise: insisting on these lost on scifact.
_IDENTIFIER = re.compile(
    rf"""(?!{_DATE})(?:
    \w*[^\W\d_]_\w+(?:[.:]+\w+)*                                # foo_bar.baz
    | [^\W\d_]\w+(?:(?:\.|::)[^\W\d_]\w+)+                      # config.yaml
    | [vV]\d+(?:\.\d+)+(?:[-.]\w+)* | \d+(?:\.\d+){{2,}}(?:-\w+)*  # v2.14.1
    | (?=(?:\D*\d){{3}})(?=.*[A-Z])[A-Z\d]+(?:[-/.][A-Z\d]+)+    # ERR-4711
    | [A-Z]{{2,}}\d{{3,}}                                       # RFC2119
    | [A-Za-z]{{2,}}-\d{{3,}}                                   # err-4711
    | [a-z]{{2,}}(?:[A-Z][a-z]+){{2,}}                           # getUserName
    )""",
    re.VERBOSE,
)
_LINK = re.compile(r"\]\([^()\s]*\)")
_ALIKE = str.maketrans("‐‑‒–’‘", "----''")
_BETWEEN = r"[\W_]{1,8}"  # words of a phrase
_SPACED = r"[ ()/.-]{0,3}"  # digits of a telephone number


@dataclass(frozen=True, slots=True)
class ExactPhrase:
    """``terms``: those that a passage has which holds it (see ``analysis``), and others may.

    ``weight`` says how much holding it counts against the ranking's own scores, which are from 0
    to 1: 1 puts what holds it first.
    """

    terms: tuple[str, ...]
    pattern: re.Pattern[str]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A question without its quotation marks, and what it asks for to the letter."""

    text: str
    phrases: tuple[ExactPhrase, ...]


def parse(question: str, phrases: Sequence[str] = ()) -> ParsedQuery:
    """What a question asks for to the letter; ``phrases`` are asked for besides, at full weight."""
    quoted = [next(filter(None, found.groups())) for found in _QUOTED.finditer(question)]
    text = _QUOTED.sub(lambda found: next(filter(None, found.groups())), question)
    unquoted = masked(question)
    among_others = bool(analysis.query_terms(unquoted))
    found = [_phrase(each) for each in dict.fromkeys(phrases)]
    found += [_quoted(each, among_others) for each in dict.fromkeys(quoted)]
    found += _identifiers(unquoted)
    kept: dict[re.Pattern[str], ExactPhrase] = {}
    for one in filter(None, found):
        kept.setdefault(one.pattern, one)
    return ParsedQuery(text, tuple(kept.values())[:MOST])


def masked(text: str) -> str:
    """The text with spaces for what is in quotation marks."""
    return _QUOTED.sub(lambda found: " " * len(found[0]), text)


def weight_held(text: str, phrases: Sequence[ExactPhrase]) -> float:
    """What those of the phrases weigh that a text holds."""
    folded = _folded(text)
    return sum(one.weight for one in phrases if one.pattern.search(folded))


def holds_phrase(text: str, phrase: str) -> bool:
    """Whether a text holds these words in a row."""
    found = _phrase(phrase)
    return found is not None and found.pattern.search(_folded(text)) is not None


def _identifiers(text: str) -> Iterator[ExactPhrase | None]:
    for found in _EMAIL.findall(text):
        yield _identifier(found.rstrip("."))
    text = _EMAIL.sub(" ", text)
    for found in _PHONE.findall(text):
        yield _telephone(found)
    for token in _TOKEN.findall(_PHONE.sub(" ", text)):
        if len(token) <= LONGEST and _IDENTIFIER.fullmatch(token):
            yield _identifier(token)


def _quoted(phrase: str, among_others: bool) -> ExactPhrase | None:
    found = _phrase(phrase)
    is_name = among_others and len(analysis.terms(phrase)) <= NAME_WORDS
    return replace(found, weight=NAME_WEIGHT) if found and is_name else found


@functools.lru_cache(256)
def _phrase(phrase: str) -> ExactPhrase | None:
    words = _folded(phrase[:LONGEST]).strip(" .,;:!?…").split()
    return _exact(" ".join(words), _BETWEEN.join(map(re.escape, words)), edge="")


def _identifier(name: str) -> ExactPhrase | None:
    folded = _folded(name)
    return _exact(folded, re.escape(folded), edge="[-.@_]")


def _telephone(number: str) -> ExactPhrase | None:
    digits = re.findall(r"\d", number)
    groups = " ".join(re.findall(r"\d+", number))
    return _exact(groups, _SPACED.join(digits), edge="[-.@_]")


def _exact(words: str, pattern: str, edge: str) -> ExactPhrase | None:
    """``edge``: the signs that join an identifier to the rest of a longer one."""
    terms = tuple(dict.fromkeys(analysis.terms(words)))
    if not terms:
        return None
    before = rf"(?<!\w)(?<!\w{edge})" if edge else r"(?<!\w)"
    after = rf"(?!\w)(?!{edge}\w)" if edge else r"(?!\w)"
    before = "" if analysis.is_unspaced(words[0]) else before
    after = "" if analysis.is_unspaced(words[-1]) else after
    return ExactPhrase(terms, re.compile(f"{before}{pattern}{after}"))


def _folded(text: str) -> str:
    plain = _LINK.sub("]", text).translate(_ALIKE)
    return unicodedata.normalize("NFKC", plain).casefold()
