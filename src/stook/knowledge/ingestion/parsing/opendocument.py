"""Reads OpenDocument texts and presentations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from stook.knowledge.ingestion.parsing.packages import Package
from stook.knowledge.ingestion.parsing.structured import table

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_PRESENTATION = "{urn:oasis:names:tc:opendocument:xmlns:presentation:1.0}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"

_NOT_SHOWN = frozenset(
    {
        f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_OFFICE}forms",
        f"{_TEXT}sequence-decls", f"{_TEXT}index-title-template", f"{_TEXT}table-of-content",
        f"{_PRESENTATION}notes",
    }
)  # fmt: skip
_SPACES = {f"{_TEXT}s": " ", f"{_TEXT}tab": " ", f"{_TEXT}line-break": " "}
_WIDEST = 200  # how often a cell may be repeated; more are the empty rest of a sheet


def text(package: Package) -> str:
    """The text of an ODT as Markdown."""
    body = package.xml("content.xml").find(f"{_OFFICE}body")
    return "\n\n".join(_blocks(body, 0)) if body is not None else ""


def presentation(package: Package) -> str:
    """The text of an ODP as Markdown: a heading for each page's title."""
    pages = package.xml("content.xml").iter(f"{_DRAW}page")
    return "\n\n".join(block for page in pages for block in _blocks(page, 0))


def _blocks(parent: Any, depth: int) -> Iterator[str]:
    """The blocks inside an element; ``depth`` counts the lists around it."""
    for element in parent.iterchildren(tag=None):
        if not isinstance(element.tag, str) or element.tag in _NOT_SHOWN:
            continue
        if read := _READERS.get(element.tag):
            yield from read(element, depth)
        else:
            yield from _blocks(element, depth)


def _paragraph(element: Any, depth: int) -> Iterator[str]:
    if words := _words(element):
        yield words
    for box in element.iter(f"{_DRAW}text-box"):
        yield from _blocks(box, depth)


def _heading(element: Any, _depth: int) -> Iterator[str]:
    level = element.get(f"{_TEXT}outline-level", "1")
    if words := _words(element):
        yield f"{'#' * min(int(level) if level.isdigit() else 1, 6)} {words}"


def _list(element: Any, depth: int) -> Iterator[str]:
    lines = [line for item in element.iterchildren() for line in _item(item, depth)]
    if lines:
        yield "\n".join(lines)


def _item(item: Any, depth: int) -> Iterator[str]:
    mark = f"{'  ' * depth}- "
    for block in _blocks(item, depth + 1):
        nested = block.startswith("  " * (depth + 1) + "- ")
        yield block if nested else mark + block
        if not nested:
            mark = "  " * (depth + 1)


def _table(element: Any, _depth: int) -> Iterator[str]:
    rows = [_cells(row) for row in element.iter(f"{_TABLE}table-row") if _owner(row) is element]
    filled = [row for row in rows if any(row)]
    if filled:
        yield table(filled)


def _owner(row: Any) -> Any:
    return next(row.iterancestors(f"{_TABLE}table"), None)


def _cells(row: Any) -> list[str]:
    cells: list[str] = []
    for cell in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
        words = " ".join(filter(None, map(_words, cell.iter(f"{_TEXT}p", f"{_TEXT}h"))))
        repeated = cell.get(f"{_TABLE}number-columns-repeated", "1")
        cells += [words] * min(int(repeated) if repeated.isdigit() else 1, _WIDEST)
    return cells


def _frame(element: Any, depth: int) -> Iterator[str]:
    """A picture's alternative text, or what is in a text box; a slide's title is a heading."""
    blocks = list(_alternative(element)) + list(_inside(element, depth))
    is_title = element.get(f"{_PRESENTATION}class") == "title"
    yield from (f"## {block}" if is_title else block for block in blocks)


def _alternative(frame: Any) -> Iterator[str]:
    for tag in (f"{_SVG}title", f"{_SVG}desc"):
        found = frame.find(tag)
        if found is not None and found.text:
            yield " ".join(found.text.split())
            return


def _inside(frame: Any, depth: int) -> Iterator[str]:
    for element in frame.iterchildren(f"{_DRAW}text-box", f"{_TABLE}table"):
        yield from (
            _table(element, depth) if element.tag == f"{_TABLE}table" else _blocks(element, depth)
        )


def _words(element: Any) -> str:
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: Any) -> Iterator[str]:
    """The characters of a paragraph, without notes, comments and text boxes."""
    if element.text:
        yield element.text
    for child in element.iterchildren(tag=None):
        if child.tag == f"{_DRAW}frame":
            yield from (f" {words} " for words in _alternative(child))
        elif child.tag in _SPACES:
            yield " "
        elif child.tag == f"{_TEXT}note":
            yield from (f" ({_words(body)}) " for body in child.iter(f"{_TEXT}note-body"))
        elif isinstance(child.tag, str) and child.tag not in _NOT_SHOWN:
            yield from _pieces(child)
        if child.tail:
            yield child.tail


_READERS: dict[str, Callable[[Any, int], Iterator[str]]] = {
    f"{_TEXT}p": _paragraph,
    f"{_TEXT}h": _heading,
    f"{_TEXT}list": _list,
    f"{_TABLE}table": _table,
    f"{_DRAW}frame": _frame,
}
