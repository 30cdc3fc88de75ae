"""Documents, people, and the pieces of text that are quoted from them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from stook.client.models.base import Items, Model, Open


class Person(Model):
    """A person, as far as the server tells."""

    name: str = ""
    obfuscated_id: str = ""


class DocumentMetadata(Model):
    """What is known of a document besides its text."""

    datasource: str | None = None
    object_type: str | None = None
    container: str | None = None
    mime_type: str | None = None
    document_id: str | None = None
    create_time: datetime | None = None
    update_time: datetime | None = None
    author: Person | None = None
    owner: Person | None = None


class DocumentContent(Model):
    """A document's text, in one or more parts."""

    full_text_list: Items[str] = ()


class Document(Model):
    """A document that the caller may see."""

    id: str | None = None
    datasource: str | None = None
    doc_type: str | None = None
    title: str | None = None
    url: str | None = None
    metadata: DocumentMetadata | None = None
    content: DocumentContent | None = None

    @property
    def text(self) -> str:
        """The document's text, empty unless it was asked for."""
        return "".join(self.content.full_text_list) if self.content else ""


class TextRangeType(StrEnum):
    """What a range of text is marked as."""

    BOLD = "BOLD"
    CITATION = "CITATION"
    HIGHLIGHT = "HIGHLIGHT"
    LINK = "LINK"


class TextRange(Model):
    """A range of a text in code points: ``text[start_index:end_index]``."""

    start_index: int
    end_index: int | None = None
    type: Open[TextRangeType] | None = None
    url: str | None = None


class Snippet(Model):
    """Words of a document, verbatim."""

    text: str | None = None
    snippet: str | None = None
    mime_type: str | None = None
    url: str | None = None
    ranges: Items[TextRange] = ()

    @property
    def quote(self) -> str:
        """The words, under whichever of the two names the server sent them."""
        return self.text or self.snippet or ""


class DocumentSpec(Model):
    """Names a document or container, by its id or by its URL."""

    id: str | None = None
    url: str | None = None

    @classmethod
    def of(cls, name: str) -> DocumentSpec:
        """The spec for ``name``: a URL has ``://`` in it, an id has not."""
        return cls(url=name) if "://" in name else cls(id=name)
