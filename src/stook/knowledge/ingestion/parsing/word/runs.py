"""The characters of a Word paragraph: what is displayed, without what is deleted or hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from stook.knowledge.ingestion.parsing import inline, places, symbols
from stook.knowledge.ingestion.parsing.word import formulas
from stook.knowledge.ingestion.parsing.word.elements import MATH, R, W, child, is_on, value
from stook.knowledge.ingestion.parsing.word.styles import Style, Styles

DEEPEST_FIELDS = 50

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_CHECKED = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SIGNS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
_PAGE_NUMBERS = ("PAGE", "NUMPAGES", "SECTIONPAGES")
_PASSED_OVER = frozenset(
    f"{W}{name}"
    for name in (
        "del", "moveFrom", "delText", "rPr", "pPr", "sdtPr", "sdtEndPr", "p", "tbl", "txbxContent",
        "softHyphen", "annotationRef", "footnoteRef", "endnoteRef",
    )
) | {f"{_CHECKED}Fallback"}  # fmt: skip


@dataclass(slots=True)
class _Field:
    """A field that is open: its instruction, and whether its result has begun."""

    instruction: str = ""
    in_result: bool = False

    @property
    def is_page_number(self) -> bool:
        return self.instruction.strip().upper().split(" ")[0] in _PAGE_NUMBERS


@dataclass(slots=True)
class Beside:
    """What stands beside the text and is shown in it: by reference, the words."""

    notes: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)


class Runs:
    """Reads the runs of paragraphs, in the order of the document: fields may cross paragraphs."""

    def __init__(self, styles: Styles, beside: Beside) -> None:
        self._styles = styles
        self._beside = beside
        self._fields: list[_Field] = []
        self._page = 1
        self.counts_pages = False
        self.page_numbers = 0  # fields of page numbers so far
        self._readers: dict[str, Callable[[Any, Style], Iterator[str]]] = {
            f"{W}r": self._run,
            f"{W}hyperlink": self._hyperlink,
            f"{W}ruby": self._ruby,
            f"{W}sym": self._symbol,
            f"{W}fldSimple": self._simple_field,
            f"{W}fldChar": self._field_mark,
            f"{W}instrText": self._instruction,
            f"{W}br": self._break,
            f"{W}lastRenderedPageBreak": self._page_break,
            f"{W}footnoteReference": self._note,
            f"{W}endnoteReference": self._note,
            f"{W}commentReference": self._comment,
            f"{_DRAWING}docPr": self._alternative,
            f"{MATH}oMath": self._formula,
        }

    def text(self, parent: Any, style: Style) -> str:
        """The characters of a paragraph."""
        return inline.joined("".join(self._pieces(parent, style)))

    def _pieces(self, parent: Any, style: Style) -> Iterator[str]:
        for element in parent.iterchildren(tag=None):
            tag = element.tag
            if tag in _PASSED_OVER or not isinstance(tag, str):
                continue
            if reader := self._readers.get(tag):
                yield from reader(element, style)
            elif tag == f"{W}t":
                yield element.text or ""
            elif sign := _SIGNS.get(tag.removeprefix(W)):
                yield sign
            else:
                yield from self._pieces(element, style)

    # --- runs ---------------------------------------------------------------------------------

    def _run(self, run: Any, style: Style) -> Iterator[str]:
        properties = child(run, "rPr")
        if properties is None and not (style.hidden or style.struck or self._fields):
            yield from self._pieces(run, style)
            return
        hidden, struck = style.hidden, style.struck
        if properties is not None:
            own = self._styles.of_run(properties)
            hidden = _or_else(is_on(properties, "vanish"), hidden or own.hidden)
            struck = _or_else(is_on(properties, "strike"), struck or own.struck)
            struck = struck or bool(is_on(properties, "dstrike"))
        words = "".join(self._pieces(run, style))
        if hidden or not self._shows(run):
            return
        if properties is not None:
            words = _as_written(words, properties)
        yield inline.struck(words) if struck else words

    def _shows(self, run: Any) -> bool:
        """Whether a run is no part of a page number, nor of the instruction of a field."""
        if child(run, "fldChar") is not None:
            return True
        return all(one.in_result and not one.is_page_number for one in self._fields)

    def _hyperlink(self, link: Any, style: Style) -> Iterator[str]:
        words = "".join(self._pieces(link, style))
        target = self._beside.links.get(link.get(f"{R}id", ""), "")
        yield inline.linked(words, target)

    def _ruby(self, ruby: Any, style: Style) -> Iterator[str]:
        """A word, and then how it is read."""
        base, reading = child(ruby, "rubyBase"), child(ruby, "rt")
        yield "" if base is None else "".join(self._pieces(base, style))
        words = "" if reading is None else "".join(self._pieces(reading, style)).strip()
        yield f"({words})" if words else ""

    def _symbol(self, element: Any, _style: Style) -> Iterator[str]:
        code = element.get(f"{W}char", "")
        try:
            yield symbols.sign(element.get(f"{W}font", ""), int(code, 16))
        except ValueError:
            return

    # --- fields -------------------------------------------------------------------------------

    def _simple_field(self, element: Any, style: Style) -> Iterator[str]:
        opened = _Field(element.get(f"{W}instr", ""), in_result=True)
        self.page_numbers += opened.is_page_number
        if not opened.is_page_number:
            yield from self._pieces(element, style)

    def _field_mark(self, element: Any, _style: Style) -> Iterator[str]:
        kind = element.get(f"{W}fldCharType")
        if kind == "begin" and len(self._fields) < DEEPEST_FIELDS:
            self._fields.append(_Field())
            yield _form_value(element)
        elif kind == "separate" and self._fields:
            self._fields[-1].in_result = True
        elif kind == "end" and self._fields:
            self.page_numbers += self._fields.pop().is_page_number

    def _instruction(self, element: Any, _style: Style) -> Iterator[str]:
        if self._fields:
            self._fields[-1].instruction += (element.text or "")[:200]
        yield ""

    # --- pages --------------------------------------------------------------------------------

    def _break(self, element: Any, _style: Style) -> Iterator[str]:
        yield " " if element.get(f"{W}type") == "page" else "\n"

    def _page_break(self, _element: Any, _style: Style) -> Iterator[str]:
        """Where the program that saved the document began a page."""
        self._page += 1
        if self.counts_pages:
            yield places.mark(f"page {self._page}")

    # --- what stands beside -------------------------------------------------------------------

    def _note(self, element: Any, _style: Style) -> Iterator[str]:
        kind = element.tag.removeprefix(W).removesuffix("Reference")
        words = self._beside.notes.get(f"{kind} {element.get(f'{W}id')}", "")
        yield f" ({words}) " if words else ""

    def _comment(self, element: Any, _style: Style) -> Iterator[str]:
        words = self._beside.comments.pop(element.get(f"{W}id", ""), "")
        yield f" ({words}) " if words else ""

    def _alternative(self, element: Any, _style: Style) -> Iterator[str]:
        hidden = element.get("hidden") in ("1", "true")
        words = " ".join((element.get("descr") or "").split())
        yield f" {words} " if words and not hidden else ""

    def _formula(self, element: Any, _style: Style) -> Iterator[str]:
        yield f" {formulas.written(element)} "


def _or_else(said: bool | None, otherwise: bool) -> bool:
    return otherwise if said is None else said


def _as_written(words: str, properties: Any) -> str:
    """Words with the characters of symbol fonts, and raised figures apart from the others."""
    fonts = child(properties, "rFonts")
    font = "" if fonts is None else fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or ""
    words = symbols.spelled(words, font)
    return symbols.raised(words) if value(properties, "vertAlign") == "superscript" else words


def _form_value(begin: Any) -> str:
    """What a box or list of an older form says."""
    box = child(begin, "ffData/checkBox")
    if box is not None:
        checked = is_on(box, "checked")
        return "☒" if _or_else(checked, bool(is_on(box, "default"))) else "☐"
    choices = child(begin, "ffData/ddList")
    if choices is not None:
        entries = [entry.get(f"{W}val", "") for entry in choices.iterchildren(f"{W}listEntry")]
        chosen = value(choices, "result") or "0"
        at = int(chosen) if chosen.isdigit() else 0
        return entries[at] if at < len(entries) else ""
    return ""
