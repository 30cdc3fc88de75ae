"""Reads PPTX presentations: titles, text, tables, charts and notes, slide by slide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stook.knowledge.ingestion.parsing import charts
from stook.knowledge.ingestion.parsing.packages import Package
from stook.knowledge.ingestion.parsing.structured import table

PRESENTATION = "ppt/presentation.xml"

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FURNITURE = frozenset(
    {"dt", "ftr", "sldNum", "sldImg"}
)  # date, footer, number, picture of a slide


def text(package: Package) -> str:
    """The text of a PPTX as Markdown, in the order of its slides."""
    related = package.related(PRESENTATION)
    listed = package.xml(PRESENTATION).iter(f"{_P}sldId")
    names = [related[slide.get(_ID)] for slide in listed if slide.get(_ID) in related]
    return "\n\n".join(block for name in names for block in _slide(package, name))


def _slide(package: Package, name: str) -> Iterator[str]:
    related = package.related(name)
    yield from _shapes(package, package.xml(name), related)
    for other in related.values():
        if other.startswith("ppt/notesSlides/"):
            yield from _shapes(package, package.xml(other), {})


def _shapes(package: Package, root: Any, related: dict[str, str]) -> Iterator[str]:
    for shape in root.iter(f"{_P}sp", f"{_P}pic", f"{_A}tbl", f"{_C}chart"):
        if shape.tag == f"{_P}sp":
            yield from _paragraphs(shape)
        elif shape.tag == f"{_P}pic":
            yield from _alternative(shape)
        elif shape.tag == f"{_A}tbl":
            rows = [
                [charts.words(cell) for cell in row.iter(f"{_A}tc")]
                for row in shape.iter(f"{_A}tr")
            ]
            yield table(rows)
        elif shape.get(_ID) in related:
            yield from charts.chart_part(package, related[shape.get(_ID)])


def _paragraphs(shape: Any) -> Iterator[str]:
    place = shape.find(f".//{_P}ph")
    kind = place.get("type", "body") if place is not None else ""
    if kind in _FURNITURE:
        return
    mark = "## " if kind in ("title", "ctrTitle") else ""
    for paragraph in shape.iter(f"{_A}p"):
        if words := charts.words(paragraph):
            yield mark + (_bullet(paragraph, kind) if not mark else "") + words


def _bullet(paragraph: Any, kind: str) -> str:
    """A list mark for a paragraph that has one of its own, or that lies below the first level."""
    properties = paragraph.find(f"{_A}pPr")
    if properties is None or properties.find(f"{_A}buNone") is not None:
        return ""
    level = int(properties.get("lvl") or 0)
    marked = any(properties.find(f"{_A}{tag}") is not None for tag in ("buChar", "buAutoNum"))
    return f"{'  ' * level}- " if marked or (level and kind == "body") else ""


def _alternative(picture: Any) -> Iterator[str]:
    properties = picture.find(f".//{_P}cNvPr")
    words = " ".join((properties.get("descr") or "").split()) if properties is not None else ""
    if words:
        yield words
