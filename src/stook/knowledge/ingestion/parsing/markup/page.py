"""What a reader gives that makes a page (HTML) of a text, which is then read as pages are."""

from __future__ import annotations

from dataclasses import dataclass, field

from stook.knowledge.ingestion.parsing.parsed import Facts


@dataclass(frozen=True, slots=True)
class Page:
    """A page of nothing but content, what the text says about itself, what is to be said of it."""

    markup: str
    facts: Facts = field(default_factory=Facts)
    notes: tuple[str, ...] = ()
