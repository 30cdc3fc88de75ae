"""Gathers the files within a file, each under a name of its own, within bounds."""

from __future__ import annotations

import re

from stook.knowledge.ingestion.parsing.parsed import Member

MOST_MEMBERS = 5_000
MOST_BYTES = 128 * 2**20  # of all members of a file together
LONGEST_NAME = 120

_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\#]+")


class Members:
    """The members found so far; ``notes`` says what the bounds left out."""

    def __init__(self) -> None:
        self._found: dict[str, Member] = {}
        self._bytes = 0
        self._left_out = 0

    @property
    def names(self) -> list[str]:
        return list(self._found)

    def add(self, name: str, content: bytes, mime_type: str | None = None) -> None:
        """Take in a member, unless it is empty or more than the bounds allow."""
        if not content.strip():
            return
        if len(self._found) >= MOST_MEMBERS or self._bytes + len(content) > MOST_BYTES:
            self._left_out += 1
            return
        self._bytes += len(content)
        unique = self._unique(name)
        self._found[unique] = Member.of(unique, content, mime_type)

    def taken(self) -> tuple[Member, ...]:
        """The members in the order in which they were found."""
        return tuple(self._found.values())

    def leave_out(self) -> None:
        """Count a member that was not even looked at."""
        self._left_out += 1

    def notes(self) -> tuple[str, ...]:
        """What is to be said of the file."""
        if not self._left_out:
            return ()
        return (f"{self._left_out} files within it were not read: they are too many or too large",)

    def _unique(self, name: str) -> str:
        name = " ".join(_UNSAFE.sub(" ", name).split()) or "unnamed"
        stem, point, suffix = name.rpartition(".")
        if not point or len(suffix) > 10:
            stem, suffix = name, ""
        shown = f"{stem[:LONGEST_NAME]}{'.' if suffix else ''}{suffix}"
        number = 2
        while shown in self._found:
            shown = f"{stem[:LONGEST_NAME]} {number}{'.' if suffix else ''}{suffix}"
            number += 1
        return shown
