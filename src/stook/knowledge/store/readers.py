"""Who may see a document."""

from __future__ import annotations

import sqlalchemy as sa

from stook.identity.access import visible_to
from stook.identity.people import directory
from stook.identity.principals import EVERYONE, Principal, Viewer
from stook.storage.tables import documents


def of(connection: sa.Connection, document_id: str) -> list[str] | None:
    """The addresses of all who may see a document, sorted; None: everybody who is signed in.

    Each active person is asked for by the one predicate that decides, so that this list and what
    they are shown never differ.
    """
    if _may_see(connection, EVERYONE, document_id):
        return None
    people = (user.email for user in directory(connection))
    return sorted(email for email in people if _may_see(connection, Principal(email), document_id))


def _may_see(connection: sa.Connection, viewer: Viewer, document_id: str) -> bool:
    query = sa.select(documents.c.id).where(documents.c.id == document_id, visible_to(viewer))
    return connection.execute(query).first() is not None
