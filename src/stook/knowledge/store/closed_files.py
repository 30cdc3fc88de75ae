"""SQL of files that not everybody may see, by what is in them: to know one again that moved."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from stook.identity.access import ATTACHED
from stook.storage.tables import access_sets, documents


@dataclass(frozen=True, slots=True)
class ClosedFile:
    """A file that not everybody may see: where it was found, and its access set."""

    path: Path
    access_set_id: int


def find(connection: sa.Connection) -> dict[str, list[ClosedFile]]:
    """By the hash of their bytes; left out is what everybody may see under another name."""
    live = sa.and_(documents.c.withdrawn_at.is_(None), documents.c.datasource != ATTACHED)
    for_everyone = sa.select(access_sets.c.id).where(access_sets.c.everyone)
    is_open = documents.c.access_set_id.in_(for_everyone)
    seen_by_all = sa.select(documents.c.content_hash).where(live, is_open)
    query = (
        sa.select(documents.c.content_hash, documents.c.details, documents.c.access_set_id)
        .where(live, ~is_open, documents.c.content_hash.not_in(seen_by_all))
        .order_by(documents.c.id)
    )
    found: dict[str, list[ClosedFile]] = {}
    for row in connection.execute(query):
        if path := row.details.get("path"):
            found.setdefault(row.content_hash, []).append(ClosedFile(Path(path), row.access_set_id))
    return found
