"""Reads RTF documents: their code pages, tables, numbers of lists, notes and comments."""

from stook.knowledge.ingestion.parsing.rtf.document import read

__all__ = ["read"]
