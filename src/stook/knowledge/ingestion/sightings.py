"""What connectors find, in one form: files, pages, and files within files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from stook.identity.permissions import Permissions
from stook.knowledge.ingestion.connectors.web import PageFound
from stook.knowledge.ingestion.parsing.parsed import Member
from stook.knowledge.store.documents import SourceDocument
from stook.knowledge.store.repository import Known

WITHIN, DEPTH = "within", "depth"  # details of a file within a file


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something a connector found. ``content`` reads its bytes; raises UnreadableDocument.

    ``formerly``: who might see it by rules that are others now.
    """

    external_id: str
    url: str
    name: str
    container: str
    mime_type: str | None
    modified_at: int | None
    permissions: Permissions
    details: dict[str, Any]
    content: Callable[[], Awaitable[bytes]]
    size: int = 0
    formerly: Permissions | None = None


def within(sighting: Sighting, member: Member, depth: int) -> Sighting:
    """A file within another one: whoever may see that one may see it."""

    async def content() -> bytes:
        return member.content

    return Sighting(
        external_id=f"{sighting.external_id}#{member.name}",
        url=f"{sighting.url}#{quote(member.name)}",
        name=member.name,
        container=sighting.external_id,
        mime_type=member.mime_type,
        modified_at=sighting.modified_at,
        permissions=sighting.permissions,
        details=sighting.details | {WITHIN: sighting.external_id, DEPTH: depth},
        content=content,
        size=len(member.encoded) * 3 // 4,
    )


def again(known: Known, around: Sighting) -> Sighting:
    """A known file within one that is as it was, which may have moved or got other readers."""
    return replace(
        around,
        external_id=known.external_id,
        url=around.url + quote(known.external_id.removeprefix(around.external_id), safe="#"),
        container=known.details[WITHIN],
        details=around.details | {name: known.details[name] for name in (WITHIN, DEPTH)},
    )


def shown(sighting: Sighting) -> str:
    """What a person knows it by."""
    return named(sighting.external_id, sighting.url, sighting.details)


def named(external_id: str, url: str, details: Mapping[str, Any]) -> str:
    """What a person knows a file by: its path or address, and its name within another file."""
    path = str(details.get("path") or url or external_id)
    inside = WITHIN in details and "path" in details
    return f"{path} › {external_id.rpartition('#')[2]}" if inside else path


def size(sighting: Sighting) -> int:
    """The bytes that it holds."""
    return sighting.size


def foreseen(sighting: Sighting) -> int:
    """The bytes of a file of a directory; of what only a run finds out, nobody was told."""
    return sighting.size if "path" in sighting.details and WITHIN not in sighting.details else 0


def unread(datasource: str, sighting: Sighting, known: Known) -> SourceDocument:
    """What ``repository.confirm`` takes: all that may change while the bytes stay."""
    return SourceDocument(
        datasource=datasource,
        external_id=sighting.external_id,
        title=known.title,
        url=sighting.url,
        mime_type=known.mime_type,
        text="",
        content_hash=known.content_hash,
        permissions=sighting.permissions,
        container=sighting.container,
        author=known.author,
        created_at=known.created_at,
        updated_at=known.updated_at,
        details=sighting.details,
    )


def of_page(found: PageFound, start: str, permissions: Permissions) -> Sighting:
    """A page that was fetched from a site that begins at ``start``."""

    async def content() -> bytes:
        return found.content

    return Sighting(
        external_id=found.url,
        url=found.url,
        name=found.name,
        container="",
        mime_type=found.mime_type,
        modified_at=found.modified_at,
        permissions=permissions,
        details={"start": start},
        content=content,
        size=len(found.content),
    )
