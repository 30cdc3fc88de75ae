"""Turns files of many formats into canonical text, each in a process that may fail alone."""

from stook.knowledge.parsing.parsed import ParsedDocument
from stook.knowledge.parsing.parser import Parser

__all__ = ["ParsedDocument", "Parser"]
