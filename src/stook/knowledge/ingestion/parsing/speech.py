"""Cuts what was spoken and written down without punctuation into pieces of readable size."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 120  # words of a paragraph that are read as they are
WORDS_A_SENTENCE = 60  # prose ends its sentences sooner, speech written down does not end them
FEW_WORDS, MOST_WORDS = 25, 45  # of a piece: it ends before a new thought, or anyhow

_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_ENDS = re.compile(r"[.!?…:;。！？](?=[\"'”’)\]]{0,3}(?:\s|$))")
_STRUCTURE = re.compile(r"^[ \t]*(?:[-*+|>#`~]|\d{1,9}[.)])", re.MULTILINE)
_BEGINS = frozenset(
    "so and but okay ok well now because then also anyway right yeah yes no um uh "  # English
    "also und aber dann ja nein genau jetzt weil oder "  # German
    "alors donc mais puis et bon voilà ensuite parce oui non "  # French
    "entonces pero luego bueno y porque sí "  # Spanish
    "quindi allora ma poi e perché così sì".split()  # Italian
)


def cut(text: str) -> str:
    """The text with its unpunctuated paragraphs parted where the speaker begins anew."""
    if len(text) < LONGEST * 3:
        return text
    return _PARAGRAPH.sub(lambda found: _parted(found[0]), text)


def _parted(paragraph: str) -> str:
    words = paragraph.split()
    if len(words) <= LONGEST or len(words) < WORDS_A_SENTENCE * (_ended(paragraph) + 1):
        return paragraph
    if _STRUCTURE.search(paragraph):
        return paragraph
    return "\n\n".join(_pieces(words))


def _ended(paragraph: str) -> int:
    return sum(1 for _ in _ENDS.finditer(paragraph))


def _pieces(words: list[str]) -> Iterator[str]:
    piece: list[str] = []
    for word in words:
        begins = word.lower().strip(",") in _BEGINS
        closed = bool(piece) and piece[-1][-1] in ".!?,;:"
        full = len(piece) >= MOST_WORDS or (len(piece) >= FEW_WORDS and (begins or closed))
        if full:
            yield " ".join(piece)
            piece = []
        piece.append(word)
    yield " ".join(piece)
