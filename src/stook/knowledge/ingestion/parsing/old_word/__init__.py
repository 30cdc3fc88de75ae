"""Reads DOC documents (Word 97 to 2003)."""

from stook.knowledge.ingestion.parsing.old_word.document import read

__all__ = ["read"]
