"""The words of an OpenDocument paragraph: what is displayed, without what is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stook.knowledge.ingestion.parsing import inline, places, symbols
from stook.knowledge.ingestion.parsing.opendocument.elements import (
    CREATOR,
    DRAW,
    LINK,
    OFFICE,
    PRESENTATION,
    SVG,
    TEXT,
    number,
)
from stook.knowledge.ingestion.parsing.opendocument.styles import Styles

NOT_SHOWN = frozenset(
    {
        f"{TEXT}tracked-changes", f"{OFFICE}forms", f"{TEXT}sequence-decls",
        f"{TEXT}index-title-template", f"{TEXT}table-of-content", f"{PRESENTATION}notes",
        f"{TEXT}page-number", f"{TEXT}page-count", f"{TEXT}hidden-text", f"{OFFICE}annotation-end",
        f"{DRAW}page-thumbnail",
    }
)  # fmt: skip
_MOST_SPACES = 100


class Words:
    """Reads paragraphs, in the order of the file."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._page = 1
        self.counts_pages = False

    def of(self, element: Any) -> str:
        """The words of a paragraph on its lines; "" where it is hidden."""
        look = self._styles.look(element.get(f"{TEXT}style-name", ""))
        if look.hidden:
            return ""
        characters = inline.joined("".join(self._pieces(element)))
        lines = (" ".join(line.split()) for line in characters.split("\v"))
        return "\n".join(lines).strip()

    def comment(self, annotation: Any) -> str:
        """What a comment says, and who says it; "" where it says nothing."""
        words = " ".join(filter(None, map(self.of, annotation.iter(f"{TEXT}p"))))
        author = " ".join((annotation.findtext(CREATOR) or "").split())
        if not words:
            return ""
        return f"comment by {author}: {words}" if author else f"comment: {words}"

    def alternative(self, frame: Any) -> Iterator[str]:
        """What a picture shows, in words, where somebody has said so."""
        for tag in (f"{SVG}title", f"{SVG}desc"):
            found = frame.find(tag)
            if found is not None and found.text:
                yield " ".join(found.text.split())
                return

    def _pieces(self, element: Any) -> Iterator[str]:
        """The characters of a paragraph, without what stands in frames."""
        if element.text:
            yield element.text
        for child in element.iterchildren(tag=None):
            if isinstance(child.tag, str) and child.tag not in NOT_SHOWN:
                yield from self._piece(child)
            if child.tail:
                yield child.tail

    def _piece(self, child: Any) -> Iterator[str]:
        tag = child.tag
        if tag == f"{DRAW}frame":
            yield from (f" {words} " for words in self.alternative(child))
        elif tag == f"{TEXT}s":
            yield " " * min(number(child, f"{TEXT}c"), _MOST_SPACES)
        elif tag == f"{TEXT}tab":
            yield " "
        elif tag == f"{TEXT}line-break":
            yield "\v"
        elif tag == f"{TEXT}soft-page-break":
            self._page += 1
            yield places.mark(f"page {self._page}") if self.counts_pages else ""
        elif tag == f"{TEXT}note":
            bodies = (" ".join(map(self.of, body.iter(f"{TEXT}p"))) for body in child)
            yield "".join(f" ({words}) " for words in bodies if words.strip())
        elif tag == f"{OFFICE}annotation":
            words = self.comment(child)
            yield f" ({words}) " if words else ""
        elif tag == f"{TEXT}ruby-text":
            yield f"({''.join(self._pieces(child)).strip()})"
        elif tag == f"{TEXT}a":
            yield inline.linked("".join(self._pieces(child)), child.get(LINK, ""))
        else:
            yield self._span(child)

    def _span(self, child: Any) -> str:
        look = self._styles.look(child.get(f"{TEXT}style-name", ""))
        words = "".join(self._pieces(child))
        if look.hidden:
            return ""
        if look.raised:
            words = symbols.raised(words)
        return inline.struck(words) if look.struck else words
