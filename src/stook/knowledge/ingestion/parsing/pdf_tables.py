"""Finds the tables of a PDF page: by their ruled lines, else by the columns their words keep to."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from stook.knowledge.ingestion.parsing.pdf_pages import RIGHT_TO_LEFT, Box, Word

SNAP = 3.0  # points by which edges that belong together may be apart
LEAST_DISTINCT = 0.6  # of the filled cells; where cells repeat more, boxes are drawn, no table
MOST_RULES = 3_000
MOST_CELLS = 20_000
COLUMN_GAP = 0.9  # of a word's height between two cells; between two words there is less
LEAST_ROWS = 3
CELL_WORDS = 6  # words that a cell of a table without lines has at most on average

_NUMERIC = re.compile(r"[^\w]*+\d[\d.,%‰()+\-–/:]*+\D{0,3}$")


@dataclass(slots=True)
class Segment:
    """Words of one line, without a wide gap between them."""

    words: list[Word]
    box: Box

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def order(self) -> int:
        return self.words[0].order


@dataclass(slots=True)
class Line:
    """Segments beside each other that follow one another in the page's content."""

    segments: list[Segment]
    box: Box

    @property
    def words(self) -> list[Word]:
        return [word for segment in self.segments for word in segment.words]

    @property
    def text(self) -> str:
        return " ".join(segment.text for segment in self.segments)

    @property
    def order(self) -> int:
        return self.segments[0].order


@dataclass(slots=True)
class Table:
    """Rows of cells and where they stand; ``order`` is that of its first word."""

    rows: list[list[str]]
    box: Box
    order: int
    taken: set[int] = field(default_factory=set)  # the orders of its words


def lines(words: Sequence[Word]) -> list[Line]:
    """The lines of some words, in the order of the page's content."""
    found: list[Line] = []
    for segment in _segments(words):
        last = found[-1] if found else None
        if last and last.segments[-1].box.beside(segment.box) and _next_to(last, segment):
            last.segments.append(segment)
            last.box = last.box.with_other(segment.box)
        else:
            found.append(Line([segment], segment.box))
    return found


def _next_to(line: Line, segment: Segment) -> bool:
    """Whether a segment lies clear of its line, on one side of it."""
    clear = segment.box.left >= line.box.right - SNAP or segment.box.right <= line.box.left + SNAP
    return clear and line.box.beside(segment.box)


def _segments(words: Sequence[Word]) -> Iterator[Segment]:
    current: Segment | None = None
    for word in words:
        if current is not None and _continues(current, word):
            current.words.append(word)
            current.box = current.box.with_other(word.box)
            continue
        if current is not None:
            yield current
        current = Segment([word], word.box)
    if current is not None:
        yield current


def _continues(segment: Segment, word: Word) -> bool:
    if word.upright and segment.words[-1].upright:
        return abs(word.box.middle[0] - segment.words[-1].box.middle[0]) < word.size
    last = segment.words[-1].box
    gap = max(word.box.left - last.right, last.left - word.box.right)
    return last.beside(word.box) and gap < COLUMN_GAP * max(last.height, word.box.height, 4)


# --- tables with lines ----------------------------------------------------------------------------


def ruled(words: Sequence[Word], rules: Sequence[Box]) -> list[Table]:
    """The tables whose cells are drawn."""
    if len(rules) > MOST_RULES:
        return []
    tables = (_grid(words, group) for group in _connected(rules))
    return [table for table in tables if table is not None]


def _connected(rules: Sequence[Box]) -> Iterator[list[Box]]:
    """Rules that touch one another, straight or around corners."""
    groups: list[tuple[Box, list[Box]]] = []
    for rule in sorted(rules, key=lambda box: (-box.top, box.left)):
        wide = Box(rule.left - SNAP, rule.bottom - SNAP, rule.right + SNAP, rule.top + SNAP)
        touching = [one for one in groups if _overlap(one[0], wide)]
        groups = [one for one in groups if not _overlap(one[0], wide)]
        together, around = [rule], wide
        for box, members in touching:
            together += members
            around = around.with_other(box)
        groups.append((around, together))
    for _, members in groups:
        yield members


def _overlap(one: Box, other: Box) -> bool:
    across = one.left <= other.right and other.left <= one.right
    return across and one.bottom <= other.top and other.bottom <= one.top


def _grid(words: Sequence[Word], rules: Sequence[Box]) -> Table | None:
    flat = [rule for rule in rules if rule.top - rule.bottom < 1]
    upright = [rule for rule in rules if rule.right - rule.left < 1]
    if not flat or not upright:
        return None
    ends = (min(rule.left for rule in flat), max(rule.right for rule in flat))
    xs = _marks([*ends, *(rule.left for rule in upright)])
    ys = _marks(rule.top for rule in flat)
    if len(xs) < 3 or len(ys) < 2 or len(xs) * len(ys) > MOST_CELLS:
        return None
    box = Box(xs[0], ys[0], xs[-1], ys[-1])
    inside = [word for word in words if _holds(box, word)]
    across = _merges(xs, ys, upright)
    down = _merges(ys, xs, [Box(r.bottom, r.left, r.top, r.right) for r in flat])
    rows = _filled(_Grid(xs, ys, across, down), inside)
    if len(rows) < 2 or sum(len({cell for cell in row if cell}) > 1 for row in rows) < 2:
        return None
    return _table(rows, box, inside)


