"""Makes Markdown of the pages of a PDF: headings, paragraphs, list items, tables.

A PDF knows letters and their places only. Lines of one size that follow closely are a paragraph;
larger or bold lines are headings; what stands at the edge of most pages is said once.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from stook.errors import UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion.parsing import (
    canonical,
    pdf_pages,
    pdf_tables,
    places,
    reading_order,
)
from stook.knowledge.ingestion.parsing.dates import microseconds
from stook.knowledge.ingestion.parsing.ocr import Recognizer
from stook.knowledge.ingestion.parsing.parsed import Facts, Read
from stook.knowledge.ingestion.parsing.pdf_pages import HYPHEN, Box, Opened, Page
from stook.knowledge.ingestion.parsing.pdf_tables import Line, Table
from stook.knowledge.ingestion.parsing.structured import table
from stook.knowledge.ingestion.parsing.tesseract import has_time, time_left

FULL = 0.85  # of its column's width; a line that ends earlier ends its paragraph
LARGER = 1.13  # of the size of most text; larger text is a heading
SOMEWHAT_LARGER = 1.05  # a short line that stands alone is a heading already from here on
HEADING_WORDS = 24
BOLD_WORDS = 14
LEVELS = 4
EDGE = 0.12  # of a page's height, above and below, where running heads and feet stand
EDGE_LINES = 2
COVER_LINES = 3  # headings that are all of a first page
LEAST_PAGES = 0.5  # of the pages; a line at the edge of as many is a running head
UNKNOWN_SHARE = 0.02  # of a document's letters; more without a meaning are worth a note

_BULLET = re.compile(r"(?:[•·▪●○◦‣⁃∙–*\ue000-\uf8ff☐☒-]|o(?=\s))\s+")
_NUMBER = re.compile(
    r"(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\d{1,2}(?:\.\d{1,3}){1,4}\.?)\s+"
)
_SECTION = re.compile(r"\d{1,2}(?:\.\d{1,3}){1,3}\.?\s+[^\W\d_]{2}[^|]*[^\d\s]$")
_PARTED = re.compile(r"(?<![\w-])[\w-]*\w(?=[-\u00ad]$)")  # by the end of a line
_PAGE_NUMBER = re.compile(
    r"(?:(?:[^\w#]|page|seite|p\.|s\.|página|pagina|strona|sida|side|of|von|de|sur)*+"
    r"(?:#|[ivxlc])++)+\W*$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"\w+")
_COMPOUNDS = frozenset(  # words that keep the hyphen of their compounds
    "well self long short high low full part half all cross ex non multi state up first".split()
)
_ENDS = (".", "!", "?", ":", ";", "。", "！", "？", "؟", "।")


@dataclass(slots=True)
class _Block:
    """A piece of the document: lines of text, or the rows of a table."""

    kind: str  # "heading", "item", "text", "table"
    page: int
    lines: list[Line]
    level: int = 0
    rows: list[list[str]] | None = None


@dataclass(frozen=True, slots=True)
class _Sizes:
    """The size of most letters, whether most are bold, and the sizes of headings, large first."""

    usual: float
    bold: bool
    headings: tuple[float, ...]


def read(content: bytes, recognizer: Recognizer) -> Read:
    """A PDF as Markdown, with the places where its pages begin. Raises UnreadableDocument."""
    opened = pdf_pages.open_pdf(content)
    pages = list(opened.pages)
    recognised = _recognise(pages, opened, recognizer)
    if not any(page.words for page in pages):
        detail = f": {recognizer.why_not}" if recognizer.why_not else ""
        raise UnreadableDocument(UnreadableReason.EMPTY, f"perhaps a scan{detail}")
    notes = [*recognised, *_notes(pages)]
    text, title = arranged(pages)
    return Read(text, _facts(opened.metadata).or_else(Facts(title=title)), tuple(notes))


def arranged(pages: Sequence[Page]) -> tuple[str, str]:
    """Pages as Markdown, and the title that they give themselves, if any."""
    found: list[tuple[list[Table], list[Line]]] = []
    for page in pages:
        found.append(_tables_and_lines(page, _header(found[-1][0]) if found else []))
    running = _drop_running([lines for _, lines in found], pages)
    sizes = _sizes(pages, [line for _, lines in found for line in lines])
    blocks = list(_blocks(found, sizes))
    known = {word for page in pages for word in _words(page)}
    return "\n\n".join(_written(_together(blocks), known)), _title(blocks, running)


def _recognise(pages: list[Page], opened: Opened, recognizer: Recognizer) -> list[str]:
    """Put what is written in pictures in place of pages that are pictures; gives what to say."""
    pictures = [number for number, page in enumerate(pages) if page.is_picture]
    if recognizer.why_not or not pictures:
        return [f"pages that are pictures are not read: {recognizer.why_not}"] if pictures else []
    done, read, longest = 0, 0, 0.0
    while done < len(pictures) and has_time(longest):
        number, before = pictures[done], time_left()
        found = recognizer.pages(*opened.draw(number))
        if found and len(found[0].words) > len(pages[number].words):
            pages[number] = found[0]
            read += 1
        longest = max(longest, before - time_left() if before < math.inf else 0.0)
        done += 1
    notes = [f"{read} of {len(pages)} pages are pictures, read by Tesseract; it may err"]
    if done < len(pictures):
        notes.append(f"{len(pictures) - done} more such pages were not read: no time was left")
    return [*(notes if read or len(notes) > 1 else []), *recognizer.notes()]


def _title(blocks: Sequence[_Block], running: str) -> str:
    """What a PDF calls itself where its metadata do not: on its cover, else above each page.

    The first line of a cover often names whose document it is, the second which one.
    """
    headings = [block for block in blocks if block.kind == "heading"]
    cover = [block for block in blocks if block.page == 1]
    if 1 < len(cover) <= COVER_LINES and all(block.kind == "heading" for block in cover):
        return ": ".join(_text([block], set()).lstrip("# ") for block in cover)
    return "" if headings else running


def _notes(pages: Sequence[Page]) -> Iterator[str]:
    empty = [number for number, page in enumerate(pages, 1) if not page.words]
    if empty:
        shown = ", ".join(map(str, empty[:20])) + (" …" if len(empty) > 20 else "")
        yield f"{len(empty)} of {len(pages)} pages hold no text (perhaps pictures): {shown}"
    letters = sum(len(word.text) for page in pages for word in page.words)
    unknown = sum(page.unknown for page in pages)
    if unknown > UNKNOWN_SHARE * letters:
        yield f"{unknown} of {letters} letters have no known meaning: its fonts do not say it"


def _facts(metadata: dict[str, str]) -> Facts:
    return Facts(
        title=canonical.usable_title(metadata.get("Title", "")),
        author=metadata.get("Author", ""),
        created_at=_date(metadata.get("CreationDate", "")),
        updated_at=_date(metadata.get("ModDate", "")),
    )


def _date(written: str) -> int | None:
    """A date as PDF writes it: ``D:20260102030405+01'00'``."""
    found = re.match(
        r"(?:D:)?(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?(\d\d)?(?:([+-])(\d\d)'?(\d\d)?|Z)?", written
    )
    if not found:
        return None
    year, month, day, hour, minute, second, sign, hours, minutes = found.groups()
    zone = f"{sign}{hours}:{minutes or '00'}" if sign else "+00:00"
    return microseconds(
        f"{year}-{month}-{day}T{hour or '00'}:{minute or '00'}:{second or '00'}{zone}"
    )


def _words(page: Page) -> Iterator[str]:
    """The words of a page that no line's end parted."""
    parted = False
    for word in page.words:
        before, parted = parted, word.text.endswith((HYPHEN, "-"))
        if not before and not parted:
            yield from _WORD.findall(word.text.lower())
            if "-" in word.text:
                yield word.text.lower().strip(".,;:!?()\"'")


