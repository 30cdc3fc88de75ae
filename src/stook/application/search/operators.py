"""What a typed query says besides its words: operators, phrases, and words left out.

leave policy type:page from:"Rita Reader" -draft "carry over" updated:past_week
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from stook.errors import InvalidRequest

MOST_PHRASES = 20  # phrases, and words left out, of one query
OPERATORS = {
    "app": "app",
    "author": "author",
    "container": "container",
    "from": "from",
    "last_updated_at": "last_updated_at",
    "owner": "owner",
    "type": "type",
    "updated": "last_updated_at",
    "before": "last_updated_at",
    "after": "last_updated_at",
}
_VALUE = r'"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]+)'
_NAME = "|".join(OPERATORS)
_OPERATOR = re.compile(rf"(?<!\S)(?P<not>-?)(?P<name>{_NAME}):(?:{_VALUE})", re.IGNORECASE)
_PHRASE = re.compile(r'(?<!\S)(?P<not>-?)"(?P<phrase>[^"]+)"')
_LEFT_OUT = re.compile(r"(?<!\S)-(?P<word>[^\W\d_]\S*)")
_QUOTES = str.maketrans("“”„«»", '"""""')


@dataclass(frozen=True, slots=True)
class Operator:
    """``name:value``, or ``-name:value``; the name as it was typed, in lower case."""

    name: str
    value: str
    negated: bool

    @property
    def field(self) -> str:
        return OPERATORS[self.name]


@dataclass(slots=True)
class TypedQuery:
    """A query taken apart; ``text`` is what is searched for, words of phrases among it."""

    text: str = ""
    operators: list[Operator] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)


def parse(query: str) -> TypedQuery:
    """Take a query apart; what is no operator stays text. Raises InvalidRequest."""
    typed = TypedQuery()

    def take_operator(found: re.Match[str]) -> str:
        value = found["quoted"] if found["bare"] is None else found["bare"]
        typed.operators.append(Operator(found["name"].lower(), value.strip(), bool(found["not"])))
        return " "

    def take_phrase(found: re.Match[str]) -> str:
        phrase = " ".join(found["phrase"].split())
        (typed.without if found["not"] else typed.phrases).append(phrase)
        return " " if found["not"] else f" {phrase} "

    def take_word(found: re.Match[str]) -> str:
        typed.without.append(found["word"])
        return " "

    rest = _OPERATOR.sub(take_operator, query.translate(_QUOTES))
    rest = _LEFT_OUT.sub(take_word, _PHRASE.sub(take_phrase, rest))
    typed.phrases = [phrase for phrase in typed.phrases if phrase]
    typed.text = " ".join(rest.split())
    if len(typed.phrases) + len(typed.without) > MOST_PHRASES:
        raise InvalidRequest(
            f"The query holds more than {MOST_PHRASES} phrases and words left out, the most that "
            "are looked at."
        )
    return typed
