"""Reads XLS workbooks: cells as they are displayed, comments, merged and hidden ones."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import xlrd

from stook.errors import UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion.parsing import number_formats
from stook.knowledge.ingestion.parsing.grids import Row, Sheet, hidden_sheets, markdown
from stook.knowledge.ingestion.parsing.parsed import Facts, Read


def read(content: bytes) -> Read:
    """A workbook as Markdown. Raises UnreadableDocument."""
    try:
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, logfile=io.StringIO()
        )
        sheets = [_sheet(book, sheet) for sheet in book.sheets()]
        text = markdown(sheets)
    except Exception as error:  # the library fails in many ways on damaged files
        encrypted = "encrypted" in str(error).lower()
        reason = UnreadableReason.ENCRYPTED if encrypted else UnreadableReason.BROKEN
        raise UnreadableDocument(reason) from error
    notes = hidden_sheets(sum(sheet.hidden for sheet in sheets))
    return Read(text, Facts(author=str(book.user_name or "").strip()), notes, by_name=True)


def _sheet(book: Any, sheet: Any) -> Sheet:
    notes = {
        (row + 1, column + 1): " ".join(note.text.split())
        for (row, column), note in sheet.cell_note_map.items()
        if note.text.strip()
    }
    return Sheet(
        name=sheet.name,
        rows=list(_rows(book, sheet)),
        hidden=bool(sheet.visibility),
        merged=[(top + 1, end, left + 1, right) for top, end, left, right in sheet.merged_cells],
        hidden_columns=frozenset(
            column + 1 for column, info in sheet.colinfo_map.items() if info.hidden
        ),
        comments=notes,
    )


def _rows(book: Any, sheet: Any) -> Iterator[Row]:
    for number in range(sheet.nrows):
        cells = {
            column + 1: words
            for column, cell in enumerate(sheet.row(number))
            if (words := _shown(book, cell))
        }
        info = sheet.rowinfo_map.get(number)
        yield Row(number + 1, cells, bool(info and info.hidden))


def _shown(book: Any, cell: Any) -> str:
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return ""
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#ERROR"))
    code = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return number_formats.shown_text(str(cell.value), code)
    try:
        return number_formats.shown(cell.value, code, since_1904=bool(book.datemode))
    except (ValueError, OverflowError, ArithmeticError):
        return number_formats.general(cell.value)
