"""Reads DOCX documents: headings, paragraphs, lists, tables, notes, text boxes, formulas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from stook.errors import UnreadableDocument
from stook.knowledge.ingestion.parsing.packages import Package
from stook.knowledge.ingestion.parsing.structured import table

DOCUMENT = "word/document.xml"
MOST_COLUMNS = 200  # that a cell may say it spans

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_HEADING = re.compile(r"heading ?([1-9])", re.IGNORECASE)
_CODE = re.compile(r"(?:source ?code|code ?block|html preformatted|macro text)$", re.IGNORECASE)
_DELETED = frozenset({"del", "moveFrom", "instrText", "delText", "rPr", "pPr", "commentReference"})


@dataclass(frozen=True, slots=True)
class _Style:
    level: int = 0  # of a heading; 0 for other paragraphs
    is_code: bool = False
    is_list: bool = False


def text(package: Package) -> str:
    """The text of a DOCX as Markdown."""
    reader = _Reader(package)
    return "\n\n".join(_fenced(reader.document()))


def _fenced(blocks: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The blocks, with lines of code in a row between fences and items of a list together."""
    held: list[str] = []
    held_kind = ""
    for kind, words in [*blocks, ("", "")]:
        if held and kind != held_kind:
            lines = "\n".join(held)
            yield f"```\n{lines}\n```" if held_kind == "code" else lines
            held = []
        if kind in ("code", "item"):
            held.append(words)
        elif words:
            yield words
        held_kind = kind