def _table(rows: list[list[str]], box: Box, words: Sequence[Word]) -> Table:
    """A table of some words; one in a script that runs from the right begins at the right."""
    letters = "".join(word.text for word in words)
    if len(RIGHT_TO_LEFT.findall(letters)) * 2 > len(letters):
        rows = [row[::-1] for row in rows]
    orders = {word.order for word in words}
    return Table(rows, box, min(orders), orders)


def _filled(grid: _Grid, words: Sequence[Word]) -> list[list[str]]:
    """The rows that hold words; none where boxes within boxes are no table."""
    rows = [row for row in grid.rows(words) if any(row)]
    used = [column for column in grid.columns() if any(row[column] for row in rows)]
    kept = [[row[column] for column in used] for row in rows]
    cells = sum(bool(cell) for row in kept for cell in row)
    texts = sum(len({cell for cell in row if cell}) for row in kept)
    return kept if len(used) > 1 and texts >= LEAST_DISTINCT * cells else []


def _holds(box: Box, word: Word) -> bool:
    x, y = word.box.middle
    return box.left - 1 <= x <= box.right + 1 and box.bottom - 1 <= y <= box.top + 1


def _marks(places: Iterable[float]) -> list[float]:
    """Places in order, those that belong together once."""
    kept: list[float] = []
    for place in sorted(places):
        if not kept or place - kept[-1] > SNAP:
            kept.append(place)
    return kept


def _merges(
    cuts: Sequence[float], along: Sequence[float], edges: Sequence[Box]
) -> set[tuple[int, int]]:
    """The inner cuts, by the cell along them, where no edge is drawn: the cells are one."""
    drawn: dict[int, list[Box]] = {}
    for edge in edges:
        drawn.setdefault(_nearest(cuts, edge.left), []).append(edge)
    return {
        (cut, cell)
        for cut in range(1, len(cuts) - 1)
        for cell in range(len(along) - 1)
        if not _covered((along[cell] + along[cell + 1]) / 2, drawn.get(cut, ()))
    }


def _nearest(cuts: Sequence[float], place: float) -> int:
    return min(range(len(cuts)), key=lambda number: abs(cuts[number] - place))


def _covered(place: float, edges: Iterable[Box]) -> bool:
    return any(edge.bottom - SNAP <= place <= edge.top + SNAP for edge in edges)


class _Grid:
    """The cells between drawn lines; cells with no line between them hold the same words."""

    def __init__(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        across: set[tuple[int, int]],
        down: set[tuple[int, int]],
    ) -> None:
        self._xs, self._ys = xs, ys
        self._owner = {(x, y): (x, y) for x in range(len(xs) - 1) for y in range(len(ys) - 1)}
        for cut, y in across:
            self._join((cut - 1, y), (cut, y))
        for cut, x in down:
            self._join((x, cut - 1), (x, cut))

    def _join(self, one: tuple[int, int], other: tuple[int, int]) -> None:
        self._owner[self._root(one)] = self._root(other)

    def _root(self, cell: tuple[int, int]) -> tuple[int, int]:
        while self._owner[cell] != cell:
            cell = self._owner[cell]
        return cell

    def rows(self, words: Sequence[Word]) -> Iterator[list[str]]:
        """The rows from top to bottom; a row that holds several lines in all cells is several."""
        held: dict[tuple[int, int], list[Word]] = {}
        for word in words:
            x, y = word.box.middle
            cell = (self._index(self._xs, x), self._index(self._ys, y))
            held.setdefault(self._root(cell), []).append(word)
        cells = {root: lines(inside) for root, inside in held.items()}
        for y in self._levels():
            row = [cells.get(self._root((x, y)), []) for x in range(len(self._xs) - 1)]
            yield from _split(row)

    def columns(self) -> list[int]:
        """The columns, but for those that are one with the column before in every row."""
        down = range(len(self._ys) - 1)
        return [
            x
            for x in range(len(self._xs) - 1)
            if not x or any(self._root((x, y)) != self._root((x - 1, y)) for y in down)
        ]

    def _levels(self) -> list[int]:
        """The rows from the top, but for those that are one with the row above in every column."""
        across, top = range(len(self._xs) - 1), len(self._ys) - 2
        return [
            y
            for y in range(top, -1, -1)
            if y == top or any(self._root((x, y)) != self._root((x, y + 1)) for x in across)
        ]

    def _index(self, cuts: Sequence[float], place: float) -> int:
        return min(max(bisect_right(cuts, place) - 1, 0), len(cuts) - 2)


