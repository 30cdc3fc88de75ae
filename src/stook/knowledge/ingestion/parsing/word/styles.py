"""The styles of a Word document: what a paragraph or a run is because of its style."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from stook.knowledge.ingestion.parsing.word.elements import W, child, is_on, number, value

DEEPEST = 30  # styles that are based on one another

_HEADING = re.compile(r"heading ?([1-9])", re.IGNORECASE)
_CODE = re.compile(r"(?:source ?code|code ?block|html preformatted|macro text)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Style:
    """``level`` is a heading's, 0 for other paragraphs; ``list_id`` is "" outside lists."""

    identifier: str = ""
    level: int = 0
    is_code: bool = False
    is_list: bool = False
    list_id: str = ""
    list_level: int | None = None
    hidden: bool = False
    struck: bool = False


class Styles:
    """The styles of one document by their identifiers, each with what it inherits."""

    def __init__(self, root: Any) -> None:
        found = () if root is None else root.iter(f"{W}style")
        self._elements = {style.get(f"{W}styleId", ""): style for style in found}
        self._read: dict[str, Style] = {}
        self._usual = next(
            (
                identifier
                for identifier, style in self._elements.items()
                if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") == "1"
            ),
            "",
        )

    def of_paragraph(self, paragraph: Any) -> Style:
        """The style of a paragraph; the default one where it names none."""
        return self._style(value(paragraph, "pPr/pStyle") or self._usual, 0)

    def of_run(self, properties: Any) -> Style:
        """The style that the properties of a run name."""
        name = value(properties, "rStyle")
        return self._style(name, 0) if name else Style()

    def _style(self, identifier: str, depth: int) -> Style:
        if identifier in self._read:
            return self._read[identifier]
        element = self._elements.get(identifier)
        if element is None or depth > DEEPEST:
            return Style(identifier)
        based_on = value(element, "basedOn")
        parent = self._style(based_on, depth + 1) if based_on else Style()
        style = self._read[identifier] = _read(identifier, element, parent)
        return style


def _read(identifier: str, element: Any, parent: Style) -> Style:
    name = value(element, "name")
    heading = _HEADING.match(name)
    outline = number(element, "pPr/outlineLvl")
    level = int(heading[1]) if heading else 1 if name.lower() == "title" else parent.level
    if not heading and outline is not None:
        level = outline + 1 if outline < 9 else 0
    listed = child(element, "pPr/numPr") is not None
    list_id = value(element, "pPr/numPr/numId") if listed else ""
    hidden, struck = is_on(element, "rPr/vanish"), is_on(element, "rPr/strike")
    return Style(
        identifier=identifier,
        level=min(level, 6),
        is_code=bool(_CODE.match(name)) or parent.is_code,
        is_list=name.startswith("List ") or parent.is_list,
        list_id=list_id or parent.list_id,
        list_level=number(element, "pPr/numPr/ilvl") if listed else parent.list_level,
        hidden=parent.hidden if hidden is None else hidden,
        struck=parent.struck if struck is None else struck,
    )
