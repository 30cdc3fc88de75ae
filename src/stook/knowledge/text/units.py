"""A document cut into units that an answer can be made of: sentences, list items, table rows.

Each unit knows its heading path, the list or table it belongs to, and the sentence or item that
leads in to it ("… on any of the following holidays:").
"""

from __future__ import annotations

import enum
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from stook.knowledge.store.documents import Span
from stook.knowledge.text import blocks
from stook.knowledge.text.blocks import Block
from stook.knowledge.text.excerpts import Excerpts
from stook.knowledge.text.sentences import block_sentences

NEAR = 300  # units before and after one that are looked at
LEAD_END = 200  # characters at the end of a sentence that tell whether it leads in
LONG_ITEM = 400  # characters; a longer list item is taken sentence by sentence
# A colon, no end of a sentence at all, or words that announce what comes.
_BELOW = r"\b(?:as follows|following|below)\b"
_LEADS_IN = re.compile(
    rf"(?::|[^.!?…:。！？*_`)\s]|{_BELOW}(?:(?!{_BELOW})[^.!?])*+[.:])[*_`)\s]*$",
    re.IGNORECASE,
)
_ORDERED = re.compile(r"[ \t>]*\d{1,9}[.)]\s")


class Form(enum.Enum):
    SENTENCE = enum.auto()
    ITEM = enum.auto()
    ROW = enum.auto()
    CODE = enum.auto()


@dataclass(frozen=True, slots=True)
class Unit:
    """``group`` numbers the paragraph, list or table; ``lead`` is the place of another unit.

    ``above`` is the place of the sentence right above a list or table, leading in or not.
    ``header`` is the header of a table with the line below it. ``depth`` is an item's
    indentation in characters.
    """

    place: int
    form: Form
    span: Span
    group: int
    heading_path: tuple[str, ...]
    lead: int | None = None
    above: int | None = None
    header: Span | None = None
    depth: int = 0
    ordered: bool = False


def _start(unit: Unit) -> int:
    return unit.span.start


def _place(unit: Unit) -> int:
    return unit.place


@dataclass(frozen=True, slots=True)
class Structure:
    """The units of a text in reading order, or those of some parts of it with these parts."""

    text: Excerpts
    units: tuple[Unit, ...]

    def raw(self, unit: Unit) -> str:
        return self.text[unit.span.start : unit.span.end]

    def header(self, unit: Unit) -> str:
        """The header above a row with the line below it; "" where there is none."""
        return self.text[unit.header.start : unit.header.end] if unit.header else ""

    def at(self, place: int | None) -> Unit | None:
        """The unit at a place; None where there is none, or it is in none of the parts."""
        if place is None:
            return None
        number = bisect_left(self.units, place, key=_place)
        found = self.units[number] if number < len(self.units) else None
        return found if found is not None and found.place == place else None

    def beginning_in(self, span: Span) -> tuple[Unit, ...]:
        """The units that begin within a span of the text."""
        first = bisect_left(self.units, span.start, key=_start)
        return self.units[first : bisect_left(self.units, span.end, key=_start)]

    def group(self, unit: Unit) -> tuple[Unit, ...]:
        """The list, table or paragraph that a unit belongs to; of a very long one what is near."""
        group, lowest, highest = unit.group, unit.place - NEAR, unit.place + NEAR
        first = last = bisect_left(self.units, unit.place, key=_place)
        while first and self.units[first].place > lowest and self.units[first - 1].group == group:
            first -= 1
        stop = len(self.units)
        while (
            last + 1 < stop
            and self.units[last + 1].place < highest
            and self.units[last + 1].group == group
        ):
            last += 1
        return self.units[first : last + 1]

    def leads_in(self, unit: Unit) -> bool:
        """Whether a list, a table or a deeper list follows that belongs to the unit."""
        after = self.at(unit.place + 1)
        return after is not None and after.lead == unit.place

    def led_by(self, unit: Unit) -> tuple[Unit, ...]:
        """The units that this one leads in to, directly or through another."""
        led: list[Unit] = []
        places = {unit.place}
        number = bisect_left(self.units, unit.place, key=_place)
        for other in self.units[number + 1 : number + NEAR]:
            if other.lead not in places:
                break
            led.append(other)
            if other.form is Form.ITEM:
                places.add(other.place)
        return tuple(led)