# --- what stands on a page ----------------------------------------------------------------------


def _header(tables: Sequence[Table]) -> list[str]:
    """The first row of the table that ends a page: the next page may repeat it."""
    return min(tables, key=lambda found: found.box.bottom).rows[0] if tables else []


def _tables_and_lines(page: Page, header: Sequence[str]) -> tuple[list[Table], list[Line]]:
    tables = pdf_tables.ruled(page.words, page.rules)
    taken = {order for table in tables for order in table.taken}
    lines = pdf_tables.lines([word for word in page.words if word.order not in taken])
    more = pdf_tables.unruled(lines, header)
    taken = {order for table in more for order in table.taken}
    rest = [line for line in lines if line.order not in taken]
    return [*tables, *more], rest


def _drop_running(pages: Sequence[list[Line]], shapes: Sequence[Page]) -> str:
    """Take out running heads and feet, but for the first of each; numbers of pages altogether.

    Gives the first running head, "" where there is none.
    """
    keys = [{_key(line) for line in _at_edge(*one)} for one in zip(pages, shapes, strict=True)]
    counts = Counter(key for found in keys for key in found)
    least = max(2, LEAST_PAGES * len(pages))
    running = {key for key, count in counts.items() if count >= least}
    seen: set[str] = set()
    head = ""
    for lines, page in zip(pages, shapes, strict=True):
        for line in _at_edge(lines, page):
            key = _key(line)
            if key in running and (key in seen or _PAGE_NUMBER.match(key)):
                lines.remove(line)
            elif key in running and line.box.middle[1] > page.box.middle[1]:
                head = head or line.text
            seen.add(key)
    return head


