"""Makes Markdown of an RTF document, group by group."""

from __future__ import annotations

import copy
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from stook.knowledge.ingestion.parsing import inline, symbols
from stook.knowledge.ingestion.parsing.parsed import Facts, Read
from stook.knowledge.ingestion.parsing.rtf.flow import PAGE_NUMBER, Flow
from stook.knowledge.ingestion.parsing.rtf.fonts import Font, Fonts

MOST_GROUPS = 100_000  # that may be open at once; deeper ones are read as if they were not
LONGEST_INSTRUCTION = 2_000

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})"
    rb"|\\(?P<sign>[^a-zA-Z'])|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)
_HEADING = re.compile(r"heading ?([1-9])", re.IGNORECASE)
_TARGET = re.compile(r'\s*HYPERLINK\s+(?:\\l\s+)?"([^"]{1,500})"', re.IGNORECASE)
_OF_PAGE = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b", re.IGNORECASE)

_SIGNS = {
    "tab": "\t", "line": "\n", "lbr": "\n", "emdash": "—", "endash": "–", "lquote": "‘",
    "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ",
    "enspace": " ", "qmspace": " ", "page": "\n", "softline": "\n",
}  # fmt: skip
_ESCAPED = {b"~": "\u00a0", b"_": "-", b"\t": "\t"}
_SKIPPED = "skipped"
_HEADERS = dict.fromkeys(("header", "headerl", "headerr", "headerf"), "Header")
_HEADERS |= dict.fromkeys(("footer", "footerl", "footerr", "footerf"), "Footer")
_NOTES = ("footnote", "annotation")
_LABELS = ("listtext", "pntext")
_NAMED = frozenset(
    ("fonttbl", "stylesheet", "title", "author", "creatim", "revtim", "fldinst", "atnauthor")
) | frozenset(_LABELS)
_SEEN_THROUGH = frozenset(
    "info field fldrslt shp shpgrp shpinst shptxt dptxbxtext do result nesttableprops".split()
)  # their content is text of the flow around them
_PASSED_OVER = frozenset(
    "colortbl pict object objdata themedata colorschememapping latentstyles datastore listtable "
    "listoverridetable rsidtbl generator xmlnstbl bkmkstart bkmkend sp sn sv xe tc rxe txe pn "
    "pntxta pntxtb revtbl filetbl atnid atndate atnref atntime atnparent atnicn atrfstart atrfend "
    "ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn datafield formfield private nonesttables "
    "shprslt template comment keywords subject doccomm operator company manager category "
    "printim buptim hlinkbase upr listname".split()
)
_OLD_PAGES = {"mac": "mac-roman", "pc": "cp437", "pca": "cp850"}
_FONT_WORDS = frozenset(("ansicpg", "uc", "deff", "f", "fcharset", "cpg", *_OLD_PAGES))
_DATES = ("yr", "mo", "dy", "hr", "min")


@dataclass(slots=True)
class _State:
    """What holds in a group; a group begins with that of the group around it."""

    flow: Flow
    kind: str = ""  # "" where text goes to the flow; else what the text is
    opened: str = ""  # the word that made this group more than a part of the text around it
    font: int = 0
    skip: int = 1  # characters that stand in for one in Unicode
    hidden: bool = False
    deleted: bool = False
    struck: bool = False
    raised: bool = False
    style: int = 0
    outline: int = -1
    depth: int = 0  # in a list
    in_table: bool = False
    begins: bool = False  # nothing but a star was said yet in this group
    starred: bool = False


def read(content: bytes) -> Read:
    """A document as Markdown; a damaged one as far as it goes."""
    reader = _Reader()
    at = 0
    while token := _TOKEN.match(content, at):
        at = token.end()
        if token["word"] == b"bin":
            at += max(int(token["number"] or 0), 0)
        else:
            reader.take(token)
    return Read("\n\n".join(reader.blocks()), reader.facts())


