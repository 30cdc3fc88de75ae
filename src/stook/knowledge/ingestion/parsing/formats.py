"""Reads each format into Markdown; runs in a worker process only."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from typing import Any

import kreuzberg

from stook.errors import UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion.parsing import (
    archives,
    calendars,
    canonical,
    captions,
    encodings,
    html,
    kinds,
    mail,
    old_powerpoint,
    old_word,
    old_workbook,
    ole,
    opendocument,
    outlook,
    pdf,
    pictures,
    powerpoint,
    rtf,
    sheets,
    structured,
    word,
    workbook,
)
from stook.knowledge.ingestion.parsing.dates import microseconds
from stook.knowledge.ingestion.parsing.markup.page import Page
from stook.knowledge.ingestion.parsing.ocr import Recognizer
from stook.knowledge.ingestion.parsing.options import Options
from stook.knowledge.ingestion.parsing.packages import Package
from stook.knowledge.ingestion.parsing.parsed import Facts, ParsedDocument, Read

_ESCAPED = re.compile(r"\\([!\"#$%&'()*+,\-./:;<=>?@\[\]^_`{}~])")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[\da-fA-F]{1,6}|[a-zA-Z]{2,8});")
_FIELD_CODE = re.compile(r"\s?\b(?:SEQ \w+|PAGE|NUMPAGES|REF \w+|HYPERLINK \S+) \\\* \w+\s?")


def read(content: bytes, kind: str, name: str, options: Options) -> ParsedDocument:
    """The document in some bytes that were recognised as ``kind``. Raises UnreadableDocument."""
    if kind in (kinds.ZIP, kinds.OLE):
        kind = kinds.open_container(content, kind, name, options.most_unpacked)
    recognizer = Recognizer(options.ocr_languages)
    if kind in kinds.ARCHIVES:
        found = archives.read(content, kind, name, pictures=not recognizer.why_not)
    elif kind == kinds.PDF:
        found = pdf.read(content, recognizer)
    elif kind in kinds.PICTURES:
        found = pictures.read(content, recognizer)
    elif kind in _OF_TEXT:
        found = _of_text(content, kind, name)
    else:
        found = _READERS.get(kind, _office)(content, kind)
    return canonical.document(found, name, kind)


def _of_text(content: bytes, kind: str, name: str) -> Read:
    decoded = encodings.decode(content)
    found = _OF_TEXT[kind](decoded.text, kind, name)
    return dataclasses.replace(found, notes=decoded.notes + found.notes)


def _extract(content: bytes, kind: str, output: str = "markdown") -> kreuzberg.ExtractionResult:
    config = kreuzberg.ExtractionConfig(
        use_cache=False,
        enable_quality_processing=False,
        output_format=output,
        concurrency=kreuzberg.ConcurrencyConfig(max_threads=1),
    )
    try:
        return kreuzberg.extract_bytes_sync(content, kind, config=config)
    except kreuzberg.KreuzbergError as error:
        raise UnreadableDocument(_reason(str(error).lower())) from error


def _reason(message: str) -> UnreadableReason:
    if any(word in message for word in ("password", "encrypted", "decrypt")):
        return UnreadableReason.ENCRYPTED
    if "security limit" in message or "exceeds" in message:
        return UnreadableReason.TOO_LARGE
    if "unsupported" in message:
        return UnreadableReason.UNSUPPORTED
    return UnreadableReason.BROKEN


def _office(content: bytes, kind: str) -> Read:
    result = _extract(content, kind)
    markdown = canonical.without_images(result.content)
    return Read(_unescaped(markdown), _facts(result.metadata))


def _unescaped(markdown: str) -> str:
    """Without the backslashes that keep a renderer from seeing marks: people read this text."""
    return _ESCAPED.sub(r"\1", markdown)


def _old_word(content: bytes, kind: str) -> Read:
    """A document in the old format; what defeats our reader may not defeat the other library."""
    try:
        return old_word.read(content, ole.facts(content))
    except UnreadableDocument:
        return _paragraphs(content, kind)


def _old_powerpoint(content: bytes, kind: str) -> Read:
    """A presentation in the old format; the other library reads some that are damaged."""
    try:
        return old_powerpoint.read(content)
    except UnreadableDocument as error:
        if error.reason is UnreadableReason.ENCRYPTED:
            raise
        return _paragraphs(content, kind)


def _paragraphs(content: bytes, kind: str) -> Read:
    """The old binary formats: each line is a paragraph; table cells are separated by tabs."""
    result = _extract(content, kind, "plain")
    lines = (_FIELD_CODE.sub(" ", line).strip() for line in result.content.splitlines())
    return Read("\n\n".join(line for line in lines if line), _facts(result.metadata))


def _mail(content: bytes, _kind: str) -> Read:
    return mail.read(content, lambda page: _html(page, kinds.HTML).text)


def _mailbox(content: bytes, _kind: str) -> Read:
    return mail.read_mailbox(content)


def _calendar(text: str, _kind: str, _name: str) -> Read:
    return Read(calendars.events(text), by_name=True)


def _captions(text: str, _kind: str, _name: str) -> Read:
    return captions.read(text)


def _rtf(content: bytes, _kind: str) -> Read:
    return rtf.read(content)


def _outlook(content: bytes, _kind: str) -> Read:
    return mail.of(outlook.message(content), lambda page: _html(page, kinds.HTML).text)


def _word(content: bytes, _kind: str) -> Read:
    return word.read(Package(content))


def _powerpoint(content: bytes, _kind: str) -> Read:
    return powerpoint.read(Package(content))


def _odt(content: bytes, _kind: str) -> Read:
    return opendocument.text(Package(content))


def _odp(content: bytes, _kind: str) -> Read:
    return opendocument.presentation(Package(content))


def _ods(content: bytes, _kind: str) -> Read:
    return opendocument.spreadsheet(Package(content))


def _spreadsheet(content: bytes, kind: str) -> Read:
    result = _extract(content, kind)
    text = sheets.regrouped(canonical.without_images(result.content))
    return Read(_unescaped(text), _facts(result.metadata))


def _workbook(content: bytes, _kind: str) -> Read:
    return workbook.read(Package(content))


def _old_workbook(content: bytes, kind: str) -> Read:
    """A workbook in the old format; Excel 4 and older are known to the other library only."""
    try:
        return old_workbook.read(content)
    except UnreadableDocument as error:
        if error.reason is UnreadableReason.ENCRYPTED:
            raise
        return _spreadsheet(content, kind)


def _html(content: bytes, kind: str) -> Read:
    page = html.clean(content)
    result = _extract(page.markup.encode(), kind)
    text = _unescaped(canonical.without_images(result.content))
    return Read(text, page.facts, page.notes)


def _from_page(page: Page) -> Read:
    return Read(_written(page.markup), page.facts, page.notes)


def _written(markup: str) -> str:
    """Markdown of a page that holds nothing but content."""
    plain = html.content_only(markup)
    result = _extract(plain.encode(), kinds.HTML)
    return _unescaped(canonical.without_images(result.content))


# Formats of text that is marked up; what reads them is loaded when it is needed.


def _asciidoc(text: str, _kind: str, _name: str) -> Read:
    from stook.knowledge.ingestion.parsing.markup import asciidoc

    return asciidoc.read(text)


def _latex(text: str, _kind: str, _name: str) -> Read:
    from stook.knowledge.ingestion.parsing.markup import latex

    return _from_page(latex.read(text))


def _manual(text: str, _kind: str, _name: str) -> Read:
    from stook.knowledge.ingestion.parsing.markup import manual

    return _from_page(manual.read(text))


def _notebook(text: str, _kind: str, _name: str) -> Read:
    from stook.knowledge.ingestion.parsing.markup import notebook

    return notebook.read(text, lambda page: _html(page, kinds.HTML).text)


def _org(text: str, _kind: str, _name: str) -> Read:
    from stook.knowledge.ingestion.parsing.markup import org

    return org.read(text)


def _restructured(text: str, _kind: str, _name: str) -> Read:
    from stook.knowledge.ingestion.parsing.markup import restructured

    return _from_page(restructured.read(text))


def _source(text: str, _kind: str, name: str) -> Read:
    from stook.knowledge.ingestion.parsing.markup import source

    return source.read(text, name)


def _xml(content: bytes, _kind: str) -> Read:
    from stook.knowledge.ingestion.parsing.markup import xml

    return xml.read(content, _written)


def _facts(metadata: Mapping[str, Any]) -> Facts:
    authors = metadata.get("authors") or [metadata.get("created_by") or ""]
    return Facts(
        title=str(metadata.get("title") or ""),
        author=", ".join(str(author) for author in authors if author),
        created_at=microseconds(str(metadata.get("created_at") or "")),
        updated_at=microseconds(str(metadata.get("modified_at") or "")),
    )


def _tables(text: str, kind: str, _name: str) -> Read:
    return Read(structured.delimited(text, "\t" if kind == kinds.TSV else ""))


def _json(text: str, kind: str, _name: str) -> Read:
    title, outline = structured.json_outline(text, lines=kind == kinds.JSON_LINES)
    return Read(outline, Facts(title=title))


_READERS: dict[str, Callable[[bytes, str], Read]] = {
    kinds.HTML: _html,
    kinds.EML: _mail,
    kinds.MBOX: _mailbox,
    kinds.MSG: _outlook,
    kinds.RTF: _rtf,
    kinds.DOCX: _word,
    kinds.DOC: _old_word,
    kinds.PPT: _old_powerpoint,
    kinds.PPTX: _powerpoint,
    kinds.ODP: _odp,
    kinds.ODT: _odt,
    kinds.ODS: _ods,
    kinds.XLSX: _workbook,
    kinds.XLSB: _spreadsheet,
    kinds.XLS: _old_workbook,
    kinds.XML: _xml,
}
_OF_TEXT: dict[str, Callable[[str, str, str], Read]] = {
    kinds.CALENDAR: _calendar,
    kinds.CAPTIONS: _captions,
    kinds.CSV: _tables,
    kinds.TSV: _tables,
    kinds.JSON: _json,
    kinds.JSON_LINES: _json,
    kinds.NOTEBOOK: _notebook,
    kinds.MANUAL: _manual,
    kinds.ASCIIDOC: _asciidoc,
    kinds.ORG: _org,
    kinds.LATEX: _latex,
    kinds.RESTRUCTURED: _restructured,
    kinds.SOURCE: _source,
}
