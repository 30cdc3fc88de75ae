"""Counts the numbered paragraphs of a Word document, and writes each number as it is printed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from stook.knowledge.ingestion.parsing.counting import written
from stook.knowledge.ingestion.parsing.word.elements import W, is_on, number, value
from stook.knowledge.ingestion.parsing.word.styles import Style

LEVELS = 9
BULLET = "-"

_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is counted and written; ``restart`` is the level that resets it."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    style: str = ""
    restart: int | None = None
    legal: bool = False


@dataclass(slots=True)
class _List:
    """A definition that several lists may share, and with it their counts by level."""

    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of one document."""

    def __init__(self, root: Any) -> None:
        self._lists: dict[str, _List] = {}
        self._starts: dict[str, dict[int, int]] = {}  # where a list begins anew, until it has
        if root is not None:
            self._define(root)

    def _define(self, root: Any) -> None:
        shared: dict[str, _List] = {}
        of_style: dict[str, str] = {}
        elements = {one.get(f"{W}abstractNumId", ""): one for one in root.iter(f"{W}abstractNum")}
        for identifier, element in elements.items():
            shared[identifier] = _List(_levels(element))
            if style := value(element, "styleLink"):
                of_style[style] = identifier
        for item in root.iter(f"{W}num"):
            identifier = value(item, "abstractNumId")
            element = elements.get(identifier)
            link = "" if element is None else value(element, "numStyleLink")
            defined = shared.get(of_style.get(link, identifier))
            if defined:
                self._add(item, defined)

    def _add(self, item: Any, defined: _List) -> None:
        name = item.get(f"{W}numId", "")
        starts: dict[int, int] = {}
        changed: dict[int, _Level] = {}
        for override in item.iter(f"{W}lvlOverride"):
            at = override.get(f"{W}ilvl", "")
            if at.isdigit() and int(at) < LEVELS:
                changed |= _levels(override)
                start = number(override, "startOverride")
                if start is not None:
                    starts[int(at)] = start
        self._lists[name] = _List(defined.levels | changed, defined.counts)
        self._starts[name] = starts

    def level_of(self, list_id: str, said: int | None, style: Style) -> int:
        """The level of a paragraph: what it says, else what its style or the list says of it."""
        if said is not None:
            return min(said, LEVELS - 1)
        known = self._lists.get(list_id)
        for at, level in known.levels.items() if known else ():
            if level.style and level.style == style.identifier:
                return at
        return min(style.list_level or 0, LEVELS - 1)

    def next(self, list_id: str, level: int) -> str:
        """Count a paragraph; what is printed before it: "2.1", "(a)", ``BULLET``, or ""."""
        known = self._lists.get(list_id)
        if known is None:
            return BULLET
        defined = known.levels.get(level, _Level())
        starts = self._starts[list_id]
        if level in starts:
            known.counts[level] = starts.pop(level)
        else:
            known.counts[level] = known.counts.get(level, defined.start - 1) + 1
        for deeper in [at for at in known.counts if at > level]:
            restart = known.levels.get(deeper, _Level()).restart
            if restart is None or level < restart:
                del known.counts[deeper]
        return BULLET if defined.form == "bullet" else self._printed(known, defined)

    def _printed(self, known: _List, level: _Level) -> str:
        def one(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            named = known.levels.get(at, _Level())
            count = known.counts.setdefault(at, named.start)
            if named.form == "none":
                return ""
            return written(count, "decimal" if level.legal else named.form)

        return " ".join(_PLACE.sub(one, level.text).split())


def _levels(parent: Any) -> dict[int, _Level]:
    levels: dict[int, _Level] = {}
    for element in parent.iterchildren(f"{W}lvl"):
        at = element.get(f"{W}ilvl", "")
        if at.isdigit() and int(at) < LEVELS:
            start = number(element, "start")
            levels[int(at)] = _Level(
                start=0 if start is None else start,
                form=value(element, "numFmt") or "decimal",
                text=value(element, "lvlText"),
                style=value(element, "pStyle"),
                restart=number(element, "lvlRestart"),
                legal=bool(is_on(element, "isLgl")),
            )
    return levels