def _split(row: list[list[Line]]) -> list[list[str]]:
    filled = [cell for cell in row if cell]
    counts = {len(cell) for cell in filled}
    aligned = len(counts) == 1 and len(filled) > 1 and counts.pop() >= LEAST_ROWS
    if aligned and all(
        one.box.beside(cell[number].box) for cell in filled for number, one in enumerate(filled[0])
    ):
        return [[cell[n].text if cell else "" for cell in row] for n in range(len(filled[0]))]
    return [[joined(cell) for cell in row]]


def joined(cell: Iterable[Line]) -> str:
    """The lines of a cell as one; a word that is parted at a line's end is whole again."""
    text = ""
    for line in cell:
        text = text[:-1] + line.text if text.endswith("\u00ad") else f"{text} {line.text}"
    return text.strip().replace("\u00ad", "-")


# --- tables without lines -----------------------------------------------------------------------


def unruled(found: Sequence[Line], header: Sequence[str] = ()) -> list[Table]:
    """The tables among the lines of a page, told by columns that their words keep to.

    ``header`` is the first row of a table that may go on here from the page before.
    """
    return [table for run in _runs(found, header) if (table := _aligned(run, header)) is not None]


def _least(run: Sequence[Line], header: Sequence[str]) -> int:
    """The rows that make lines a table: one is enough below a header that is known."""
    goes_on = len(header) > 1 and [one.text for one in run[0].segments] == list(header)
    return 2 if goes_on else LEAST_ROWS


def _runs(found: Sequence[Line], header: Sequence[str]) -> Iterator[list[Line]]:
    """Lines below one another of which most have several segments."""
    run: list[Line] = []
    for line in [*found, None]:
        if line is not None and run and _is_below(run[-1], line) and _fits(run, line):
            run.append(line)
            continue
        while run and len(run[-1].segments) < 2:
            run.pop()
        if run and sum(len(one.segments) > 1 for one in run) >= _least(run, header):
            yield run
        run = [line] if line is not None and len(line.segments) > 1 else []


def _is_below(above: Line, line: Line) -> bool:
    gap = above.box.bottom - line.box.top
    return -0.5 * line.box.height < gap < 1.8 * max(above.box.height, line.box.height)


def _fits(run: Sequence[Line], line: Line) -> bool:
    """Whether a line has several segments, or is what a cell of the row above goes on with."""
    if len(line.segments) > 1:
        return True
    if len(run[-1].segments) < 2:
        return False
    narrow = line.box.right - line.box.left < 0.6 * (run[-1].box.right - run[-1].box.left)
    return narrow and run[-1].box.left - SNAP <= line.box.left <= run[-1].box.right


def _aligned(run: Sequence[Line], header: Sequence[str]) -> Table | None:
    cuts = _cuts(run)
    words = [word for line in run for word in line.words]
    if not cuts or len(words) > CELL_WORDS * sum(len(line.segments) for line in run):
        return None
    rows: list[list[str]] = []
    for line in run:
        row = _row(line, cuts)
        if rows and len(line.segments) == 1 and not row[0]:
            rows[-1] = [
                f"{above} {more}".strip() for above, more in zip(rows[-1], row, strict=True)
            ]
        else:
            rows.append(row)
    full = sum(all(row) for row in rows)
    if len(rows) < _least(run, header) or full * 2 < len(rows) or not _is_tabular(rows):
        return None
    box = run[0].box
    for line in run:
        box = box.with_other(line.box)
    return _table(rows, box, words)


def _cuts(run: Sequence[Line]) -> list[float]:
    """The middles of the gaps that run down between the words of (nearly) all lines."""
    several = [line for line in run if len(line.segments) > 1]
    edges: list[tuple[float, int]] = []
    for line in several:
        for segment in line.segments:
            edges += [(segment.box.left, 1), (segment.box.right, -1)]
    most = len(several) // 12  # lines that may reach across: a heading over several columns
    cuts: list[float] = []
    depth, opened = 0, None
    for place, change in sorted(edges):
        before, depth = depth, depth + change
        if change < 0 and before > most >= depth:
            opened = place
        elif change > 0 and before <= most < depth and opened is not None and place > opened:
            cuts.append((opened + place) / 2)
    return cuts


def _row(line: Line, cuts: Sequence[float]) -> list[str]:
    cells: list[list[str]] = [[] for _ in range(len(cuts) + 1)]
    for segment in line.segments:
        cells[bisect_right(cuts, segment.box.middle[0])].append(segment.text)
    return [" ".join(cell) for cell in cells]


def _is_tabular(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows are those of a table, not of prose in two columns or a list with its marks."""
    body = rows[1:]
    columns = list(zip(*body, strict=True))
    marks = sum(len(cell) <= 2 and not cell.isalnum() for cell in columns[0])
    if len(columns) == 2 and marks * 2 > len(body):
        return False
    if len(columns) > 2:
        return True
    numeric = sum(bool(_NUMERIC.match(cell)) for column in columns for cell in column)
    short = sum(len(cell.split()) <= 4 for column in columns for cell in column)
    return numeric * 3 >= len(body) or short >= 1.5 * len(body)
