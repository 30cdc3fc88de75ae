"""Where sentences begin and end, in Markdown and plain text of any language.

Headings, list items, table rows (the header with the line below it) and short code blocks are
units of their own; sentences never cross the border of a block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stook.knowledge.store.documents import Span
from stook.knowledge.text.blocks import ITEM, Block, Kind, blocks

CODE_LINES = 12  # a code block of so many lines is one unit; a longer one is taken line by line

# Ends of sentences: Latin, Greek, Cyrillic … need white space after them; Arabic, Devanagari,
# Ethiopic, Khmer, Burmese and East Asian marks do not. A line that ends in two spaces or a
# backslash is a hard break.
_CLOSERS = r"""["'”’»›)\]}*_`]*+(?:\[\^?\w{1,8}\])*+"""
_END = re.compile(
    rf"(?<![.!?…])(?P<mark>[.!?…]++){_CLOSERS}(?=\s)"
    rf"|[。！？｡؟۔।॥።၊။។]+[」』”’）】》〉\"']*"
    rf"|(?:[ \t]{{2}}|\\)(?=\n)"
)
_WORD_BEFORE = re.compile(r"[\w.&’'-]*$")
_NEXT = re.compile(r"""\s+["'“‘«‹(\[{*_`]*([\w-]*)""")
_MARKER = re.compile(
    r"(?:[ \t]*>)*[ \t]*(?:#{1,6}[ \t]+|(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)?"
)


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Followed by a name, a number or the rest of the sentence, always.
_NEVER_LAST = _words(
    "dr mr mrs ms mx prof st rev gen col capt cpt lt sgt maj hon gov sen rep pres messrs "
    "fig figs eq eqs sec sect ch chap vol vols art ca approx cf vs v viz e.g i.e eg ie al "
    "pp ed eds incl excl resp z.b d.h u.a bzw ggf evtl vgl nr str mme mlle ing dipl"
)
# Before a number only: "No. 5", "p. 12", "Jan. 3".
_BEFORE_NUMBER = _words(
    "no nos p para jan feb mar apr jun jul aug sep sept oct nov dec tel ext ver"
)
# May close a sentence: they do before a word that sentences begin with.
_MAYBE_LAST = _words(
    "inc ltd co corp llc plc bros jr sr etc u.s u.k u.n e.u u.s.a d.c a.m p.m a.d b.c ph.d b.sc "
    "m.sc b.a m.a m.d est dept univ assn ave blvd rd gmbh"
)
_STARTERS = _words(
    "a after all also although an and any anyone as at because before both but by contact do does "
    "during each employees ensure every everyone for from he her here his how however i if in is "
    "it its many most my never no not note on once one only or our please see she since so some "
    "such that the their then there these they this those to under until use we what when where "
    "which while who why with without you your"
)


def sentences(text: str, within: Span | None = None) -> list[Span]:
    """The sentences of a text, or of a part of it, in order and without white space at the ends.

    Together they hold everything that is not white space.
    """
    start, end = (within.start, within.end) if within else (0, len(text))
    return [span for block in blocks(text, start, end) for span in block_sentences(text, block)]


def without_marker(text: str, span: Span) -> Span:
    """The span without the list, quotation or heading marker that it begins with."""
    found = _MARKER.match(text, span.start, span.end)
    start = found.end() if found else span.start
    return Span(start, span.end) if start < span.end else span


def block_sentences(text: str, block: Block) -> list[Span]:
    """The sentences of one block."""
    if block.kind is Kind.TABLE:
        return list(_rows(text, block))
    if block.kind is Kind.CODE:
        return list(_code(text, block))
    if block.kind in (Kind.PARAGRAPH, Kind.ITEM):
        return list(_prose(text, block))
    return _trimmed(text, block.start, block.end)


def _trimmed(text: str, start: int, end: int) -> list[Span]:
    piece = text[start:end]
    bare = piece.strip()
    if not bare:
        return []
    start += len(piece) - len(piece.lstrip())
    return [Span(start, start + len(bare))]


def lines(text: str, start: int, end: int) -> Iterator[Span]:
    """The lines between two offsets, without white space at their ends, blank ones left out."""
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield from _trimmed(text, start, stop)
        start = stop + 1


def _rows(text: str, block: Block) -> Iterator[Span]:
    if block.body > block.start:
        yield from _trimmed(text, block.start, block.body)
    yield from lines(text, block.body, block.end)


def _code(text: str, block: Block) -> Iterator[Span]:
    if text.count("\n", block.start, block.end) < CODE_LINES:
        yield from _trimmed(text, block.start, block.end)
    else:
        yield from lines(text, block.start, block.end)


def _prose(text: str, block: Block) -> Iterator[Span]:
    start = block.start
    marker = ITEM.match(text, start, block.end)
    search_from = marker.end() if marker else start
    for end in _ends(text, search_from, block.end):
        yield from _trimmed(text, start, end)
        start = end
    yield from _trimmed(text, start, block.end)


def _ends(text: str, start: int, stop: int) -> Iterator[int]:
    for found in _END.finditer(text, start, stop):
        if found["mark"] is None or _closes(text, start, found, stop):
            yield found.end()


def _closes(text: str, start: int, found: re.Match[str], stop: int) -> bool:
    """Whether a full stop (or another mark before white space) closes a sentence."""
    following = _NEXT.match(text, found.end(), min(stop, found.end() + 200))
    word = following[1] if following else ""
    if word[:1].islower():
        return False
    if found["mark"] != ".":
        return True
    before = _WORD_BEFORE.search(text, max(start, found.start() - 30), found.start())
    return not _abbreviates(before[0] if before else "", word)


def _abbreviates(token: str, word: str) -> bool:
    """Whether ``token`` with a full stop is an abbreviation that ``word`` continues."""
    name = token.lower().strip("'’-")
    if name in _NEVER_LAST:
        return True
    if name in _BEFORE_NUMBER:
        return word[:1].isdigit()
    if name in _MAYBE_LAST:
        return word.lower() not in _STARTERS
    is_initial = len(name) == 1 and token.isalpha() and token.isupper() and name != "i"
    return is_initial and word.lower() not in _STARTERS
