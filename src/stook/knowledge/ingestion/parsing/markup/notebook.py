"""Reads notebooks (Jupyter, nbformat 3 and 4): text, code, and what it printed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from stook.errors import UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion.parsing import canonical, places
from stook.knowledge.ingestion.parsing.markup.writing import fenced
from stook.knowledge.ingestion.parsing.parsed import Facts, Read

LONGEST_OUTPUT = 20_000  # characters of one output; the rest is most often a log

_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")

FromHtml = Callable[[bytes], str]


def read(written: str, from_html: FromHtml) -> Read:
    """A notebook as Markdown, with the places where its cells begin. Raises UnreadableDocument.

    ``from_html`` makes Markdown of an output that is in HTML.
    """
    try:
        book = json.loads(written)
    except (ValueError, RecursionError) as error:
        raise UnreadableDocument(UnreadableReason.BROKEN) from error
    if not isinstance(book, dict):
        raise UnreadableDocument(UnreadableReason.BROKEN)
    reading = _Reading(from_html, _language(book))
    parts = [
        part for number, cell in enumerate(_cells(book), 1) for part in reading.cell(number, cell)
    ]
    return Read("\n\n".join(parts), _facts(book), tuple(reading.notes()))


class _Reading:
    """What is the same for all cells, and what was left out of them."""

    def __init__(self, from_html: FromHtml, language: str) -> None:
        self._from_html = from_html
        self._language = language
        self._cut = 0
        self._pictures = 0

    def cell(self, number: int, cell: dict[str, Any]) -> Iterator[str]:
        """A cell's source, and the outputs of code."""
        source = _text(cell.get("source", cell.get("input"))).strip("\n")
        kind = cell.get("cell_type")
        here = places.mark(f"cell {number}")
        if kind == "code":
            language = str(cell.get("language") or self._language)
            yield here + "\n\n" + fenced(source, language) if source.strip() else here
            for output in _records(cell.get("outputs")):
                if said := self._output(output).strip():
                    yield said
        elif kind == "heading":
            yield f"{here}{'#' * min(6, max(1, _whole(cell.get('level'))))} {source}"
        elif source.strip():
            yield here + canonical.without_images(source)

    def _output(self, output: dict[str, Any]) -> str:
        if output.get("output_type") in ("error", "pyerr"):
            return f"{_text(output.get('ename'))}: {_text(output.get('evalue'))}"
        data = output.get("data")
        bundle = data if isinstance(data, dict) else {
            "text/html": output.get("html"), "text/plain": output.get("text"),
        }  # fmt: skip
        if markdown := _text(bundle.get("text/markdown")):
            return self._bounded(canonical.without_images(markdown))
        page = _text(bundle.get("text/html"))
        if "<table" in page and len(page) <= LONGEST_OUTPUT * 10:
            return self._from_html(page.encode())
        plain = _COLOURS.sub("", _text(bundle.get("text/plain"))).strip("\n")
        self._pictures += any(str(name).startswith("image/") for name in bundle)
        return fenced(self._bounded(plain)) if plain else ""

    def _bounded(self, text: str) -> str:
        self._cut += len(text) > LONGEST_OUTPUT
        return text[:LONGEST_OUTPUT]

    def notes(self) -> Iterator[str]:
        if self._cut:
            yield f"{self._cut} outputs are longer than {LONGEST_OUTPUT} characters and were cut"
        if self._pictures:
            yield f"{self._pictures} outputs are pictures, of which only the description was read"


def _cells(book: dict[str, Any]) -> list[dict[str, Any]]:
    """The cells; format 3 keeps them in worksheets."""
    if "cells" in book:
        return _records(book["cells"])
    sheets = _records(book.get("worksheets"))
    return [cell for sheet in sheets for cell in _records(sheet.get("cells"))]


def _records(values: object) -> list[dict[str, Any]]:
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []


def _text(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "".join(map(str, value))
    return value if isinstance(value, str) else ""


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 1


def _metadata(book: dict[str, Any]) -> dict[str, Any]:
    found = book.get("metadata")
    return found if isinstance(found, dict) else {}


def _language(book: dict[str, Any]) -> str:
    about = [_metadata(book).get("language_info"), _metadata(book).get("kernelspec")]
    names = [
        one.get("name" if one is about[0] else "language") for one in about if isinstance(one, dict)
    ]
    return next((name for name in names if isinstance(name, str)), "")


def _facts(book: dict[str, Any]) -> Facts:
    metadata = _metadata(book)
    authors = ", ".join(_text(one.get("name")) for one in _records(metadata.get("authors")))
    return Facts(title=_text(metadata.get("title")), author=authors)
