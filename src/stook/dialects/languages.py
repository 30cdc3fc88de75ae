"""The language in which a caller wants to be answered."""

from __future__ import annotations


def wanted_locale(given: str | None, accept_language: str | None) -> str:
    """Return the language of the answer: as asked, else the browser's first, else English."""
    first = (accept_language or "").split(",", 1)[0].split(";", 1)[0].strip()
    return given or (first if first not in ("", "*") else "en")
