"""Writes the numbers of a spreadsheet as it displays them, by their format codes."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm", 37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;(#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0",
    49: "@",
}  # fmt: skip
LONGEST_CODE = 500
LATEST = 2_958_466  # the day after 9999-12-31; no date is later

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<blank>.)|\*(?P<filled>.)'
    r"|\[\$(?P<currency>[^\[\]-]*)(?:-[^\[\]]*)?\]|\[(?P<elapsed>h+|m+|s+)\]"
    r"|\[(?P<test>[<>=]+-?[\d.]+)\]|\[[^\[\]]*\]"
    r"|(?P<general>General)|(?P<half>AM/PM|A/P)|(?P<second>s+(?:\.0+)?)|(?P<power>E[+-])"
    r"|(?P<date>y+|m+|d+|h+|e+|b+)|(?P<digit>[0#?])|(?P<mark>[.,%/@])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


@dataclass(frozen=True, slots=True)
class _Section:
    """One part of a format code: its tokens, and the values that it is for."""

    tokens: tuple[tuple[str, str], ...]
    kinds: frozenset[str]
    test: str = ""

    def has(self, *kinds: str) -> bool:
        return not self.kinds.isdisjoint(kinds)

    def takes(self, value: float) -> bool:
        sign, number = re.match(r"([<>=]+)(.*)", self.test).groups()  # type: ignore[union-attr]
        other = float(number)
        compared = {"<": value < other, ">": value > other, "=": value == other}
        compared |= {"<=": value <= other, ">=": value >= other, "<>": value != other}
        return compared.get(sign, False)


def shown(value: float, code: str, *, since_1904: bool = False) -> str:
    """A number as a cell of this format shows it."""
    sections = _sections(code[:LONGEST_CODE])
    section, value = _chosen(sections, value)
    if section.has("elapsed", "date", "second", "half"):
        return _moment(value, section, since_1904)
    return _number(value, section)


def shown_text(text: str, code: str) -> str:
    """A text as a cell of this format shows it."""
    sections = _sections(code[:LONGEST_CODE])
    wrapping = sections[3] if len(sections) > 3 else sections[-1]
    if not wrapping.has("mark") or ("mark", "@") not in wrapping.tokens:
        return text
    return "".join(
        text if token == ("mark", "@") else _literal(token) for token in wrapping.tokens
    ).strip()


def is_moment(code: str) -> bool:
    """Whether a format shows numbers as dates, times or durations."""
    return _sections(code[:LONGEST_CODE])[0].has("elapsed", "date", "second", "half")


@lru_cache(maxsize=2048)
def _sections(code: str) -> tuple[_Section, ...]:
    parts: list[list[tuple[str, str]]] = [[]]
    tests = [""]
    for found in _TOKEN.finditer(code or "General"):
        kind = found.lastgroup or ""
        if kind == "other" and found[0] == ";":
            parts.append([])
            tests.append("")
        elif kind == "test":
            tests[-1] = found["test"]
        elif kind and kind not in ("blank", "filled"):
            parts[-1].append((kind, found[kind]))
        elif kind == "blank":
            parts[-1].append(("other", " "))
    return tuple(
        _Section(tuple(part), frozenset(kind for kind, _ in part), test)
        for part, test in zip(parts, tests, strict=True)
    )


def _chosen(sections: Sequence[_Section], value: float) -> tuple[_Section, float]:
    """The section that a value is for, and the value that it shows."""
    tested = [section for section in sections if section.test]
    for section in tested:
        if section.takes(value):
            return section, abs(value) if value < 0 and len(sections) > 1 else value
    if tested:
        return next((one for one in sections if not one.test), sections[-1]), value
    if len(sections) > 2 and value == 0:
        return sections[2], value
    if len(sections) > 1 and value < 0:
        return sections[1], -value
    return sections[0], value


def _literal(token: tuple[str, str]) -> str:
    kind, text = token
    return text if kind in ("quoted", "escaped", "currency", "other") else ""


# --- numbers ------------------------------------------------------------------------------------


def _number(value: float, section: _Section) -> str:
    if section.has("general") or not section.tokens:
        words = "".join(
            general(value) if kind == "general" else _literal((kind, text))
            for kind, text in section.tokens
        )
        return words.strip()
    if ("mark", "@") in section.tokens:
        return general(value)
    if section.has("power"):
        return _scientific(value, section)
    if ("mark", "/") in section.tokens and section.has("digit"):
        return _fraction(value, section)
    return _fixed(value, section)


def general(value: float) -> str:
    """A number without a format: as many digits as it was written with, 15 at most."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15g}" if 1e-5 <= abs(value) < 1e20 else f"{value:.15g}".upper()


