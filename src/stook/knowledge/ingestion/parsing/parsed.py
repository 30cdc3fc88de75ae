"""What reading a file gives."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

Place = tuple[int, str]  # an offset into the text, and what begins there: "page 3"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document says about itself; empty where it says nothing."""

    title: str = ""
    author: str = ""
    created_at: int | None = None
    updated_at: int | None = None

    def or_else(self, other: Facts) -> Facts:
        """These facts, completed by others."""
        return Facts(
            title=self.title or other.title,
            author=self.author or other.author,
            created_at=self.created_at if self.created_at is not None else other.created_at,
            updated_at=self.updated_at if self.updated_at is not None else other.updated_at,
        )


@dataclass(frozen=True, slots=True)
class Member:
    """A file within a file: an attachment, a message, a file of an archive.

    ``encoded`` is its content in Base64, as it comes from the process that took it out.
    """

    name: str
    encoded: str
    mime_type: str | None = None

    @classmethod
    def of(cls, name: str, content: bytes, mime_type: str | None = None) -> Member:
        """A member with some content."""
        return cls(name, base64.b64encode(content).decode(), mime_type)

    @property
    def content(self) -> bytes:
        return base64.b64decode(self.encoded)


@dataclass(frozen=True, slots=True)
class Read:
    """Markdown as a reader made it, with what the file says about itself.

    ``notes`` say, each in a sentence, what a person would miss: what was not read, or guessed.
    ``by_name``: people know such files by their names, which the title begins with.
    """

    text: str
    facts: Facts = field(default_factory=Facts)
    notes: tuple[str, ...] = ()
    by_name: bool = False
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """The text of a file and what it says about itself.

    ``text`` is canonical: Markdown or plain text, ``\n`` line ends, NFC, no images (their
    alternative text stays), no front matter, no comments. ``mime_type`` is what the file was read
    as. Times are microseconds since the epoch, UTC. ``notes`` say what was not read, or guessed;
    ``places`` are where pages, slides, sheets or moments begin, in the order of the text;
    ``members`` are the files within this one, which are documents of their own.
    """

    text: str
    title: str
    mime_type: str
    author: str = ""
    created_at: int | None = None
    updated_at: int | None = None
    notes: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    members: tuple[Member, ...] = ()

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> ParsedDocument:
        """The document in the JSON object that a reading process answers with."""
        places = tuple((int(offset), str(label)) for offset, label in values["places"])
        members = tuple(Member(**member) for member in values["members"])
        notes = tuple(values["notes"])
        return cls(**{**values, "notes": notes, "places": places, "members": members})
