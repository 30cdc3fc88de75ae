"""Writes pieces of Markdown and HTML."""

from __future__ import annotations

import re

_BACKQUOTES = re.compile(r"`{3,}")
_LANGUAGE = re.compile(r"[\w+#.-]{1,30}")


def fenced(text: str, language: str = "") -> str:
    """A block of code or of anything that stands as it is, in fences that it does not hold."""
    longest = max(map(len, _BACKQUOTES.findall(text)), default=2)
    marks = "`" * (longest + 1)
    shown = language if _LANGUAGE.fullmatch(language) else ""
    return f"{marks}{shown}\n{text}\n{marks}"