def _fixed(value: float, section: _Section) -> str:
    tokens = list(section.tokens)
    point = tokens.index(("mark", ".")) if ("mark", ".") in tokens else len(tokens)
    places = sum(kind == "digit" for kind, _ in tokens[point:])
    least = sum(text == "0" for kind, text in tokens[point:] if kind == "digit")
    scale = 2 * tokens.count(("mark", "%")) - 3 * _scaling_commas(tokens, point)
    number = Decimal(repr(value)).scaleb(scale)
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _, decimals = f"{abs(rounded):f}".partition(".")
    decimals = decimals[:least] + decimals[least:].rstrip("0")
    sign = "-" if rounded < 0 else ""
    filled = _filled(tokens[:point], whole)
    written = sign + filled + _decimals(tokens[point:], decimals)
    exact = general(value) if scale < 0 else ""
    return f"{written.strip()} ({exact})" if exact else written.strip()


def _scaling_commas(tokens: Sequence[tuple[str, str]], point: int) -> int:
    """The commas behind the last digit, or before the point: each divides by a thousand."""
    digits = [at for at, (kind, _) in enumerate(tokens) if kind == "digit"]
    ends = {max(some) for some in (digits, [at for at in digits if at < point]) if some}
    count = 0
    for end in ends:
        for token in tokens[end + 1 :]:
            if token != ("mark", ","):
                break
            count += 1
    return count


def _filled(tokens: Sequence[tuple[str, str]], digits: str) -> str:
    """The digits of a whole number in their places, from the right, with what is between."""
    places = [at for at, (kind, _) in enumerate(tokens) if kind == "digit"]
    if not places:
        return "".join(map(_shown_mark, tokens))
    grouped = ("mark", ",") in tokens[places[0] : places[-1]]
    waiting = list(digits.lstrip("0"))
    least = sum(tokens[at][1] == "0" for at in places)
    waiting = ["0"] * (least - len(waiting)) + waiting
    pieces: list[str] = []
    count = 0
    for at in range(len(tokens) - 1, -1, -1):
        if tokens[at][0] != "digit":
            pieces.append(_shown_mark(tokens[at]))
            continue
        taken = waiting[-1:] if at != places[0] else waiting[::-1]
        waiting = waiting[:-1] if at != places[0] else []
        for digit in taken:
            pieces.append("," if grouped and count and count % 3 == 0 else "")
            pieces.append(digit)
            count += 1
    return "".join(reversed(pieces))


def _shown_mark(token: tuple[str, str]) -> str:
    return "%" if token == ("mark", "%") else _literal(token)


def _decimals(tokens: Sequence[tuple[str, str]], decimals: str) -> str:
    pieces: list[str] = []
    waiting = list(decimals)
    for kind, text in tokens:
        if kind == "digit":
            pieces.append(waiting.pop(0) if waiting else "")
        elif (kind, text) == ("mark", "."):
            pieces.append("." if decimals else "")
        else:
            pieces.append(_shown_mark((kind, text)))
    return "".join(pieces)


def _scientific(value: float, section: _Section) -> str:
    cut = next(at for at, (kind, _) in enumerate(section.tokens) if kind == "power")
    places = 0
    if ("mark", ".") in section.tokens[:cut]:
        point = section.tokens.index(("mark", "."))
        places = sum(kind == "digit" for kind, _ in section.tokens[point:cut])
    return f"{value:.{places}E}"


