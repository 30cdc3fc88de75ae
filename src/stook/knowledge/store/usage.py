"""SQL of what documents are for: how often each is cited, and which have not changed for long."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import sqlalchemy as sa

from stook.identity.access import ATTACHED, visible_to
from stook.identity.principals import Viewer
from stook.storage import clock, pages
from stook.storage.pages import Order, Page, Place
from stook.storage.tables import citation_counts, documents

DAY = 86_400 * 1_000_000  # microseconds


class Kind(enum.StrEnum):
    """Which documents a list of their use is of."""

    MOST_CITED = "most_cited"
    NEVER_CITED = "never_cited"  # stored before the days that are looked at
    STALE = "stale"  # not changed in the days that are looked at, the oldest first


@dataclass(frozen=True, slots=True)
class Used:
    """A document, in how many answers it was cited, and when it was changed last."""

    id: str
    title: str
    datasource: str
    answers: int
    changed_at: int


def find(
    connection: sa.Connection, viewer: Viewer, kind: Kind, days: int, after: Place | None, size: int
) -> Page[Used]:
    """Documents that the viewer may see, by their use over so many days, today the last."""
    since = clock.now() // DAY - days + 1
    column = documents.c
    cited = (
        sa.select(citation_counts.c.document_id, sa.func.sum(citation_counts.c.answers).label("n"))
        .where(citation_counts.c.day >= since)
        .group_by(citation_counts.c.document_id)
        .subquery()
    )
    answers = sa.func.coalesce(cited.c.n, 0)
    changed = sa.func.coalesce(column.updated_at, column.created_at, column.stored_at)
    query = (
        sa.select(
            column.id,
            column.title,
            column.datasource,
            answers.label("answers"),
            changed.label("changed_at"),
        )
        .join(cited, cited.c.document_id == column.id, isouter=True)
        .where(visible_to(viewer), column.datasource != ATTACHED)
    )
    order = Order(changed, column.id)
    match kind:
        case Kind.MOST_CITED:
            query, order = query.where(answers > 0), Order(answers, column.id, descending=True)
        case Kind.NEVER_CITED:
            query = query.where(answers == 0, column.stored_at < since * DAY)
        case Kind.STALE:
            query = query.where(changed < since * DAY)
    page = pages.cut(connection, query, order, after, size)
    return Page([_used(row) for row in page.items], page.next)


def _used(row: sa.Row[tuple[str, str, str, int, int]]) -> Used:
    return Used(row.id, row.title, row.datasource, int(row.answers), row.changed_at)
