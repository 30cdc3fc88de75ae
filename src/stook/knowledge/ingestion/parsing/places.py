"""Marks where pages, slides, sheets and moments begin, while a text is still being made."""

from __future__ import annotations

import re

from stook.knowledge.ingestion.parsing.parsed import Place

_OPEN, _CLOSE = "\ufdd0", "\ufdd1"  # characters that Unicode keeps free for use inside a program
_MARK = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]{{0,80}}){_CLOSE}")
_STRAY = re.compile(f"[{_OPEN}{_CLOSE}]")
MOST_PLACES = 20_000


def mark(label: str) -> str:
    """What stands in a text where a place, "page 3" say, begins."""
    return f"{_OPEN}{label[:80]}{_CLOSE}"


def is_marked(text: str) -> bool:
    """Whether any place begins in a text."""
    return _OPEN in text


def taken_out(text: str) -> tuple[str, tuple[Place, ...]]:
    """A text without its marks, and the offsets where the places that they name begin."""
    kept: list[str] = []
    found: list[Place] = []
    position = length = 0
    for hit in _MARK.finditer(text):
        piece = text[position : hit.start()]
        kept.append(piece)
        length += len(piece)
        position = hit.end()
        if len(found) < MOST_PLACES:
            found.append((length, hit[1]))
    rest = "".join([*kept, text[position:]])
    return (_STRAY.sub("", rest), tuple(found)) if found else (_STRAY.sub("", text), ())
