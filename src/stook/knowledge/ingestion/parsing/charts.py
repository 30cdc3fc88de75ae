"""Reads what is drawn in office files: charts as tables, text boxes, diagrams."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stook.errors import UnreadableDocument
from stook.knowledge.ingestion.parsing import inline, number_formats, symbols
from stook.knowledge.ingestion.parsing.packages import Package
from stook.knowledge.ingestion.parsing.structured import table

MOST_POINTS = 20_000

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_VALUES = ("val", "yVal", "bubbleSize")
_CATEGORIES = ("cat", "xVal")


def drawn(package: Package, name: str) -> Iterator[str]:
    """The text boxes and charts of a drawing; what is damaged is passed over."""
    try:
        root, related = package.xml(name), package.related(name)
    except UnreadableDocument:
        return
    for shape in root.iter("{*}sp"):
        paragraphs = (words(paragraph) for paragraph in shape.iter(f"{_A}p"))
        if box := "\n".join(filter(None, paragraphs)):
            yield box
    yield from related_charts(package, related)


def related_charts(package: Package, related: dict[str, str]) -> Iterator[str]:
    """The charts that a part refers to."""
    for other in related.values():
        if "/charts/" in other and other.rpartition("/")[2].startswith("chart"):
            yield from chart_part(package, other)


def chart_part(package: Package, name: str) -> Iterator[str]:
    """One chart; nothing where it is damaged or not there."""
    if not package.has(name):
        return
    try:
        yield from chart(package.xml(name))
    except UnreadableDocument:
        return


def words(element: Any) -> str:
    """The words of a drawn paragraph on one line, without the number of the slide."""
    pieces = (
        " " if piece.tag == f"{_A}br" else _written(piece)
        for piece in element.iter(f"{_A}t", f"{_A}br")
    )
    return " ".join(inline.joined("".join(pieces)).split())


def _written(piece: Any) -> str:
    """The text of a run: raised figures apart, symbols as they look, what is struck marked."""
    run = piece.getparent()
    if run is None or (run.tag == f"{_A}fld" and run.get("type") == "slidenum"):
        return ""
    text, properties = piece.text or "", run.find(f"{_A}rPr")
    if properties is None:
        return text
    drawn = properties.find(f"{_A}sym")
    drawn = properties.find(f"{_A}latin") if drawn is None else drawn
    text = symbols.spelled(text, "" if drawn is None else drawn.get("typeface", ""))
    if not properties.get("baseline", "0").startswith(("-", "0")):
        text = symbols.raised(text)
    struck = properties.get("strike", "noStrike") != "noStrike"
    return inline.struck(text) if struck else text


def chart(root: Any) -> Iterator[str]:
    """A chart's titles and its values as a table: categories down, series across."""
    titles = (words(title) for title in root.iter("{*}title"))
    if shown := ", ".join(filter(None, titles)):
        yield shown
    series = list(root.iter("{*}ser"))
    columns = [_series(one, number) for number, one in enumerate(series, 1)]
    labels: dict[int, str] = {}
    for one in series:
        labels = _points(one, _CATEGORIES) | labels
    rows = sorted({row for _, values in columns for row in values} | set(labels))
    if rows:
        named = any(labels.values())
        header = ([""] if named else []) + [name for name, _ in columns]
        body = [
            ([labels.get(row, "")] if named else [])
            + [values.get(row, "") for _, values in columns]
            for row in rows[:MOST_POINTS]
        ]
        yield table([header, *body])


def _series(series: Any, number: int) -> tuple[str, dict[int, str]]:
    """The name of a series and its values by their places; points that are missing leave gaps."""
    name = " ".join(_points(series, ("tx",)).values()) or f"Series {number}"
    return name, _points(series, _VALUES)


def _points(series: Any, tags: tuple[str, ...]) -> dict[int, str]:
    for tag in tags:
        holder = series.find(f"{{*}}{tag}")
        if holder is not None:
            points = list(holder.iter("{*}pt"))
            if not points:
                return dict(enumerate(value.text or "" for value in holder.iter("{*}v")))
            codes = [one.text or "General" for one in holder.iter("{*}formatCode")]
            if not codes and next(holder.iter("{*}numCache", "{*}numLit"), None) is not None:
                codes = ["General"]
            return {_place(point, at): _shown(point, codes) for at, point in enumerate(points)}
    return {}


def _shown(point: Any, codes: list[str]) -> str:
    """A number as its format shows it; a text, which has no format, as it is."""
    written = " ".join((point.findtext("{*}v") or "").split())
    try:
        return number_formats.shown(float(written), codes[0]) if codes else written
    except (ValueError, OverflowError, ArithmeticError):
        return written


def _place(point: Any, at: int) -> int:
    written = point.get("idx", "")
    return int(written) if written.isdigit() else at
