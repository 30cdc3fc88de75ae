"""The blocks of a Markdown (or plain) text: headings, paragraphs, list items, tables, code.

A scanner, not a renderer: it finds where blocks begin and end, in one pass, and never fails.
Blocks follow one another and together hold every character that is not white space.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass


class Kind(enum.Enum):
    HEADING = enum.auto()
    PARAGRAPH = enum.auto()
    ITEM = enum.auto()
    TABLE = enum.auto()
    CODE = enum.auto()
    RULE = enum.auto()


@dataclass(frozen=True, slots=True)
class Block:
    """``start`` and ``end`` are code points of the text; neither end holds a line break.

    ``level`` (1 to 6) and ``title`` are a heading's. ``body`` is where the rows of a table begin
    that has a header; it equals ``start`` elsewhere.
    """

    kind: Kind
    start: int
    end: int
    level: int = 0
    title: str = ""
    body: int = 0


SETEXT_LINES = 3  # a longer paragraph above a line of dashes is a paragraph above a rule

ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?$")
FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})(.*)$")
RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}$")
ITEM = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)")
SETEXT = re.compile(r" {0,3}(?:=+|-{2,})$")
DELIMITER = re.compile(r"[ \t]*+(?:\|[ \t]*+)?:?-+:?[ \t]*+(?:\|[ \t]*:?-+:?[ \t]*)*+\|?$")
CLOSING_HASHES = re.compile(r"(?:^|[ \t])#+$")


def blocks(text: str, start: int = 0, end: int | None = None) -> Iterator[Block]:
    """The blocks between two offsets, in order; the first line may continue an unseen block."""
    stop = len(text) if end is None else end
    position = start
    while position < stop:
        line = _line(text, position, stop)
        if line.strip():
            block = _block(text, position, line, stop)
            yield block
            position = block.end + 1
        else:
            position += len(line) + 1


def _line(text: str, start: int, stop: int) -> str:
    end = text.find("\n", start, stop)
    return text[start : stop if end < 0 else end]


def _block(text: str, start: int, line: str, stop: int) -> Block:
    bare = line.rstrip()
    if fence := _fence(bare):
        return _code(text, start, line, fence, stop)
    if heading := ATX.match(bare):
        title = CLOSING_HASHES.sub("", heading[2] or "").strip()
        return Block(Kind.HEADING, start, start + len(line), len(heading[1]), title, start)
    if RULE.match(bare):
        return Block(Kind.RULE, start, start + len(line), body=start)
    if "|" in line and (table := _table(text, start, line, stop)):
        return table
    return _paragraph(text, start, line, stop)


def _fence(bare: str) -> str | None:
    """The marks that open a code block; backquotes after them make it a code span instead."""
    found = FENCE.match(bare)
    if found is None or (found[1][0] == "`" and "`" in found[2]):
        return None
    return found[1]


def _code(text: str, start: int, line: str, fence: str, stop: int) -> Block:
    end = start + len(line)
    closing = re.compile(rf"[ \t>]*{re.escape(fence[0])}{{{len(fence)},}}$")
    while end < stop:
        line = _line(text, end + 1, stop)
        end += 1 + len(line)
        if closing.match(line.rstrip()):
            break
    return Block(Kind.CODE, start, min(end, stop), body=start)


def _table(text: str, start: int, line: str, stop: int) -> Block | None:
    """A table with its header, or rows fenced by bars that continue a table cut before."""
    end = start + len(line)
    body = start
    if _starts_table(text, line, end, stop):
        body = end = end + 1 + len(_line(text, end + 1, stop))
    elif not _is_row(line):
        return None
    while end < stop:
        line = _line(text, end + 1, stop)
        if not ("|" in line if body > start else _is_row(line)):
            break
        end += 1 + len(line)
    return Block(Kind.TABLE, start, end, body=body)


def _starts_table(text: str, line: str, end: int, stop: int) -> bool:
    if "|" not in line or end + 1 >= stop:
        return False
    below = _line(text, end + 1, stop).rstrip()
    return "|" in below and "-" in below and DELIMITER.match(below) is not None


def _is_row(line: str) -> bool:
    bare = line.strip()
    return len(bare) > 1 and bare[0] == "|" == bare[-1]


def _paragraph(text: str, start: int, line: str, stop: int) -> Block:
    """A paragraph or a list item: all lines up to a blank one, or to one that begins a block."""
    kind = Kind.ITEM if ITEM.match(line) else Kind.PARAGRAPH
    end, lines = start + len(line), 1
    while end < stop:
        line = _line(text, end + 1, stop)
        bare = line.rstrip()
        if kind is Kind.PARAGRAPH and lines <= SETEXT_LINES and SETEXT.match(bare):
            return _setext(text, start, end, line)
        if not bare or _interrupts(text, line, bare, end + 1, stop):
            break
        end, lines = end + 1 + len(line), lines + 1
    return Block(kind, start, end, body=start)


def _setext(text: str, start: int, end: int, underline: str) -> Block:
    level = 1 if "=" in underline else 2
    title = " ".join(text[start:end].split())
    return Block(Kind.HEADING, start, end + 1 + len(underline), level, title, start)


def _interrupts(text: str, line: str, bare: str, start: int, stop: int) -> bool:
    return bool(
        ITEM.match(line)
        or ATX.match(bare)
        or RULE.match(bare)
        or _fence(bare)
        or ("|" in line and (_is_row(line) or _starts_table(text, line, start + len(line), stop)))
    )
