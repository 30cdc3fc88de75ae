"""Opens the ZIP packages that office files are, and their XML."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from stook.errors import UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion.parsing.dates import microseconds
from stook.knowledge.ingestion.parsing.parsed import Facts

MOST_XML = 128 * 2**20  # bytes of one unpacked member, whatever the archive says of it

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_NAMES_AT = 8192  # bytes at a member's beginning in which its namespaces are named

_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"


class Package:
    """The members of one office file. Every method raises UnreadableDocument where it is broken."""

    def __init__(self, content: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except zipfile.BadZipFile as error:
            raise UnreadableDocument(UnreadableReason.BROKEN) from error
        self._names = set(self._archive.namelist())

    def xml(self, name: str) -> Any:
        """The root element of a member; without entities, without a look at any other file."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        try:
            with self._archive.open(name) as member:
                content = member.read(MOST_XML + 1)
            if len(content) > MOST_XML:
                raise UnreadableDocument(UnreadableReason.TOO_LARGE, "when unpacked")
            return etree.fromstring(_transitional(content), parser)
        except (etree.XMLSyntaxError, KeyError, zipfile.BadZipFile, OSError, ValueError) as error:
            raise UnreadableDocument(UnreadableReason.BROKEN) from error

    def has(self, name: str) -> bool:
        """Whether there is such a member."""
        return name in self._names

    def main_part(self, usual: str) -> str:
        """The member that an OOXML package names as its document; ``usual`` where it names none."""
        for relation in self.xml("_rels/.rels").iter(_RELATION) if self.has("_rels/.rels") else ():
            if relation.get("Type", "").endswith("/officeDocument"):
                name = str(posixpath.normpath("/" + relation.get("Target", ""))).lstrip("/")
                if name in self._names:
                    return name
        return usual

    def related(self, name: str) -> dict[str, str]:
        """The members that an OOXML member refers to, by the identifier it uses for them."""
        folder, file = posixpath.split(name)
        relations = f"{folder}/_rels/{file}.rels"
        if relations not in self._names:
            return {}
        return {
            relation.get("Id", ""): posixpath.normpath(
                posixpath.join("/" + folder, relation.get("Target", ""))
            ).lstrip("/")
            for relation in self.xml(relations).iter(_RELATION)
            if relation.get("TargetMode") != "External"
        }

    def links(self, name: str) -> dict[str, str]:
        """The addresses that an OOXML member refers to, by the identifier it uses for them."""
        folder, file = posixpath.split(name)
        relations = f"{folder}/_rels/{file}.rels"
        if relations not in self._names:
            return {}
        return {
            relation.get("Id", ""): relation.get("Target", "")
            for relation in self.xml(relations).iter(_RELATION)
            if relation.get("TargetMode") == "External"
        }

    def facts(self, name: str) -> Facts:
        """Title, author and dates in an OOXML ``core.xml`` or an OpenDocument ``meta.xml``."""
        if name not in self._names:
            return Facts()
        root = self.xml(name)

        def first(*tags: str) -> str:
            return next((found.text for tag in tags for found in root.iter(tag) if found.text), "")

        return Facts(
            title=first(f"{_DC}title"),
            author=first(f"{_META}initial-creator", f"{_DC}creator"),
            created_at=microseconds(first(f"{_TERMS}created", f"{_META}creation-date")),
            updated_at=microseconds(first(f"{_TERMS}modified", f"{_DC}date")),
        )


def _transitional(content: bytes) -> bytes:
    """OOXML of the strict kind under the names of the usual one: the elements are the same."""
    head = content[:_NAMES_AT]
    if b"purl.oclc.org/ooxml/" not in head:
        return content
    return _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", head) + content[_NAMES_AT:]
