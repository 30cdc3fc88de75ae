"""Translates the macros of mdoc into those of man."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stook.knowledge.ingestion.parsing.markup.troff import arguments

_LINE = re.compile(r"[.'][ \t]*([A-Za-z%][A-Za-z0-9]{0,2})\b[ \t]*(.*)$")
_ENCLOSED = {
    "Op": ("[", "]"), "Dq": ("“", "”"), "Qq": ('"', '"'), "Sq": ("‘", "’"), "Ql": ("‘", "’"),
    "Pq": ("(", ")"), "Aq": ("<", ">"), "Bq": ("[", "]"), "Brq": ("{", "}"),
}  # fmt: skip
_OPENED = {
    "Oo": "[", "Oc": "]", "Do": "“", "Dc": "”", "Po": "(", "Pc": ")", "Bo": "[", "Bc": "]",
    "Ao": "<", "Ac": ">", "Bro": "{", "Brc": "}", "So": "‘", "Sc": "’", "Qo": '"',
           "Qc": '"',
}  # fmt: skip
_NAMED = {
    "Ux": "UNIX",
    "Bx": "BSD",
    "Nx": "NetBSD",
    "Fx": "FreeBSD",
    "Ox": "OpenBSD",
    "Dx": "DragonFly",
    "At": "AT&T UNIX",
}
_INLINE = frozenset(
    "Ar Cm Ic Li Pa Va Vt Ev Em Sy Fa Ft Ms An Ad Dv Er In Cd Tn No Nm Fl Xr Fn Ns Ap Lk Mt Sx St "
    "Ta Bsx Lb Sm Eo Ec Pf".split()
)  # fmt: skip
_CLOSING = frozenset(".,:;)]?!")
_MONTHS = {
    name: number
    for number, name in enumerate(
        "January February March April May June July August September October November "
        "December".split(),
        1,
    )
}
_DATE = re.compile(r"(?:\$Mdocdate:\s{1,9})?([A-Z][a-z]{2,8})\s{1,9}(\d{1,2}),?\s{1,9}(\d{4})")


def is_mdoc(lines: list[str]) -> bool:
    """Whether a page is written in mdoc."""
    return any(line.startswith((".Dd", ".Dt", ".Sh")) for line in lines)


def translated(lines: list[str]) -> list[str]:
    """The lines of a page in the macros of man."""
    return list(_Translating().lines(lines))


class _Translating:
    """What was said so far that later lines rest on."""

    def __init__(self) -> None:
        self._date = ""
        self._name = ""
        self._lists: list[str] = []

    def lines(self, lines: list[str]) -> Iterator[str]:
        for line in lines:
            found = _LINE.match(line)
            if found:
                yield from self._macro(found[1], arguments(found[2]))
            else:
                yield line

    def _macro(self, name: str, given: list[str]) -> Iterator[str]:
        if name == "Dd":
            self._date = _iso(" ".join(given))
        elif name == "Dt":
            title, number = [*given, "", ""][:2]
            yield f'.TH "{title}" "{number}" "{self._date}"'
        elif name in ("Sh", "Ss"):
            yield f'.{name.upper()} "{" ".join(given)}"'
        elif name in ("Pp", "Lp"):
            yield ".PP" if not self._lists else ".sp"
        elif name == "Nd":
            yield f"- {self._written(given)}"
        elif name in ("Bl", "El", "It"):
            yield from self._list(name, given)
        elif name == "Bd":
            yield ".nf" if {"-literal", "-unfilled"} & set(given) else ".sp"
        elif name in ("Ed", "D1", "Dl"):
            yield from ((".nf", self._written(given), ".fi") if name != "Ed" else (".fi",))
        elif name in ("Os", "Rs", "Re", "Bk", "Ek", "Sm"):
            return
        elif name.startswith("%"):
            yield " ".join(given) + ","
        else:
            yield self._written([name, *given])

    def _list(self, name: str, given: list[str]) -> Iterator[str]:
        if name == "Bl":
            self._lists.append(given[0] if given else "")
            return
        if name == "El":
            if self._lists:
                self._lists.pop()
            yield ".PP" if not self._lists else ".sp"
            return
        kind = self._lists[-1] if self._lists else ""
        if kind in ("-bullet", "-dash", "-hyphen"):
            yield ".IP •"
        elif kind == "-enum":
            yield ".IP 1."
        elif kind == "-column":
            yield " | ".join(" ".join(given).split(" Ta "))
            yield ".br"
        else:
            yield from (".TP", self._written(given) or "\\&")

    def _written(self, words: list[str]) -> str:
        """The words of a line, with what its macros put before, between and around them."""
        parts: list[str] = []
        closing: list[str] = []
        glued = False
        position = 0
        while position < len(words):
            word = words[position]
            position += 1
            if word in _ENCLOSED:
                before, after = _ENCLOSED[word]
                parts.append(("\0" if glued else "") + before + "\0")
                closing.append(after)
                glued = True
                continue
            if word in ("Ns", "Ap", "Pf"):
                parts.append("\0" + ("'" if word == "Ap" else ""))
                glued = True
                continue
            text, position = self._word(word, words, position)
            if not text:
                continue
            attached = glued or (text[0] in _CLOSING and len(text) == 1)
            parts.append(("\0" if attached and parts else "") + text)
            glued = False
        line = " ".join([*parts, *(f"\0{mark}" for mark in reversed(closing))])
        return line.replace(" \0 ", "").replace("\0 ", "").replace(" \0", "").replace("\0", "")

    def _word(self, word: str, words: list[str], position: int) -> tuple[str, int]:
        """What one word or macro gives, and where the next begins."""
        if word in _OPENED:
            return _OPENED[word], position
        if word in _NAMED:
            return _NAMED[word], position
        if word == "Nm":
            if position < len(words) and words[position] not in _INLINE:
                self._name = self._name or words[position]
                return "", position
            return self._name, position
        if word == "Fl":
            if position < len(words) and words[position] not in _INLINE | set(_ENCLOSED):
                return f"-{words[position]}", position + 1
            return "-", position
        if word == "Xr" and position + 1 < len(words) and words[position + 1] not in _CLOSING:
            return f"{words[position]}({words[position + 1]})", position + 2
        if word == "Fn" and position < len(words):
            given = [one for one in words[position + 1 :] if one not in _CLOSING]
            return f"{words[position]}({', '.join(given)})", position + 1 + len(given)
        if word == "Lk" and position < len(words):
            return " ".join(reversed(words[position : position + 2])), position + 2
        return ("" if word in _INLINE else word), position


def _iso(written: str) -> str:
    found = _DATE.search(written)
    number = next((n for name, n in _MONTHS.items() if found and name.startswith(found[1][:3])), 0)
    return f"{found[3]}-{number:02}-{int(found[2]):02}" if found and number else ""
