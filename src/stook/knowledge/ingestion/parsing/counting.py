"""Writes the numbers of lists and chapters in the forms that word processors print."""

from __future__ import annotations

import re
from collections.abc import Callable

MOST = 100_000  # larger numbers are written in digits, whatever their form

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_ORDERED = re.compile(r"\d{1,9}[.)]")  # the numbers of a list in Markdown
_SMALL = re.compile(r"[(\[]?[^\W\d_]{1,7}[.)\]]{0,2}|[(\[]\w{1,5}[)\]]|\d{1,9}")  # (a), iv., B, 3
_CHINESE = "零一二三四五六七八九"


def letters(number: int) -> str:
    """A number as letters: a to z, then aa, bb and so on, as word processors count."""
    return chr(97 + (number - 1) % 26) * min((number - 1) // 26 + 1, 20)


def alphabetic(number: int) -> str:
    """A number as letters: a to z, then aa, ab and so on."""
    written = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        written = chr(97 + rest) + written
    return written


def roman(number: int) -> str:
    """A number in small Roman numerals."""
    written = ""
    for value, numeral in _ROMAN:
        times, number = divmod(number, value)
        written += numeral * times
    return written


def ordinal(number: int) -> str:
    """A number with its English ending: 1st, 2nd, 11th."""
    ending = "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def chinese(number: int) -> str:
    """A number below a hundred in Chinese and Japanese numerals, larger ones in digits."""
    if number >= 100:
        return str(number)
    tens, ones = divmod(number, 10)
    before = "" if tens < 2 else _CHINESE[tens]
    return f"{before}十{_CHINESE[ones] if ones else ''}" if tens else _CHINESE[ones]


def written(number: int, form: str) -> str:
    """A number in a form, as Office Open XML names it; in digits where the form is unknown."""
    form_of = _FORMS.get(form)
    return form_of(number) if form_of and 0 < number < MOST else str(number)


_FORMS: dict[str, Callable[[int], str]] = {
    "lowerLetter": letters,
    "upperLetter": lambda number: letters(number).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "ordinal": ordinal,
    "decimalZero": lambda number: f"{number:02d}",
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "decimalEnclosedCircle": lambda number: chr(0x245F + number) if number <= 20 else f"({number})",
}


def list_mark(label: str) -> str:
    """What a list item with a printed number begins with in Markdown: "1.", "- (a)".

    "" where the paragraph is better none: it is a clause of its own, "2.1" or "Article 4".
    """
    if _ORDERED.fullmatch(label):
        return label
    return f"- {label}" if _SMALL.fullmatch(label) else ""
