"""Quantities in questions, and the ranges in documents that they fall into.

"Who approves £5,000?" is answered by the row that begins "above £3,500": the words do not tell it
from the row "up to £400", the numbers do.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from stook.knowledge.text.analysis import terms
from stook.knowledge.text.numbers import WRITTEN

DAYS = {"day": 1.0, "week": 7.0, "month": 30.0, "year": 365.0, "hour": 1 / 24}
TIME = "day"  # the unit that these are counted in

_SIGN = r"[$€£¥]"
_IN_WORDS = WRITTEN | {"one": "1"}
_WORDS = "|".join(_IN_WORDS)
_QUANTITY = (
    rf"(?:(?P<sign{{0}}>{_SIGN})\s?)?(?P<number{{0}}>\d{{{{1,3}}}}(?:[,’ ]\d{{{{3}}}}){{{{1,6}}}}"
    rf"(?:\.\d{{{{1,20}}}})?"
    rf"|\d{{{{1,20}}}}(?:\.\d{{{{1,20}}}})?|\b(?:{_WORDS})\b)(?P<times{{0}}>(?:k|m)\b)?"
    rf"(?:[ \u00a0-]?(?P<unit{{0}}>{_SIGN}|%|[^\W\d_]{{{{1,60}}}}))?"
)
_ONE, _FIRST, _SECOND = (_QUANTITY.format(name) for name in ("", "1", "2"))
_BELOW = (
    "up to|at most|(?:no|not) more than|below|under|less than|fewer than|within|maximum(?: of)?"
)
_ABOVE = "above|over|more than|longer than|at least|from|exceeding|beyond|minimum(?: of)?"
_BETWEEN = re.compile(rf"{_FIRST}\s*(?:to|and|until|[–—-])\s*{_SECOND}", re.IGNORECASE)
_BOUND = re.compile(
    rf"\b(?:(?P<below>{_BELOW})|(?P<above>{_ABOVE}))\s+(?:the\s+)?{_ONE}", re.IGNORECASE
)
_OR = re.compile(
    rf"{_ONE}\s+(?:or|and)\s+(?:(?P<below>less|fewer|below)|(?P<above>more|longer|above))\b",
    re.IGNORECASE,
)
# Far sooner looked for than numbers that come before.
_BETWEEN_CUE = re.compile(
    rf"(?:\b(?:to|and|until)\s+|[–—-]\s*)(?:{_SIGN}\s?)?(?:\d|(?:{_WORDS})\b)", re.IGNORECASE
)
_OR_CUE = re.compile(r"\b(?:or|and)\s+(?:less|fewer|below|more|longer|above)\b", re.IGNORECASE)
_ANY = re.compile(rf"(?<![\w.,:/-]){_ONE}", re.IGNORECASE)
SMALL = 12  # a bare number up to this may be anything
YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Range:
    """From ``low`` to ``high``, ends included, of one unit; a quantity is a range of one value.

    ``unit`` is a currency's sign, "%", or the term of the word that follows; "" is not known.
    """

    low: float
    high: float
    unit: str

    def may_be_told_by(self, text: str, words: frozenset[str]) -> bool:
        """Whether a text, whose terms are ``words``, has its unit at all; quickly told."""
        if self.unit == TIME:
            return not words.isdisjoint(DAYS)
        return self.unit in words or self.unit in text

    def holds(self, quantity: Range) -> bool:
        """Whether the quantity lies in it; without its unit being known it may be any."""
        same = not quantity.unit or quantity.unit == self.unit
        return same and self.low <= quantity.low and quantity.high <= self.high


def quantities(question: str) -> tuple[Range, ...]:
    """The quantities that a question names; years and other bare small numbers are none."""
    return tuple(filter(_is_quantity, (_value(found) for found in _ANY.finditer(question))))


@functools.lru_cache(maxsize=16384)
def ranges(text: str) -> tuple[Range, ...]:
    """The ranges that a text names."""
    return tuple(_ranges(text))


def _ranges(text: str) -> Iterator[Range]:
    for found in _BETWEEN.finditer(text) if _BETWEEN_CUE.search(text) else ():
        low, high = _value(found, "1"), _value(found, "2")
        unit = high.unit or low.unit
        if low.low <= high.high and low.unit in ("", unit):
            yield Range(low.low, high.high, unit)
    for pattern in (_BOUND, _OR) if _OR_CUE.search(text) else (_BOUND,):
        for found in pattern.finditer(text):
            bound = _value(found)
            if found["below"]:
                yield Range(0.0, bound.high, bound.unit)
            else:
                yield Range(bound.low, math.inf, bound.unit)


def _is_quantity(value: Range) -> bool:
    return bool(value.unit) or (value.low > SMALL and value.low not in YEARS)


def _value(found: re.Match[str], name: str = "") -> Range:
    number = found[f"number{name}"].lower()
    value = float(_IN_WORDS.get(number) or re.sub(r"[,’ ]", "", number))
    value *= {"k": 1e3, "m": 1e6}.get((found[f"times{name}"] or "").lower(), 1.0)
    unit = found[f"sign{name}"] or _unit(found[f"unit{name}"] or "")
    if unit in DAYS:
        value, unit = value * DAYS[unit], TIME
    return Range(value, value, unit)


def _unit(word: str) -> str:
    return next(iter(terms(word)), "") if word.isalpha() else word
