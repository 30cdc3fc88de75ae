"""The numbers of a text, however they are written."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\d+(?:[.,:’' ]\d+)*")
_WORD = re.compile(r"[a-z]+")
# From two on, as "one" is a pronoun as well.
WRITTEN = {
    word: str(number)
    for number, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve".split(), start=2
    )
}


def numbers(text: str) -> set[str]:
    """The numbers of a text: digits alone, and small ones in words."""
    digits = {re.sub(r"\D", "", found) for found in _NUMBER.findall(text)}
    return digits | {WRITTEN[word] for word in _WORD.findall(text.lower()) if word in WRITTEN}
