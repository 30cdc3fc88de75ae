"""What a passage or a window needs beside its own words: title, headings, table header."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right

from stook.knowledge.store.documents import Chunk, Span
from stook.knowledge.text.blocks import Block, Kind, blocks

TITLE_WORDS = 12  # a title or heading longer than this is shortened before a window
HEADER_WORDS = 30

_HEADING_LINE = re.compile(r"^ {0,3}#{1,6}[ \t]|^ {0,3}(?:=+|-{2,})[ \t]*$", re.MULTILINE)
_DELIMITER_ROW = re.compile(r"^[ \t]*+(?:\|[ \t]*+)?:?-+:?[ \t]*+\|[-|: \t]*$\n?", re.MULTILINE)
_LINK = re.compile(r"\[([^\[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"\n]*\")?\)")
_BARE_MARKS = re.compile(r"^[ \t>]*#{1,6}[ \t]+|\*\*|__|`+|^[ \t]*>[ \t]?", re.MULTILINE)
_TAG = re.compile(
    r"</?(?:a|b|br|center|code|details|div|em|h[1-6]|i|img|kbd|li|ol|p|pre|small|span|strong|su[bp]"
    r"|summary|table|tbody|td|th|thead|tr|u|ul)\b[^<>]{0,1000}>",
    re.IGNORECASE,
)
_BARS = re.compile(r"(?<![ \t])[ \t]*\|[ \t|]*")


def lexical_text(text: str, chunk: Chunk, title: str) -> str:
    """What BM25 sees of a passage: title, heading path, table header, and its own words."""
    passage = text[chunk.span.start : chunk.span.end]
    above = [title, *(heading for heading in chunk.heading_path if heading != title)]
    # A heading inside the passage already counts once.
    lines = [line for line in above if line and line not in passage]
    return "\n".join([*lines, *_header(text, chunk.span), passage])


def window_text(text: str, chunk: Chunk, window: Span, title: str) -> str:
    """What is embedded for a window: title, nearest heading, table header, and its own words.

    Markdown's marks and the addresses of links are left out.
    """
    own = text[window.start : window.end]
    nearest = _nearest_heading(text, chunk, window)
    names = [_short(name, TITLE_WORDS) for name in dict.fromkeys((title, nearest)) if name]
    context = ": ".join(name for name in names if name not in own)
    header = [_short(_plain(row), HEADER_WORDS) for row in _header(text, window)]
    return "\n".join(part for part in (context, *header, _plain(own)) if part)


def _short(words: str, most: int) -> str:
    return " ".join(words.split()[:most])


def _plain(markdown: str) -> str:
    words = _DELIMITER_ROW.sub("", _TAG.sub(" ", markdown) if "<" in markdown else markdown)
    words = _BARE_MARKS.sub("", _LINK.sub(r"\1", words))
    return _BARS.sub(" | ", words).strip(" |\n")


def _nearest_heading(text: str, chunk: Chunk, window: Span) -> str:
    before = text[chunk.span.start : window.start]
    if _HEADING_LINE.search(before):
        inside = [block.title for block in blocks(before) if block.kind is Kind.HEADING]
        if inside:
            return inside[-1]
    return chunk.heading_path[-1] if chunk.heading_path else ""


def _header(text: str, span: Span) -> list[str]:
    """The header row of the table that a span begins inside of, if it begins below the header."""
    end = text.find("\n", span.start, span.end)
    if "|" not in text[span.start : end if end > 0 else span.end]:
        return []
    tables = _tables(text)
    place = bisect_right(tables, span.start, key=lambda table: table.start) - 1
    if place < 0 or not tables[place].body <= span.start < tables[place].end:
        return []
    return [text[tables[place].start : tables[place].body].split("\n", 1)[0].strip()]


@functools.lru_cache(maxsize=4)  # a long table has many passages, which are asked for in a row
def _tables(text: str) -> tuple[Block, ...]:
    """All tables with a header, in order."""
    return tuple(
        block for block in blocks(text) if block.kind is Kind.TABLE and block.body > block.start
    )