def _at_edge(lines: Sequence[Line], page: Page) -> list[Line]:
    """The outermost lines of a page, where they stand near its edges."""
    down = sorted(lines, key=lambda line: -line.box.middle[1])
    height = max(page.box.height, 1)
    return [
        line
        for line in (*_outer(down), *_outer(down[::-1]))
        if not EDGE < (line.box.middle[1] - page.box.bottom) / height < 1 - EDGE
    ]


def _outer(lines: Sequence[Line]) -> Sequence[Line]:
    """The first lines of a page, up to a gap; all of its text may stand without one."""
    for number in range(1, min(EDGE_LINES, len(lines) - 1) + 1):
        above, below = lines[number - 1].box, lines[number].box
        gap = max(above.bottom - below.top, below.bottom - above.top)
        if gap > 0.5 * max(above.height, below.height):
            return lines[:number]
    return ()


def _key(line: Line) -> str:
    return _DIGITS.sub("#", line.text)


def _sizes(pages: Iterable[Page], lines: Iterable[Line]) -> _Sizes:
    weights: Counter[float] = Counter()
    bold = 0
    for word in (word for page in pages for word in page.words if word.size):
        weights[round(word.size, 1)] += len(word.text)
        bold += len(word.text) * word.bold
    usual = weights.most_common(1)[0][0] if weights else 10.0
    larger = {_size(line) for line in lines if _is_larger(line, usual)}
    return _Sizes(usual, bold * 2 > weights.total(), tuple(sorted(larger, reverse=True)))


