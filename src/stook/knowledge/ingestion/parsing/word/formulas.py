"""Writes formulas (Office MathML) on one line: a^2, x_1, (a)/(b), √(x)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stook.knowledge.ingestion.parsing.word.elements import MATH

DEEPEST = 60  # formulas within formulas


def written(element: Any, depth: int = 0) -> str:
    """A formula in the signs that people type."""
    if depth > DEEPEST:
        return ""
    pieces: list[str] = []
    for part in element.iterchildren(tag=None):
        name = part.tag.removeprefix(MATH) if isinstance(part.tag, str) else ""
        if name == "t":
            pieces.append(part.text or "")
        elif form := _FORMS.get(name):
            pieces.append(form(part, depth + 1))
        elif not name.endswith("Pr"):
            pieces.append(written(part, depth + 1))
    return "".join(pieces)


def _part(element: Any, name: str, depth: int) -> str:
    found = element.find(MATH + name)
    return "" if found is None else written(found, depth).strip()


def _joined(words: str) -> str:
    """A part of a formula between brackets, unless it is a single number or name."""
    return words if words.isalnum() or not words else f"({words})"


def _fraction(element: Any, depth: int) -> str:
    over, under = _part(element, "num", depth), _part(element, "den", depth)
    return f"{_joined(over)}/{_joined(under)}"


def _scripts(element: Any, depth: int) -> str:
    base = _part(element, "e", depth)
    below, above = _part(element, "sub", depth), _part(element, "sup", depth)
    below = f"_{_joined(below)}" if below else ""
    return base + below + (f"^{_joined(above)}" if above else "")


def _root(element: Any, depth: int) -> str:
    degree = _part(element, "deg", depth)
    return f"{degree}√({_part(element, 'e', depth)})"


def _nary(element: Any, depth: int) -> str:
    sign = _said(element, "naryPr", "chr") or "∫"
    below, above = _part(element, "sub", depth), _part(element, "sup", depth)
    below = f"_{_joined(below)}" if below else ""
    above = f"^{_joined(above)}" if above else ""
    return f"{sign}{below}{above} {_part(element, 'e', depth)}"


def _brackets(element: Any, depth: int) -> str:
    begin, end = _said(element, "dPr", "begChr"), _said(element, "dPr", "endChr")
    parts = [written(part, depth).strip() for part in element.iterchildren(f"{MATH}e")]
    begin = "(" if begin is None else begin
    return begin + ", ".join(parts) + (")" if end is None else end)


def _function(element: Any, depth: int) -> str:
    name, of = _part(element, "fName", depth), _part(element, "e", depth)
    return f"{name}{of}" if of.startswith("(") else f"{name} {of}"


def _limit(element: Any, depth: int) -> str:
    return f"{_part(element, 'e', depth)}_{_joined(_part(element, 'lim', depth))}"


def _rows(element: Any, depth: int) -> str:
    rows = [
        ", ".join(written(cell, depth).strip() for cell in row.iterchildren(f"{MATH}e"))
        for row in element.iterchildren(f"{MATH}mr")
    ] or [written(cell, depth).strip() for cell in element.iterchildren(f"{MATH}e")]
    return "; ".join(rows)


def _said(element: Any, properties: str, name: str) -> str | None:
    found = element.find(f"{MATH}{properties}/{MATH}{name}")
    return None if found is None else str(found.get(f"{MATH}val", ""))


_FORMS: dict[str, Callable[[Any, int], str]] = {
    "f": _fraction,
    "sSup": _scripts,
    "sSub": _scripts,
    "sSubSup": _scripts,
    "rad": _root,
    "nary": _nary,
    "d": _brackets,
    "func": _function,
    "limLow": _limit,
    "limUpp": _limit,
    "m": _rows,
    "eqArr": _rows,
}
