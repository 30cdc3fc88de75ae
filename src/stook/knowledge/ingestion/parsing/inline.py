"""Writes in Markdown what words within a line are: struck, or the words of a link."""

from __future__ import annotations

LONGEST_TARGET = 500
TARGETS = ("http://", "https://", "mailto:")

_STRUCK = "~~"


def struck(words: str) -> str:
    """Words that are struck through; white space has no line through it."""
    return f"{_STRUCK}{words}{_STRUCK}" if words.strip() else words


def joined(text: str) -> str:
    """A text whose struck words, run by run, are one stretch."""
    return text.replace(_STRUCK * 2, "")


def linked(words: str, target: str) -> str:
    """Words that lead to an address; as they are where they say the address themselves."""
    bare = words.strip()
    known = target.startswith(TARGETS) and len(target) <= LONGEST_TARGET and " " not in target
    return f"[{bare}]({target})" if known and bare and bare not in target else words
