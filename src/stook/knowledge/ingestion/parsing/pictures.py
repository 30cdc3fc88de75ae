"""Reads pictures: what is written in them, by Tesseract."""

from __future__ import annotations

from stook.errors import UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion.parsing import pdf
from stook.knowledge.ingestion.parsing.ocr import Recognizer
from stook.knowledge.ingestion.parsing.parsed import Facts, Read

RECOGNISED = "it is a picture, read by Tesseract; it may err"


def read(content: bytes, recognizer: Recognizer) -> Read:
    """The text in a picture, which may have pages. Raises UnreadableDocument."""
    if recognizer.why_not:
        raise UnreadableDocument(UnreadableReason.UNSUPPORTED, recognizer.why_not)
    pages = recognizer.pages(content)
    if not any(page.words for page in pages):
        raise UnreadableDocument(UnreadableReason.EMPTY, "a picture without writing")
    text, title = pdf.arranged(pages)
    notes = (RECOGNISED, *recognizer.notes())
    return Read(text, Facts(title=title), notes, by_name=True)
