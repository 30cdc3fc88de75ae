"""A reliability diagram: of the answers thought right with some probability, how many are right.

It is drawn as SVG, without a library. On the diagonal the two are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

BINS = 10
SIZE, EDGE = 320, 44  # pixels: of the square, and around it for the labels
Kept = Mapping[str, Sequence[float]]  # a bin's number: count, sum of probabilities, count of right


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of nearly one probability: how many, their mean, and the share that is right."""

    count: int
    thought: float
    right: float


def kept(judged: Iterable[tuple[float, bool]]) -> dict[str, list[float]]:
    """Sum up answers by their probability, to be kept; ``judged``: it, and whether it is right."""
    found: dict[str, list[float]] = {}
    for chance, right in judged:
        row = found.setdefault(str(min(int(chance * BINS), BINS - 1)), [0.0, 0.0, 0.0])
        row[0] += 1
        row[1] += chance
        row[2] += right
    return found


def bins(sets: Sequence[Kept]) -> list[Bin]:
    """Return the bins of several sets together, by probability."""
    found = []
    for number in map(str, range(BINS)):
        rows = [one[number] for one in sets if number in one]
        if rows:
            count, thought, right = (sum(column) for column in zip(*rows, strict=True))
            found.append(Bin(int(count), thought / count, right / count))
    return found


def calibration_error(found: Sequence[Bin]) -> float:
    """Return how far thought and right are apart, on average over all answers (ECE)."""
    total = sum(one.count for one in found) or 1
    return sum(one.count * abs(one.thought - one.right) for one in found) / total


def diagram(found: Sequence[Bin]) -> str:
    """Draw the diagram."""
    whole = SIZE + 2 * EDGE
    square = f'x="{EDGE}" y="{EDGE}" width="{SIZE}" height="{SIZE}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" '
            f'width="{whole}" height="{whole}" font-family="sans-serif" font-size="12">',
            "<title>How often answers are right, by what was thought of them</title>",
            f'<rect width="{whole}" height="{whole}" fill="#fff"/>',
            f'<rect {square} fill="none" stroke="#888"/>',
            _line((0.0, 0.0), (1.0, 1.0), 'stroke="#888" stroke-dasharray="4 4"'),
            *_labels(),
            *_points(found),
            "</svg>",
            "",
        ]
    )


def _at(place: tuple[float, float]) -> tuple[float, float]:
    across, up = place
    return round(EDGE + SIZE * across, 1), round(EDGE + SIZE * (1 - up), 1)


def _line(start: tuple[float, float], end: tuple[float, float], style: str) -> str:
    (x1, y1), (x2, y2) = _at(start), _at(end)
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" {style}/>'


def _labels() -> Iterator[str]:
    for step in range(0, 11, 2):
        value = step / 10
        x, _ = _at((value, 0.0))
        _, y = _at((0.0, value))
        bottom = EDGE + SIZE + 16
        yield f'<text x="{x}" y="{bottom}" text-anchor="middle" fill="#333">{value:g}</text>'
        yield f'<text x="{EDGE - 6}" y="{y + 4}" text-anchor="end" fill="#333">{value:g}</text>'
    middle = EDGE + SIZE / 2
    yield f'<text x="{middle}" y="{EDGE + SIZE + 34}" text-anchor="middle">thought</text>'
    yield f'<text x="{EDGE}" y="{EDGE - 14}" text-anchor="middle">right</text>'


def _points(found: Sequence[Bin]) -> Iterator[str]:
    places = [_at((one.thought, one.right)) for one in found]
    drawn = " ".join(f"{x},{y}" for x, y in places)
    yield f'<polyline points="{drawn}" fill="none" stroke="#1f6feb" stroke-width="2"/>'
    most = max((one.count for one in found), default=1)
    for one, (x, y) in zip(found, places, strict=True):
        radius = round(3 + 7 * (one.count / most) ** 0.5, 1)
        yield f'<circle cx="{x}" cy="{y}" r="{radius}" fill="#1f6feb" fill-opacity=".75"/>'
        yield f'<text x="{x + 12}" y="{y + 14}" fill="#333">{one.count}</text>'
