"""What parsing a file gives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """The text of a file and what it says about itself.

    ``text`` is canonical: Markdown or plain text, ``\\n`` line ends, NFC, no images (their
    alternative text stays), no front matter, no comments. ``mime_type`` is what the file was read
    as. Times are microseconds since the epoch, UTC.
    """

    text: str
    title: str
    mime_type: str
    author: str = ""
    created_at: int | None = None
    updated_at: int | None = None
