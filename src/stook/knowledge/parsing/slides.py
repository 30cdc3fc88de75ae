"""Reads presentations from their XML: ODP, and PPTX that kreuzberg refuses."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from stook.errors import UnreadableDocument, UnreadableReason
from stook.knowledge.parsing.structured import table

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_ODF_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_ODF_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_PRESENTATION = "{urn:oasis:names:tc:opendocument:xmlns:presentation:1.0}"
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")


def powerpoint(content: bytes) -> str:
    """The text of a PPTX: a heading for each slide's title, paragraphs, tables."""
    with _archive(content) as archive:
        numbered = ((_SLIDE.fullmatch(name), name) for name in archive.namelist())
        names = sorted((int(found[1]), name) for found, name in numbered if found)
        slides = [_parse(archive, name) for _, name in names]
    return "\n\n".join(part for slide in slides for part in _powerpoint_slide(slide))


def impress(content: bytes) -> str:
    """The text of an ODP: a heading for each page's title, paragraphs, tables."""
    with _archive(content) as archive:
        root = _parse(archive, "content.xml")
    return "\n\n".join(part for page in root.iter(f"{_DRAW}page") for part in _impress_page(page))


def _archive(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise UnreadableDocument(UnreadableReason.BROKEN) from error


def _parse(archive: zipfile.ZipFile, name: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(archive.read(name), parser)
    except (etree.XMLSyntaxError, KeyError, zipfile.BadZipFile, OSError) as error:
        raise UnreadableDocument(UnreadableReason.BROKEN) from error


def _powerpoint_slide(slide: Any) -> Iterator[str]:
    in_tables = {id(item) for grid in slide.iter(f"{_A}tbl") for item in grid.iter(f"{_A}p")}
    for shape in slide.iter():
        if shape.tag == f"{_A}tbl":
            yield table(
                [[_drawn(cell) for cell in row.iter(f"{_A}tc")] for row in shape.iter(f"{_A}tr")]
            )
        elif shape.tag == f"{_P}sp":
            mark = "## " if _is_title(shape) else ""
            paragraphs = [p for p in shape.iter(f"{_A}p") if id(p) not in in_tables]
            yield from (mark + words for p in paragraphs if (words := _drawn(p)))


def _is_title(shape: Any) -> bool:
    place = shape.find(f".//{_P}ph")
    return place is not None and place.get("type") in ("title", "ctrTitle")


def _drawn(element: Any) -> str:
    return " ".join("".join(run.text or "" for run in element.iter(f"{_A}t")).split())


def _impress_page(page: Any) -> Iterator[str]:
    for frame in page:
        if frame.tag == f"{_PRESENTATION}notes":
            continue
        grids = list(frame.iter(f"{_ODF_TABLE}table"))
        for grid in grids:
            rows = grid.iter(f"{_ODF_TABLE}table-row")
            yield table(
                [[_written(c) for c in row.iter(f"{_ODF_TABLE}table-cell")] for row in rows]
            )
        if not grids:
            mark = "## " if frame.get(f"{_PRESENTATION}class") == "title" else ""
            yield from (mark + words for p in _odf_paragraphs(frame) if (words := _written(p)))


def _cells(row: Any) -> list[str]:
    return [_written(cell) for cell in row.iter(f"{_ODF_TABLE}table-cell")]


def _odf_paragraphs(element: Any) -> Iterator[Any]:
    return (part for part in element.iter() if part.tag in (f"{_ODF_TEXT}p", f"{_ODF_TEXT}h"))


def _written(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())
