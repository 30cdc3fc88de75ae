"""Plain SVG plots, styled by the page's style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 560  # of every plot, in its own units
ROW = 30
LABEL = 130  # room for the labels of bars, to their left
FIGURE = 60  # room for figures, to their right
COLUMNS_HEIGHT = 150


@dataclass(frozen=True, slots=True)
class Bar:
    """A measure from 0 to 1; ``before`` is drawn as a mark where it is known."""

    label: str
    value: float
    before: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole: how many, and the name of its colour in the style sheet."""

    label: str
    count: int
    colour: str


def bars(title: str, rows: Sequence[Bar]) -> str:
    """Horizontal bars from 0 to 1, one below the other."""
    drawn = "".join(_bar(number, row) for number, row in enumerate(rows))
    return _svg(title, ROW * len(rows), drawn)


def _bar(number: int, bar: Bar) -> str:
    room, top = WIDTH - LABEL - FIGURE, ROW * number
    mark = ""
    if bar.before is not None:
        at = LABEL + room * bar.before
        mark = _rect(at - 1, top + 4, 2, ROW - 8, "mark", f"before: {bar.before:.3f}")
    return (
        _text(LABEL - 10, top + 20, bar.label, "end")
        + _rect(LABEL, top + 7, room, ROW - 14, "rail")
        + _rect(LABEL, top + 7, room * bar.value, ROW - 14, "bar", f"{bar.label}: {bar.value:.3f}")
        + mark
        + _text(LABEL + room + 8, top + 20, f"{bar.value:.3f}", "start", "figure")
    )


def whole(title: str, parts: Sequence[Part]) -> str:
    """One bar of all parts, with a legend below."""
    total = sum(part.count for part in parts) or 1
    left, drawn = 0.0, ""
    for part in parts:
        width = WIDTH * part.count / total
        drawn += _rect(left, 0, width, 26, part.colour, f"{part.label}: {part.count}")
        left += width
    for number, part in enumerate(parts):
        top = 40 + 22 * number
        share = f"{part.count} ({100 * part.count / total:.0f} %)"
        drawn += _rect(0, top, 12, 12, part.colour)
        drawn += _text(20, top + 11, part.label) + _text(WIDTH, top + 11, share, "end", "figure")
    return _svg(title, 40 + 22 * len(parts), drawn)


def columns(title: str, counts: Sequence[tuple[str, int]]) -> str:
    """Columns side by side, each with its count above and its label below."""
    highest = max((count for _, count in counts), default=0) or 1
    step = WIDTH / max(1, len(counts))
    drawn = ""
    for number, (label, count) in enumerate(counts):
        height = (COLUMNS_HEIGHT - 44) * count / highest
        middle, top = step * (number + 0.5), COLUMNS_HEIGHT - 24 - height
        drawn += _rect(step * number + 3, top, step - 6, height, "bar", f"{label}: {count}")
        drawn += _text(middle, top - 6, str(count), "middle", "figure") if count else ""
        drawn += _text(middle, COLUMNS_HEIGHT - 6, label, "middle")
    return _svg(title, COLUMNS_HEIGHT, drawn)


def spread(values: Sequence[float], bins: int = 12) -> list[tuple[str, int]]:
    """Values counted in bins of equal, round width from 0 up; labelled by where each begins."""
    if not values:
        return []
    width = _round_up(max(values) / bins)
    counts = [0] * (int(max(values) / width) + 1)
    for value in values:
        counts[int(value / width)] += 1
    return [(f"{width * number:g}", count) for number, count in enumerate(counts)]


def _round_up(width: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 …"""
    size = 1.0
    while True:
        for step in (1, 2, 5):
            if step * size >= width:
                return step * size
        size *= 10


def _svg(title: str, height: float, drawn: str) -> str:
    name = escape(title, quote=True)
    return (
        f'<figure><figcaption>{name}</figcaption><svg viewBox="0 0 {WIDTH} {height:g}" '
        f'role="img" aria-label="{name}">{drawn}</svg></figure>'
    )


def _rect(x: float, y: float, width: float, height: float, colour: str, hint: str = "") -> str:
    title = f"<title>{escape(hint)}</title>" if hint else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(0.0, width):.1f}" height="{height:.1f}" '
        f'rx="2" class="{colour}">{title}</rect>'
    )


def _text(x: float, y: float, text: str, anchor: str = "start", kind: str = "label") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{escape(text)}</text>'
    )