def _fraction(value: float, section: _Section) -> str:
    slash = section.tokens.index(("mark", "/"))
    width = sum(kind == "digit" for kind, _ in section.tokens[slash:])
    part = Fraction(repr(abs(value))).limit_denominator(10 ** max(1, min(width, 4)) - 1)
    whole, rest = divmod(part.numerator, part.denominator)
    mixed = sum(kind == "digit" for kind, _ in section.tokens[:slash]) > width
    sign = "-" if value < 0 else ""
    if not mixed:
        return f"{sign}{part.numerator}/{part.denominator}"
    shown_part = f"{rest}/{part.denominator}" if rest else ""
    return sign + " ".join(filter(None, (str(whole) if whole or not rest else "", shown_part)))


# --- dates, times and durations --------------------------------------------------------------


def _moment(value: float, section: _Section, since_1904: bool) -> str:
    if not 0 <= value < LATEST and not section.has("elapsed"):
        return general(value)
    seconds = Decimal(repr(value)) * 86_400
    places = max((len(text.partition(".")[2]) for kind, text in section.tokens if kind == "second"),
                 default=0)  # fmt: skip
    seconds = seconds.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    days, rest = divmod(abs(seconds), 86_400)
    day = None if section.has("elapsed") else _day(int(days), since_1904)
    halves = section.has("half")
    pieces = [
        _piece(number, section, day, abs(seconds), rest, halves)
        for number in range(len(section.tokens))
    ]
    return ("-" if seconds < 0 else "") + "".join(pieces).strip()


def _day(days: int, since_1904: bool) -> datetime.date:
    """The date of a day's number; the 29th of February 1900, which never was, is the 28th."""
    if since_1904:
        return datetime.date(1904, 1, 1) + datetime.timedelta(days)
    first = datetime.date(1899, 12, 31) if days < 60 else datetime.date(1899, 12, 30)
    return first + datetime.timedelta(days)


def _piece(
    number: int,
    section: _Section,
    day: datetime.date | None,
    seconds: Decimal,
    rest: Decimal,
    halves: bool,
) -> str:
    kind, text = section.tokens[number]
    lower = text.lower()
    if kind == "elapsed":
        unit = {"h": 3600, "m": 60, "s": 1}[lower[0]]
        return f"{int(seconds // unit):0{len(text)}d}"
    if kind == "half":
        return "AM" if rest < 43_200 else "PM"
    if kind == "second":
        whole, point, places = lower.partition(".")
        return f"{rest % 60:0{len(whole) + (len(places) + 1 if point else 0)}.{len(places)}f}"
    if kind == "date" and lower[0] == "h":
        hour = int(rest // 3600)
        return f"{(hour % 12 or 12) if halves else hour:0{min(len(text), 2)}d}"
    if kind == "date" and lower[0] == "m" and _are_minutes(section.tokens, number):
        return f"{int(rest // 60 % 60):0{min(len(text), 2)}d}"
    if kind == "date" and day is not None:
        return _of_day(lower, day)
    return text if kind in ("mark", "digit") else _literal((kind, text))


def _are_minutes(tokens: Sequence[tuple[str, str]], number: int) -> bool:
    """Whether an ``m`` follows hours, or stands before seconds."""
    named = [
        (at, text.lower()[0], kind)
        for at, (kind, text) in enumerate(tokens)
        if kind in ("date", "second", "elapsed")
    ]
    place = [at for at, _, _ in named].index(number)
    before = named[place - 1][1] if place else ""
    after = named[place + 1][1] if place + 1 < len(named) else ""
    return before == "h" or after == "s"


def _of_day(code: str, day: datetime.date) -> str:
    if code[0] in "ye":
        return f"{day.year % 100:02d}" if len(code) < 3 and code[0] == "y" else f"{day.year}"
    if code[0] == "m":
        names = {3: _MONTHS[day.month - 1][:3], 4: _MONTHS[day.month - 1]}
        return names.get(len(code)) or (
            _MONTHS[day.month - 1][0] if len(code) > 4 else f"{day.month:0{len(code)}d}"
        )
    if code[0] == "d":
        name = _DAYS[day.weekday()]
        return name[:3] if len(code) == 3 else name if len(code) > 3 else f"{day.day:0{len(code)}d}"
    return ""
