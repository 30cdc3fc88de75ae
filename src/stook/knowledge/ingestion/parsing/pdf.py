"""Puts the lines of a PDF page together again: paragraphs, list items, headings.

A PDF knows lines only. A line that fills its page's width goes on in the next one; a short line
ends a paragraph; a short line that begins like a title above a full one is a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

FULL = 0.72  # of the usual width; a shorter line ends its paragraph
HEADING_WORDS = 9
HEADING_LINES = 4
LEAST_TABLE = 0.2  # of the lines of a page's Markdown; below, a table is taken for a mistake

_BULLET = re.compile(r"(?:[•·▪●○◦‣⁃–*]|o(?=\s))\s*")
_NUMBER = re.compile(r"(?:\d{1,2}[.)]|[a-z]\))\s+")
_HEADING = re.compile(r"^(#{1,6}) +(.+)$", re.MULTILINE)
_ENDS = (".", "!", "?", ":", ";", "。", "！", "？")
_WORD = re.compile(r"\w+")


def has_tables(markdown: str) -> bool:
    """Whether a page's Markdown is mostly right to see tables in it."""
    lines = markdown.split("\n")
    rows = sum(line.startswith("|") for line in lines)
    return rows >= 3 and rows >= LEAST_TABLE * sum(bool(line) for line in lines)


def levels(markdown: str) -> dict[str, int]:
    """The headings that were told from the rest by their font, and their levels."""
    return {_key(title): len(marks) for marks, title in _HEADING.findall(markdown)}


def paragraphs(plain: str, headings: dict[str, int]) -> str:
    """Markdown of the lines of a PDF's text."""
    lines = [" ".join(line.split()) for line in plain.splitlines()]
    lengths = sorted(len(line) for line in lines if line)
    usual = lengths[len(lengths) * 9 // 10] if lengths else 0
    known = set(_WORD.findall(plain))
    return "\n\n".join(_joined(_grouped(lines, usual, headings), known))


def _grouped(lines: list[str], usual: int, headings: dict[str, int]) -> Iterator[list[str]]:
    """Runs of lines that belong together; a heading or list item begins with its mark."""
    shown = [line for line in lines if line]
    position = 0
    group: list[str] = []
    while position < len(shown):
        taken, level = _heading_at(shown, position, headings)
        line = " ".join(shown[position : position + taken])
        position += taken
        if group and not level and _goes_on(group[-1], line, usual):
            group.append(line)
            continue
        if group:
            yield group
        below = shown[position] if position < len(shown) else ""
        level = level or (3 if _is_title(line, below, usual) else 0)
        if level:
            yield [f"{'#' * level} {line}"]
        bullet = _BULLET.match(line)
        group = [] if level else [f"- {line[bullet.end() :]}" if bullet else line]
    if group:
        yield group


def _heading_at(lines: list[str], position: int, headings: dict[str, int]) -> tuple[int, int]:
    """How many lines from here on are a heading, and its level; one line of level 0 if none is."""
    for taken in range(1, HEADING_LINES + 1):
        key = _key(" ".join(lines[position : position + taken]))
        if key and key in headings:
            return taken, headings[key]
    return 1, 0


def _goes_on(above: str, line: str, usual: int) -> bool:
    if _BULLET.match(line) or _NUMBER.match(line):
        return False
    if line[0].islower():
        return True
    if above.rstrip().endswith(_ENDS):
        return len(above) >= 0.9 * usual
    return len(above) >= FULL * usual or above.strip() == "-"


def _is_title(line: str, below: str, usual: int) -> bool:
    short = len(line) < FULL * usual and len(line.split()) <= HEADING_WORDS
    begins = line[0].isupper() and not line.endswith((".", ",", ";", ":"))
    return short and begins and len(below) >= FULL * usual and below[0].isupper()


def _joined(groups: Iterator[list[str]], known: set[str]) -> Iterator[str]:
    for group in groups:
        words = group[0]
        for line in group[1:]:
            words = _with(words, line, known)
        yield words


def _with(words: str, line: str, known: set[str]) -> str:
    """Words and the line that follows; a word parted by a hyphen is whole if it occurs whole."""
    if not words.endswith("-") or not line[0].islower():
        return f"{words} {line}"
    first = re.search(r"\w+(?=-$)", words)
    second = _WORD.match(line)
    whole = first and second and first[0] + second[0] in known
    return (words[:-1] if whole else words) + line


def _key(title: str) -> str:
    return "".join(_WORD.findall(title.lower()))