class _Reader:
    """Walks the elements of one document."""

    def __init__(self, package: Package) -> None:
        self._root = package.xml(DOCUMENT)
        self._w = f"{{{_namespace(self._root)}}}"
        related = package.related(DOCUMENT)
        self._parts = {name.rpartition("/")[2]: name for name in related.values()}
        self._package = package
        self._styles = dict(self._read_styles())
        self._ordered = set(self._read_ordered())
        self._counts: dict[str, list[int]] = {}
        self._notes = dict(self._read_notes())

    def document(self) -> Iterator[tuple[str, str]]:
        body = self._root.find(f"{self._w}body")
        return self._blocks(body if body is not None else self._root)

    # --- parts beside the document -------------------------------------------------------------

    def _part(self, file: str) -> Any:
        """A part that this document may have; damage to it is no reason not to read the rest."""
        if file not in self._parts:
            return None
        try:
            return self._package.xml(self._parts[file])
        except UnreadableDocument:
            return None

    def _read_styles(self) -> Iterator[tuple[str, _Style]]:
        root = self._part("styles.xml")
        for style in () if root is None else root.iter(f"{self._w}style"):
            name = self._value(style, "name")
            heading = _HEADING.match(name)
            outline = self._value(style, "pPr/outlineLvl")
            level = int(heading[1]) if heading else 1 if name.lower() == "title" else 0
            if not level and outline.isdigit() and int(outline) < 9:
                level = int(outline) + 1
            listed = self._value(style, "pPr/numPr/numId") not in ("", "0")
            is_list = listed or name.startswith("List ")
            is_code = bool(_CODE.match(name))
            yield style.get(f"{self._w}styleId", ""), _Style(min(level, 6), is_code, is_list)

    def _read_ordered(self) -> Iterator[str]:
        """The numbers of the lists whose first level is counted and not bulleted."""
        root = self._part("numbering.xml")
        if root is None:
            return
        abstract = {
            item.get(f"{self._w}abstractNumId"): self._value(item, "lvl/numFmt")
            for item in root.iter(f"{self._w}abstractNum")
        }
        for item in root.iter(f"{self._w}num"):
            form = abstract.get(self._value(item, "abstractNumId"), "")
            if form not in ("bullet", "none", ""):
                yield item.get(f"{self._w}numId", "")

    def _read_notes(self) -> Iterator[tuple[str, str]]:
        for file, tag in (("footnotes.xml", "footnote"), ("endnotes.xml", "endnote")):
            root = self._part(file)
            for note in () if root is None else root.iter(f"{self._w}{tag}"):
                words = " ".join(words for _, words in self._blocks(note, notes=False))
                yield f"{tag} {note.get(f'{self._w}id')}", words

    # --- blocks --------------------------------------------------------------------------------

    def _blocks(self, parent: Any, *, notes: bool = True) -> Iterator[tuple[str, str]]:
        for element in parent.iterchildren(tag=None):
            if element.tag == f"{self._w}p":
                yield from self._paragraph(element, notes)
            elif element.tag == f"{self._w}tbl":
                yield "table", self._table(element)
            elif isinstance(element.tag, str) and self._local(element) not in _DELETED:
                yield from self._blocks(element, notes=notes)

    def _paragraph(self, paragraph: Any, notes: bool) -> Iterator[tuple[str, str]]:
        style = self._styles.get(self._value(paragraph, "pPr/pStyle"), _Style())
        characters = "".join(self._pieces(paragraph, notes))
        words = "\n".join(" ".join(line.split()) for line in characters.split("\n")).strip()
        number = self._value(paragraph, "pPr/numPr/numId")
        if style.is_code and characters.strip():
            yield "code", characters.rstrip()
        elif words and style.level:
            yield "heading", f"{'#' * style.level} {' '.join(words.split())}"
        elif words and number != "0" and (number or style.is_list):
            level = min(int(self._value(paragraph, "pPr/numPr/ilvl") or 0), 9)
            mark = self._count(number, level) if number in self._ordered else "-"
            yield "item", f"{'  ' * level}{mark} {' '.join(words.split())}"
        elif words:
            yield "paragraph", words
        for box in self._boxes(paragraph):
            yield from self._blocks(box)

    def _count(self, number: str, level: int) -> str:
        """The next number on one level of a list; deeper levels begin again."""
        counts = self._counts.setdefault(number, [0] * 10)
        counts[level] += 1
        counts[level + 1 :] = [0] * (9 - level)
        return f"{counts[level]}."

    def _boxes(self, paragraph: Any) -> Iterator[Any]:
        """Text boxes, once each: older programs' copies of them are passed over."""
        for box in paragraph.iter(f"{self._w}txbxContent"):
            if next(box.iterancestors(_FALLBACK), None) is None:
                yield box

    def _table(self, grid: Any) -> str:
        rows: list[list[str]] = []
        for row in grid.iter(f"{self._w}tr"):
            if next(row.iterancestors(f"{self._w}tbl"), None) is grid:
                rows.append(self._row(row, rows[-1] if rows else []))
        return table([row for row in rows if any(row)])

    def _row(self, row: Any, above: list[str]) -> list[str]:
        """The cells of a row; a cell that goes on from the row above repeats its words."""
        cells: list[str] = []
        for cell in row.iter(f"{self._w}tc"):
            if next(cell.iterancestors(f"{self._w}tr"), None) is not row:
                continue
            merged = self._find(cell, "tcPr/vMerge")
            goes_on = merged is not None and merged.get(f"{self._w}val") != "restart"
            words = above[len(cells)] if goes_on and len(cells) < len(above) else self._inside(cell)
            span = self._value(cell, "tcPr/gridSpan")
            cells += [words] * min(int(span) if span.isdigit() else 1, MOST_COLUMNS)
        return cells

    def _inside(self, cell: Any) -> str:
        pieces = (self._pieces(paragraph, True) for paragraph in cell.iter(f"{self._w}p"))
        return " ".join(" ".join("".join(piece).split()) for piece in pieces).strip()

    # --- characters ----------------------------------------------------------------------------

    def _pieces(self, parent: Any, notes: bool) -> Iterator[str]:
        for element in parent.iterchildren(tag=None):
            if not isinstance(element.tag, str):
                continue
            name = self._local(element)
            if name in ("t", "tab", "br", "cr", "noBreakHyphen"):
                yield _CHARACTERS.get(name, element.text or "")
            elif name in ("footnoteReference", "endnoteReference"):
                key = f"{name.removesuffix('Reference')} {element.get(f'{self._w}id')}"
                yield f" ({self._notes[key]}) " if notes and self._notes.get(key) else ""
            elif element.tag == f"{_MATH}oMath":
                yield f" {''.join(part.text or '' for part in element.iter(f'{_MATH}t'))} "
            elif element.tag == f"{_DRAWING}docPr":
                yield f" {element.get('descr')} " if element.get("descr") else ""
            elif name not in _DELETED | {"p", "tbl", "txbxContent"} and element.tag != _FALLBACK:
                yield from self._pieces(element, notes)

    def _local(self, element: Any) -> str:
        return str(element.tag).removeprefix(self._w)

    def _find(self, element: Any, path: str) -> Any:
        return element.find("/".join(self._w + step for step in path.split("/")))

    def _value(self, element: Any, path: str) -> str:
        found = self._find(element, path)
        return "" if found is None else found.get(f"{self._w}val", "")


_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def _namespace(root: Any) -> str:
    return str(root.tag).rpartition("}")[0].lstrip("{") or _STRICT