def structure(text: str) -> Structure:
    """Cut a document's text into units."""
    return Structure(Excerpts([(0, text)]), tuple(_Cutter(text).units()))


class _Cutter:
    """Walks over the blocks of a text and remembers where it is."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found: list[Unit] = []
        self._headings: list[tuple[int, str]] = []
        self._group = 0
        self._lead: int | None = None  # of the list or table that comes next, or is open
        self._above: int | None = None
        self._open = False  # a list is being read
        self._parents: list[tuple[int, int]] = []  # (depth, place) of items that enclose

    def units(self) -> list[Unit]:
        for block in blocks.blocks(self._text):
            self._take(block)
        return self._found

    def _take(self, block: Block) -> None:
        if block.kind is blocks.Kind.HEADING:
            self._heading(block)
        elif block.kind is blocks.Kind.ITEM:
            self._item(block)
        elif block.kind is blocks.Kind.TABLE:
            self._table(block)
        elif block.kind is not blocks.Kind.RULE:
            self._prose(block)

    def _heading(self, block: Block) -> None:
        self._headings = [entry for entry in self._headings if entry[0] < block.level]
        self._headings.append((block.level, block.title))
        self._begin(None)
        self._above = None

    def _begin(self, lead: int | None) -> None:
        self._group += 1
        self._lead, self._open, self._parents = lead, False, []

    def _prose(self, block: Block) -> None:
        indent = self._indent(block)
        if self._open and indent >= 2 and block.kind is blocks.Kind.PARAGRAPH:
            self._add(Form.ITEM, block_sentences(self._text, block), depth=indent)
            return
        self._begin(None)
        form = Form.CODE if block.kind is blocks.Kind.CODE else Form.SENTENCE
        spans = block_sentences(self._text, block)
        self._add(form, spans)
        self._above = len(self._found) - 1 if spans else None
        if spans and self._leads_in(spans[-1]):
            self._begin(len(self._found) - 1)

    def _leads_in(self, last: Span) -> bool:
        end = self._text[max(last.start, last.end - LEAD_END) : last.end]
        return _LEADS_IN.search(end) is not None

    def _item(self, block: Block) -> None:
        if not self._open:
            self._begin(self._lead)
            self._open = True
        depth = self._indent(block)
        self._parents = [parent for parent in self._parents if parent[0] < depth]
        lead = self._parents[-1][1] if self._parents else self._lead
        spans = block_sentences(self._text, block)
        whole = Span(spans[0].start, spans[-1].end)
        if whole.end - whole.start <= LONG_ITEM:
            spans = [whole]
        self._parents.append((depth, len(self._found)))
        ordered = _ORDERED.match(self._text, block.start) is not None
        self._add(Form.ITEM, spans, lead=lead, depth=depth, ordered=ordered)

    def _table(self, block: Block) -> None:
        self._begin(None if self._open else self._lead)
        spans = block_sentences(self._text, block)
        header = spans[0] if block.body > block.start else None
        self._add(Form.ROW, spans[1:] if header else spans, lead=self._lead, header=header)
        self._begin(None)

    def _indent(self, block: Block) -> int:
        line = self._text.rfind("\n", 0, block.start) + 1
        text = self._text[line : block.end]
        return len(text) - len(text.lstrip(" \t"))

    def _add(
        self,
        form: Form,
        spans: Sequence[Span],
        lead: int | None = None,
        header: Span | None = None,
        depth: int = 0,
        ordered: bool = False,
    ) -> None:
        path = tuple(title for _, title in self._headings)
        for span in spans:
            place, above = len(self._found), None
            if form in (Form.ITEM, Form.ROW):
                above = self._above
            self._found.append(
                Unit(place, form, span, self._group, path, lead, above, header, depth, ordered)
            )
