"""Turns files of many formats into canonical text, each in a process that may fail alone."""

from stook.knowledge.ingestion.parsing.parsed import ParsedDocument
from stook.knowledge.ingestion.parsing.parser import Parser

__all__ = ["ParsedDocument", "Parser"]