class _Reader:
    """Takes the tokens of one document."""

    def __init__(self) -> None:
        self._fonts = Fonts()
        self._body = Flow()
        self._around: dict[str, dict[str, None]] = {"Header": {}, "Footer": {}}
        self._state = _State(self._body)
        self._stack: list[_State] = []
        self._raw = bytearray()  # of the run that is open
        self._skip = 0  # characters still to pass over, as Unicode said them already
        self._high = 0  # the first half of a character that takes two
        self._said = dict.fromkeys(("title", "author", "atnauthor"), "")
        self._dates: dict[str, dict[str, int]] = {"creatim": {}, "revtim": {}}
        self._levels: dict[int, int] = {}  # of the styles that are headings
        self._usual_font = 0
        self._label: str | None = None  # what stands before the item of a list
        self._fields: list[tuple[str, int]] = []  # instructions, and where their results begin

    def blocks(self) -> Iterator[str]:
        """The document between its headers and its footers."""
        while self._stack:
            self._close()
        self._flush()
        body = list(self._body.blocks())
        yield from (f"Header: {words}" for words in self._around["Header"] if words)
        yield from body
        yield from (f"Footer: {words}" for words in self._around["Footer"] if words)

    def facts(self) -> Facts:
        """What the document says about itself."""
        created, updated = (_moment(self._dates[name]) for name in ("creatim", "revtim"))
        return Facts(self._said["title"].strip(), self._said["author"].strip(), created, updated)

    def take(self, token: re.Match[bytes]) -> None:
        """Read the next token."""
        if token["brace"] == b"{":
            self._flush()
            self._open()
        elif token["brace"]:
            self._close()
        elif self._state.kind == _SKIPPED:
            return
        elif token["word"] is not None:
            number = int(token["number"]) if token["number"] else None
            self._word(token["word"].decode(), number)
        elif token["sign"] is not None:
            self._sign(token["sign"])
        else:
            raw = token["text"] or bytes.fromhex((token["hex"] or b"").decode())
            self._state.begins = False
            self._raw += raw[self._skip :]
            self._skip = max(self._skip - len(raw), 0)

    def _sign(self, sign: bytes) -> None:
        if sign == b"*" and self._state.begins:
            self._state.starred = True
        elif sign in (b"\\", b"{", b"}"):
            self._raw += sign
        elif sign in (b"\r", b"\n"):
            self._end_paragraph()
        elif sign in _ESCAPED:
            self._write(_ESCAPED[sign])

    # --- groups -------------------------------------------------------------------------------

    def _open(self) -> None:
        self._skip = 0
        if len(self._stack) < MOST_GROUPS:
            self._stack.append(self._state)
            self._state = copy.copy(self._state)
            self._state.opened, self._state.begins, self._state.starred = "", True, False

    def _begin(self, word: str) -> bool:
        """Whether a word, the first of its group, makes the group more than a part of the text."""
        state = self._state
        if word in _HEADERS or word in _NOTES:
            state.flow, state.kind, state.in_table = Flow(), "", False
        elif word in _NAMED:
            state.kind = word
            self._label = "" if word in _LABELS else self._label
        elif word == "field":
            self._fields.append(("", 0))
        elif word == "fldrslt" and self._fields:
            self._begin_result()
        elif word in _PASSED_OVER or (state.starred and word not in _SEEN_THROUGH):
            state.kind = _SKIPPED
        elif word not in _SEEN_THROUGH:
            return False
        state.opened = word
        return True

    def _begin_result(self) -> None:
        instruction, _ = self._fields[-1]
        if _OF_PAGE.match(instruction):
            self._state.kind = _SKIPPED
            self._state.flow.write(PAGE_NUMBER)
        self._fields[-1] = (instruction, self._state.flow.position())

    def _close(self) -> None:
        self._flush()
        self._skip = 0
        if not self._stack:
            return
        ended, self._state = self._state, self._stack.pop()
        word = ended.opened
        if word in _HEADERS:
            self._around[_HEADERS[word]].setdefault("\n".join(ended.flow.blocks()))
        elif word in _NOTES:
            self._end_note(word, ended.flow.line())
        elif word == "field" and self._fields:
            self._fields.pop()
        elif word == "fldrslt" and self._fields:
            instruction, position = self._fields[-1]
            if target := _TARGET.match(instruction):
                ended.flow.link(position, target[1])

    def _end_note(self, kind: str, words: str) -> None:
        author, self._said["atnauthor"] = self._said["atnauthor"].strip(), ""
        if not words or self._state.kind:
            return
        if kind == "annotation":
            words = f"comment by {author}: {words}" if author else f"comment: {words}"
        self._state.flow.write(f" ({words}) ")

    # --- words --------------------------------------------------------------------------------

    def _word(self, word: str, number: int | None) -> None:
        state = self._state
        begins, state.begins = state.begins, False
        if begins and self._begin(word):
            return
        if word == "u":
            self._unicode((number or 0) % 0x10000)
        elif sign := _SIGNS.get(word):
            self._write(sign)
        elif word in ("par", "sect", "nestcell"):
            self._end_paragraph()
        elif word in ("cell", "row"):
            self._flush()
            state.flow.end_cell() if word == "cell" else state.flow.end_row()
            self._label = None
        elif word in _FONT_WORDS:
            self._flush()
            self._fonts_say(word, number or 0)
        elif word in self._dates.get(state.kind, {}) or word in _DATES:
            self._dates.get(state.kind, {})[word] = number or 0
        else:
            self._look(word, number)

    def _fonts_say(self, word: str, number: int) -> None:
        state = self._state
        if word == "ansicpg":
            self._fonts.use_page(number)
        elif word in _OLD_PAGES:
            self._fonts.usual = _OLD_PAGES[word]
        elif word == "uc":
            state.skip = max(0, min(number, 10))
        elif word == "deff":
            self._usual_font = state.font = number
        elif word == "f":
            state.font = number
            if state.kind == "fonttbl":
                self._fonts.known[number] = Font()
        elif state.kind == "fonttbl" and state.font in self._fonts.known:
            font = self._fonts.known[state.font]
            font.charset, font.page = (
                (number, font.page) if word == "fcharset" else (font.charset, number)
            )

    def _look(self, word: str, number: int | None) -> None:
        """Take what a word says of the characters and paragraphs that follow."""
        state, on = self._state, number != 0
        if word in ("v", "deleted", "strike", "striked", "super", "nosupersub", "sub", "plain"):
            self._flush()
        if word == "v":
            state.hidden = on
        elif word == "deleted":
            state.deleted = on
        elif word in ("strike", "striked"):
            state.struck = on
        elif word in ("super", "nosupersub", "sub"):
            state.raised = word == "super" and on
        elif word == "plain":
            state.hidden = state.struck = state.raised = False
            state.font = self._usual_font
        elif word == "pard":
            state.style, state.outline, state.depth, state.in_table = 0, -1, 0, False
        elif word == "s":
            state.style = number or 0
        elif word == "outlinelevel":
            state.outline = number or 0
        elif word == "ilvl":
            state.depth = max(0, min(number or 0, 8))
        elif word == "intbl":
            state.in_table = True

    # --- characters ---------------------------------------------------------------------------

    def _unicode(self, unit: int) -> None:
        self._flush()
        self._skip = self._state.skip
        if 0xD800 <= unit < 0xDC00:
            self._high = unit
        elif 0xDC00 <= unit < 0xE000:
            if self._high:
                self._write(chr(0x10000 + ((self._high - 0xD800) << 10) + unit - 0xDC00))
            self._high = 0
        else:
            font = self._fonts.known.get(self._state.font, Font())
            self._write(symbols.spelled(chr(unit), font.name))

    def _flush(self) -> None:
        """Write the run that is open: its bytes are characters of its font together."""
        if self._raw:
            raw, self._raw = bytes(self._raw), bytearray()
            self._write(self._fonts.decoded(raw, self._state.font))

    def _write(self, text: str) -> None:
        if self._raw:
            self._flush()
        state = self._state
        if not state.kind:
            if not (state.hidden or state.deleted):
                text = symbols.raised(text) if state.raised else text
                state.flow.write(inline.struck(text) if state.struck else text)
        elif state.kind in self._said:
            self._said[state.kind] += text
        elif state.kind in _LABELS and self._label is not None:
            self._label += text
        elif state.kind == "fldinst" and self._fields:
            instruction, position = self._fields[-1]
            self._fields[-1] = ((instruction + text)[:LONGEST_INSTRUCTION], position)
        elif state.kind == "fonttbl" and state.font in self._fonts.known:
            self._fonts.known[state.font].name += text.partition(";")[0]
        elif state.kind == "stylesheet" and (heading := _HEADING.match(text.strip())):
            self._levels[state.style] = int(heading[1])

    def _end_paragraph(self) -> None:
        self._flush()
        state = self._state
        if state.kind:
            return
        level = state.outline + 1 if 0 <= state.outline < 9 else self._levels.get(state.style, 0)
        state.flow.end_paragraph(
            level=level, label=self._label, depth=state.depth, in_table=state.in_table
        )
        self._label = None


def _moment(said: dict[str, int]) -> int | None:
    """Microseconds since the epoch of a date in its parts; None where it is none."""
    year, month, day, hour, minute = (said.get(name, 0) for name in _DATES)
    try:
        moment = datetime.datetime(year, month, day, hour, minute, tzinfo=datetime.UTC)
    except ValueError:
        return None
    return int(moment.timestamp() * 1_000_000)
