"""Counts the items of the lists of an OpenDocument file, and its numbered headings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from stook.knowledge.ingestion.parsing.opendocument.elements import TEXT, number
from stook.knowledge.ingestion.parsing.opendocument.styles import LEVELS, Level, Levels, Styles

_ID = "{http://www.w3.org/XML/1998/namespace}id"


@dataclass(slots=True)
class _Open:
    """A list that is being read: its style, and the counts that it shares with lists inside it."""

    levels: Levels
    counts: dict[int, int]
    depth: int


@dataclass(slots=True)
class Counter:
    """Writes the number of each item as it is printed."""

    styles: Styles
    _open: list[_Open] = field(default_factory=list)
    _ended: dict[str, dict[int, int]] = field(default_factory=dict)  # counts by name or style
    _headings: dict[int, int] = field(default_factory=dict)

    def begin(self, element: Any, depth: int) -> None:
        """A list begins; one without a style has that of the list around it."""
        name = element.get(f"{TEXT}style-name", "")
        above = self._open[-1] if self._open and depth else None
        levels = self.styles.levels(name) if name or not above else above.levels
        if above:
            self._open.append(_Open(levels, above.counts, min(depth + 1, LEVELS)))
            return
        continued = element.get(f"{TEXT}continue-list", "")
        goes_on = element.get(f"{TEXT}continue-numbering") == "true"
        counts = self._ended.get(f"id {continued}" if continued else f"style {name}", {})
        counts = dict(counts) if continued or goes_on else {}
        self._open.append(_Open(levels, counts, 1))
        self._ended[f"style {name}"] = counts
        self._ended[f"id {element.get(_ID, '')}"] = counts

    def end(self) -> None:
        """The list that began last ends."""
        closed = self._open.pop()
        for deeper in [at for at in closed.counts if at >= closed.depth > 1]:
            del closed.counts[deeper]

    def next(self, item: Any) -> str:
        """Count an item of the innermost list; its number, or "" where it has a bullet or none."""
        current = self._open[-1]
        if item.tag != f"{TEXT}list-item":
            return ""
        level = current.levels.get(current.depth, Level())
        before = current.counts.get(current.depth, level.start - 1)
        current.counts[current.depth] = number(item, f"{TEXT}start-value", before + 1)
        return _printed(current.levels, current.counts, current.depth)

    def heading(self, element: Any, level: int) -> str:
        """Count a heading; its number, or "" where headings have none."""
        if not self.styles.outline or element.get(f"{TEXT}is-list-header") == "true":
            return ""
        defined = self.styles.outline.get(level, Level())
        before = self._headings.get(level, defined.start - 1)
        self._headings[level] = number(element, f"{TEXT}start-value", before + 1)
        for deeper in [at for at in self._headings if at > level]:
            del self._headings[deeper]
        return _printed(self.styles.outline, self._headings, level)


def _printed(levels: Levels, counts: dict[int, int], depth: int) -> str:
    level = levels.get(depth, Level())
    if not level.form:
        return ""
    shown = range(max(1, depth - level.shown + 1), depth + 1)
    numbers = [
        levels[at].written(counts.get(at, levels[at].start))
        for at in shown
        if at in levels and levels[at].form
    ]
    return " ".join(f"{level.before}{'.'.join(numbers)}{level.after}".split())
