"""Reads DOCX documents as they are displayed: numbers of clauses, notes, comments, drawings."""

from stook.knowledge.ingestion.parsing.word.document import read

__all__ = ["read"]
