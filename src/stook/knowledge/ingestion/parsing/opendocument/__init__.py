"""Reads OpenDocument texts, presentations and sheets as they are displayed."""

from stook.knowledge.ingestion.parsing.opendocument.document import presentation, text
from stook.knowledge.ingestion.parsing.opendocument.sheets import spreadsheet

__all__ = ["presentation", "spreadsheet", "text"]