def _size(line: Line) -> float:
    heights = sorted(word.size for word in line.words)
    return round(heights[len(heights) // 2], 1)


def _is_bold(line: Line) -> bool:
    bold = sum(len(word.text) for word in line.words if word.bold)
    return bold > 0.8 * sum(len(word.text) for word in line.words)


def _is_larger(line: Line, usual: float) -> bool:
    short = len(line.words) <= HEADING_WORDS
    return short and _size(line) >= LARGER * usual and any(map(str.isalpha, line.text))


# --- lines to blocks ------------------------------------------------------------------------------


def _blocks(pages: Iterable[tuple[list[Table], list[Line]]], sizes: _Sizes) -> Iterator[_Block]:
    for number, (tables, lines) in enumerate(pages, 1):
        placed = [
            reading_order.Placed(
                found.order, found.box, _Block("table", number, [], rows=found.rows)
            )
            for found in tables
        ]
        cuts = [found.order for found in tables]
        placed += [
            reading_order.Placed(group[0].order, _around(group), _text_block(group, number, sizes))
            for group in _grouped(lines, sizes, cuts)
        ]
        yield from reading_order.ordered(placed)


def _around(group: Sequence[Line]) -> Box:
    box = group[0].box
    for line in group:
        box = box.with_other(line.box)
    return box


def _text_block(group: list[Line], page: int, sizes: _Sizes) -> _Block:
    level = _level(group[0], sizes)
    if not level and len(group) == 1 and _stands_out(group[0], sizes):
        level = min(len(sizes.headings) + 1, LEVELS + 1)
    if level and sum(len(line.words) for line in group) <= HEADING_WORDS:
        return _Block("heading", page, group, level)
    return _Block("item" if _BULLET.match(group[0].text) else "text", page, group)


def _stands_out(line: Line, sizes: _Sizes) -> bool:
    """Whether a line that is a paragraph of its own reads as a heading."""
    text = line.text
    if len(line.words) > BOLD_WORDS or text.endswith((*_ENDS, ",")) or _BULLET.match(text):
        return False
    if _SECTION.match(text):
        return True
    return _size(line) >= SOMEWHAT_LARGER * sizes.usual and text[:1].isupper()


def _level(line: Line, sizes: _Sizes) -> int:
    """The level of a heading; 0 for other lines."""
    if _is_larger(line, sizes.usual):
        return min(sizes.headings.index(_size(line)) + 1, LEVELS)
    short = len(line.words) <= BOLD_WORDS and not line.text.endswith((".", ",", ";", ":"))
    if short and _is_bold(line) and not sizes.bold and re.search(r"[^\W\d_]{2}", line.text):
        bulleted = _BULLET.match(line.text)
        return 0 if bulleted else min(len(sizes.headings) + 1, LEVELS + 1)
    return 0


def _grouped(lines: Sequence[Line], sizes: _Sizes, cuts: Sequence[int]) -> Iterator[list[Line]]:
    """Runs of lines that are one paragraph, heading or item; tables part them."""
    group: list[Line] = []
    for line in lines:
        parted = group and any(group[-1].order < cut < line.order for cut in cuts)
        if group and not parted and _goes_on(group, line, sizes):
            group.append(line)
            continue
        if group:
            yield group
        group = [line]
    if group:
        yield group


def _goes_on(group: list[Line], line: Line, sizes: _Sizes) -> bool:
    above = group[-1]
    if _level(above, sizes) != _level(line, sizes) or _begins_item(line):
        return False
    if abs(_size(above) - _size(line)) > 0.15 * sizes.usual and _level(line, sizes):
        return False
    if len(above.segments) > 1 and not _begins_item(above):  # labels and values side by side
        return False
    pitch = above.box.top - line.box.top
    size = max(above.box.height, line.box.height)
    if not 0 < pitch < 1.75 * size:  # a column's end, or a gap between paragraphs
        return pitch < 0 and _is_open(above, line) and not _level(line, sizes)
    if len(group) > 1 and pitch > 1.3 * (group[-2].box.top - above.box.top):
        return False
    if _level(line, sizes) or line.text[:1].islower():
        return True
    return _fills(group, line) and not _is_indented(above, line)


def _begins_item(line: Line) -> bool:
    return bool(_BULLET.match(line.text) or _NUMBER.match(line.text))


def _is_open(above: Line, line: Line) -> bool:
    """Whether a sentence goes on in a line, though not just below."""
    words = above.text.rstrip()
    return not words.endswith(_ENDS) and (line.text[:1].islower() or words.endswith(HYPHEN))


def _fills(group: Sequence[Line], line: Line) -> bool:
    """Whether the last line of a group reaches as far as its widest lines, or the next one."""
    above = group[-1]
    widest = max(one.box.right - one.box.left for one in (*group, line))
    reach = FULL - 0.1 if not above.text.endswith(_ENDS) else FULL
    return above.box.right - above.box.left >= reach * widest


def _is_indented(above: Line, line: Line) -> bool:
    """Whether a line begins to the right of the one above, as a new paragraph does."""
    return (
        line.box.left - above.box.left > 0.8 * line.box.height
        and (line.box.right <= above.box.right + line.box.height)
        and above.text.endswith(_ENDS)
    )


# --- blocks to Markdown ----------------------------------------------------------------------


def _together(blocks: Iterable[_Block]) -> Iterator[list[_Block]]:
    """Blocks that a page's end parted: tables with the same columns, sentences."""
    held: list[_Block] = []
    for block in blocks:
        if held and _is_same(held[-1], block):
            held.append(block)
            continue
        if held:
            yield held
        held = [block]
    if held:
        yield held


def _is_same(last: _Block, block: _Block) -> bool:
    if last.page + 1 != block.page or (last.kind != block.kind and block.kind != "text"):
        return False
    if last.rows and block.rows:
        return len(last.rows[0]) == len(block.rows[0])
    if last.kind not in ("text", "item") or block.kind != "text":
        return False
    return _is_open(last.lines[-1], block.lines[0])


def _written(groups: Iterable[list[_Block]], known: set[str]) -> Iterator[str]:
    page = 0
    for group in groups:
        mark = places.mark(f"page {group[0].page}") if group[0].page != page else ""
        page = group[-1].page
        yield mark + (_table(group) if group[0].rows else _text(group, known))


def _table(group: Sequence[_Block]) -> str:
    """The rows of a table over several pages, its header once."""
    rows: list[list[str]] = []
    for block in group:
        body = block.rows or []
        if rows and body[0] == rows[0]:
            body = body[1:]
        if rows and body:
            body = [[places.mark(f"page {block.page}") + body[0][0], *body[0][1:]], *body[1:]]
        rows += body
    return table([[cell.replace(HYPHEN, "-") for cell in row] for row in rows])


def _text(group: Sequence[_Block], known: set[str]) -> str:
    words = ""
    for block in group:
        mark = places.mark(f"page {block.page}") if block is not group[0] else ""
        for line in block.lines:
            words = _with(words, line.text, known, mark)
            mark = ""
    words = words.replace(HYPHEN, "-").strip()
    if group[0].kind == "heading":
        return f"{'#' * group[0].level} {words}"
    bullet = _BULLET.match(words)
    if bullet is None:
        return words
    ticked = bullet[0].strip() in pdf_pages.MARKS
    return f"- {words if ticked else words[bullet.end() :]}"


def _with(words: str, line: str, known: set[str], mark: str) -> str:
    """Words and the line that follows; a word that a line's end parted is whole again."""
    if not words:
        return line
    if not words.endswith((HYPHEN, "-")) or not line[:1].isalpha():
        return f"{words} {mark}{line}"
    first, second = _PARTED.search(words), _WORD.match(line)
    if not first or not second or not line[0].islower():
        return f"{words[:-1]}-{mark}{line}"
    one, other = first[0].lower(), second[0].lower()
    compound = f"{one}-{other}" in known or one in _COMPOUNDS
    compound |= one in known and other in known and len(one) > 3
    whole = one + other in known or not compound
    return words[:-1] + ("" if whole else "-") + mark + line
