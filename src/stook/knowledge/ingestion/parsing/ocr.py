"""Reads what is written in pictures: lines and words with their places, by Tesseract."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field

from stook.knowledge.ingestion.parsing import tesseract
from stook.knowledge.ingestion.parsing.pdf_pages import Box, Page, Word

# In percent. What Tesseract sees in photographs had a median of at most 42, what it read in
# screenshots, drawings and scans one of at least 55.
LEAST_SURE = 50.0
USUAL_SIZE = 10.0  # points
LEAST_SAME, MOST_SAME = 0.6, 1.35  # of the usual height; such lines are of one size
RULE = 6  # pixels; what is thinner and holds no letters is a drawn line

_EDGES = re.compile(r"[\W_]+$")


@dataclass(slots=True)
class _Line:
    """Words beside each other, and the box around them, in pixels; y grows downwards."""

    top: int
    bottom: int
    words: list[tuple[str, int, int]]  # text, left, right

    @property
    def height(self) -> int:
        return max(self.bottom - self.top, 1)


@dataclass(slots=True)
class _Sheet:
    """What Tesseract says of a page."""

    width: int
    height: int
    lines: list[_Line] = field(default_factory=list)
    rules: list[tuple[int, int, int, int]] = field(default_factory=list)
    sure: list[float] = field(default_factory=list)  # how sure Tesseract is, word by word

    @property
    def is_writing(self) -> bool:
        return bool(self.sure) and statistics.median(self.sure) >= LEAST_SURE


class Recognizer:
    """Reads pictures in some languages; ``why_not`` says why it cannot, "" where it can."""

    def __init__(self, languages: str) -> None:
        self._languages = tesseract.languages(languages)
        self.why_not = self._languages.why_not

    def notes(self) -> Iterator[str]:
        """What is to be said of a text that was recognised, beside that it was."""
        if self._languages.missing:
            yield self._languages.missing

    def pages(self, picture: bytes, dots_per_inch: int = 0) -> list[Page]:
        """What is written on each page of a picture. Raises UnreadableDocument."""
        table = tesseract.run(picture, self._languages.names, dots_per_inch)
        return [_page(sheet) for sheet in _sheets(table)]


def _sheets(table: str) -> list[_Sheet]:
    """The pages in what Tesseract writes: a row for each page, block, paragraph, line and word."""
    sheets: list[_Sheet] = []
    for row in table.split("\n")[1:]:
        cells = row.split("\t")
        if len(cells) < 12:
            continue
        left, top, width, height = map(int, cells[6:10])
        if cells[0] == "1":
            sheets.append(_Sheet(width, height))
        elif cells[0] == "4":
            sheets[-1].lines.append(_Line(top, top + height, []))
        elif cells[0] == "5" and (text := cells[11].strip()):
            if not _EDGES.match(text):  # nothing but marks: the edges of a table
                sheets[-1].sure.append(float(cells[10]))
                sheets[-1].lines[-1].words.append((text, left, left + width))
        elif cells[0] == "5" and min(width, height) <= RULE:
            sheets[-1].rules.append((left, top, left + width, top + height))
    for sheet in sheets:
        sheet.lines = [line for line in sheet.lines if line.words and sheet.is_writing]
    return sheets


def _page(sheet: _Sheet) -> Page:
    """A page in points, made as large as it is when most letters are of usual size.

    A line's box ends at its tallest letters: what differs little is of one size.
    """
    heights = sorted(line.height for line in sheet.lines) or [1]
    usual = heights[len(heights) // 2]
    scale = USUAL_SIZE / usual
    words: list[Word] = []
    for line in sheet.lines:
        alike = LEAST_SAME * usual <= line.height <= MOST_SAME * usual
        middle, half = (line.top + line.bottom) / 2, (usual if alike else line.height) / 2
        for text, left, right in line.words:
            edges = (left, middle - half, right, middle + half)
            words.append(Word(text, _box(edges, sheet.height, scale), order=len(words)))
    rules = [_box(rule, sheet.height, scale) for rule in sheet.rules]
    return Page(words, rules, _box((0, 0, sheet.width, sheet.height), sheet.height, scale))


def _box(edges: tuple[float, float, float, float], height: int, scale: float) -> Box:
    left, top, right, bottom = edges
    return Box(left * scale, (height - bottom) * scale, right * scale, (height - top) * scale)
