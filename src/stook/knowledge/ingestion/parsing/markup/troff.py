"""The words of a line of troff: escapes become the characters that they print."""

from __future__ import annotations

import re

_GLYPHS = {
    "bu": "•", "em": "—", "en": "–", "hy": "-", "lq": "“", "rq": "”", "oq": "‘", "cq": "’",
    "aq": "'",
    "dq": '"', "co": "©", "rg": "®", "tm": "™", "ha": "^", "ti": "~", "rs": "\\", "mu": "×",
    "+-": "±",
    "de": "°", "<=": "≤", ">=": "≥", "!=": "≠", "->": "→", "<-": "←", "ga": "`", "mi": "−",
    "sc": "§",
    "Eu": "€", "eu": "€", "Po": "£", "ct": "¢", "12": "½", "14": "¼", "34": "¾", "di": "÷",
    "==": "≡",
    "a~": "~", "a^": "^", "'e": "é", "`e": "è", ":a": "ä", ":o": "ö", ":u": "ü", "ss": "ß",
    ",c": "ç",
    ":A": "Ä", ":O": "Ö", ":U": "Ü", "^e": "ê", "~n": "ñ", "/o": "ø", "oa": "å", "ae": "æ",
    "L\"": "“",
    "R\"": "”", "Lq": "“", "Rq": "”", "Tm": "™", "R": "®", "sq": "'", "bv": "|", "ba": "|",
    "sl": "/",
}  # fmt: skip
_ESCAPE = re.compile(
    r"\\(?:[(*]?\[([^\]\n]{1,60})\]|\*?\((..)|f(?:\[[^\]\n]{0,20}\]|\(..|.)"
    r"|s(?:\[[^\]\n]{0,9}\]|[-+]?\d{1,2}|'[^'\n]{0,9}')|[mMFR]\[[^\]\n]{0,30}\]|[hvwlLoDbZX]'[^'\n]{0,200}'"
    r"|k.|n(?:\[[^\]\n]{0,30}\]|\(..|.)|\".*|(.))"
)
_UNICODE = re.compile(r"u([0-9A-Fa-f]{4,6})$")
_SINGLE = {
    "-": "-", "e": "\\", "\\": "\\", "&": "", "|": "", "^": "", " ": " ", "~": " ", "0": " ",
    "c": "",
    "'": "'", "`": "`", "t": "\t", "/": "", ",": "", "%": "", ":": "", "d": "", "u": "", "p": "",
}  # fmt: skip
_ARGUMENT = re.compile(r'"((?:[^"\n]|"")*+)"?|(?:\\.|[^\s"\\])(?:\\.|[^\s\\])*+')


def plain(words: str) -> str:
    """Words as they are printed, without fonts and sizes."""
    return _ESCAPE.sub(_printed, words) if "\\" in words else words


def arguments(rest: str) -> list[str]:
    """The arguments of a macro, as they are printed."""
    return [
        plain(found[1].replace('""', '"') if found[1] is not None else found[0])
        for found in _ARGUMENT.finditer(rest.partition('\\"')[0])
    ]


def _printed(hit: re.Match[str]) -> str:
    if name := hit[1] or hit[2]:
        code = _UNICODE.match(name)
        return chr(min(int(code[1], 16), 0x10FFFF)) if code else _GLYPHS.get(name, "")
    return _SINGLE.get(hit[3], hit[3]) if hit[3] else ""
