"""Joins chosen units into Markdown, and says which range of it rests on which snippet."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stook.answering.base import Source
from stook.answering.extractive.cells import row_words
from stook.answering.markdown import cleaned, inline, without_marker
from stook.answering.pieces import Citation, Snippet
from stook.knowledge.store.documents import Span
from stook.knowledge.text.units import Form, Structure, Unit

LONGEST_UNIT = 6000  # characters; what a longer one says further on is left out


@dataclass(frozen=True, slots=True)
class Chosen:
    """A unit that goes into the answer; ``listed``: with the rest of its list, as a list.

    ``about`` is what the unit is about, where it does not say that itself.
    """

    source: Source
    structure: Structure
    unit: Unit
    listed: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the answer: ``glue`` joins it to the piece before, and is cited by nothing."""

    glue: str
    text: str
    chosen: Chosen


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole answer, in pieces that end where a citation ends; what Stook says has none."""

    pieces: tuple[tuple[str, Citation | None], ...]
    cut: bool = False  # there was no room for all that was chosen

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces)

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(citation for _, citation in self.pieces if citation is not None)


def compose(chosen: Sequence[Chosen], max_characters: int | None = None) -> Draft:
    """The answer in the order of its units, cut at the end of one to fit ``max_characters``."""
    parts = list(_parts(chosen))
    fitted = _fitted(list(parts), max_characters)
    return Draft(tuple(_pieces(fitted)), cut=fitted != parts)


def _parts(chosen: Sequence[Chosen]) -> Iterator[Part]:
    before: Chosen | None = None
    for item in chosen:
        text = rendered(item, before)
        if text:
            yield Part(_glue(before, item) + _label(item, text), text, item)
            before = item


def rendered(item: Chosen, before: Chosen | None) -> str:
    """A unit as it is shown, behind the one before it."""
    raw = item.structure.raw(item.unit)[:LONGEST_UNIT]
    if item.unit.form is Form.ROW:
        return _row(item, before, raw)
    if item.unit.form is Form.CODE:
        return cleaned(raw) if "```" in raw or "~~~" in raw else f"`{inline(raw)}`"
    if item.unit.form is Form.ITEM and item.listed:
        return " " * item.unit.depth + cleaned(raw).strip()
    return inline(without_marker(raw) if item.unit.form is Form.ITEM else raw)


def on_one_line(item: Chosen) -> str:
    """A unit on one line; a row of a table with the names of its columns."""
    if item.unit.form is Form.ROW:
        return row_words(item.structure, item.unit)
    return " ".join(rendered(item, None).split())


def _row(item: Chosen, before: Chosen | None, raw: str) -> str:
    if before is not None and _same_group(before, item):
        return cleaned(raw)
    header = item.structure.header(item.unit)
    return f"{cleaned(header)}\n{cleaned(raw)}" if header else cleaned(raw)


def _label(item: Chosen, text: str) -> str:
    """What stands before a unit that does not say what it is about."""
    if not item.about:
        return ""
    return f"**{item.about}:**" + ("\n\n" if item.listed or "\n" in text else " ")


def _glue(before: Chosen | None, item: Chosen) -> str:
    if before is None:
        return ""
    together = _same_group(before, item) and before.unit.place < item.unit.place
    if item.about:
        return "\n\n"
    if item.unit.form is Form.SENTENCE:
        return " " if together else "\n\n"
    if item.unit.form is Form.ITEM and not item.listed:
        return " " if together else "\n\n"
    return "\n" if together else "\n\n"


def _same_group(one: Chosen, other: Chosen) -> bool:
    return one.source is other.source and one.unit.group == other.unit.group


def _fitted(parts: list[Part], limit: int | None) -> list[Part]:
    if limit is None:
        return parts
    while len(parts) > 1 and _length(parts) > limit:
        parts.pop()
    if parts and _length(parts) > limit:
        parts = [Part("", cut_at_word(parts[0].text, limit), parts[0].chosen)]
    return parts


def _length(parts: Sequence[Part]) -> int:
    return sum(len(part.glue) + len(part.text) for part in parts)


def cut_at_word(text: str, limit: int) -> str:
    """At most ``limit`` characters of the text, ended by an ellipsis where some are left out."""
    if len(text) <= limit:
        return text
    kept = text[: max(limit - 1, 0)]
    return (kept.rsplit(None, 1)[0] if " " in kept else kept)[: max(limit - 1, 0)] + "…"[:limit]


def _pieces(parts: Sequence[Part]) -> Iterator[tuple[str, Citation]]:
    length = 0
    for _, run in itertools.groupby(enumerate(_runs(parts)), key=lambda entry: entry[1][0]):
        together = [part for _, (_, part) in run]
        text = "".join(part.glue + part.text for part in together)
        answer_range = Span(length + len(together[0].glue), length + len(text))
        yield text, citation_of([part.chosen for part in together], answer_range)
        length += len(text)


def _runs(parts: Sequence[Part]) -> Iterator[tuple[int, Part]]:
    """Numbers the runs of list items or rows that follow one another in the source."""
    number = 0
    for place, part in enumerate(parts):
        if place and not _continues(parts[place - 1].chosen, part.chosen):
            number += 1
        yield number, part


def _continues(before: Chosen, item: Chosen) -> bool:
    listed = item.listed or item.unit.form is Form.ROW
    adjacent = item.source is before.source and item.unit.place == before.unit.place + 1
    return listed and adjacent and (before.listed or before.unit.form is Form.ROW)


def citation_of(together: Sequence[Chosen], answer_range: Span) -> Citation:
    """The citation of units that follow one another, for a range of the answer."""
    first, last = together[0], together[-1]
    start = first.unit.span.start
    header = first.unit.header
    text = first.structure.text
    if header is not None and not text[header.end : start].strip():
        start = header.start
    span = Span(start, last.unit.span.end)
    return Citation(
        answer_range=answer_range,
        document=first.source.document,
        version=first.source.version,
        snippet=Snippet(text[span.start : span.end], span),
        heading_path=first.unit.heading_path,
        place=first.source.place_of(first.unit.span),
    )
